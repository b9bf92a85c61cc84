import { type Attach, execPaths, type Execution, type ExecEvents, type ExecWire } from './exec-wire.ts';
import { keepAlive, openSocket, type Socket } from './websocket.ts';

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const FAILURE = 3;
const RESIZE = 4;
const CLOSE = 255;
const V5 = 'v5.channel.k8s.io';

/** Protocol: `v5.channel.k8s.io`, or v4 before Kubernetes 1.30. The first byte of each message is its channel. */
export async function webSocketExec(execution: Execution): Promise<Attach> {
  const { transport, clock, request } = execution;
  const { what, path, tracePath } = execPaths(request);
  const protocols = [V5, 'v4.channel.k8s.io'];
  const socket = await openSocket(transport, clock, { path, tracePath, protocols, what, signal: request.signal, timeoutMs: undefined });
  return (events) => attached(execution, socket, events);
}

function attached({ transport, clock }: Execution, socket: Socket, events: ExecEvents): ExecWire {
  socket.on('message', (message: Buffer) => {
    events.heard();
    const payload = message.subarray(1);
    if (payload.length === 0) return;
    if (message[0] === STDOUT) events.stdout(payload);
    else if (message[0] === STDERR) events.stderr(payload);
    else if (message[0] === FAILURE) events.ended(payload.toString('utf8'));
  });
  socket.on('pong', events.heard);
  socket.on('close', events.broken);
  keepAlive(socket, transport, clock, events.silent);
  const sent = (channel: number, bytes: Buffer): Promise<void> =>
    new Promise((resolve) => {
      if (socket.readyState !== socket.OPEN) return resolve();
      // An error is followed by `close`, which tells what it means for the command.
      socket.send(Buffer.concat([Buffer.from([channel]), bytes]), () => resolve());
    });
  return {
    send: (bytes) => sent(STDIN, bytes),
    endInput() {
      // Version 4 cannot close stdin: the command has to end by itself.
      if (socket.protocol === V5) void sent(CLOSE, Buffer.from([STDIN]));
    },
    resize: (size) => void sent(RESIZE, Buffer.from(size)),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close: () => socket.terminate(),
  };
}
