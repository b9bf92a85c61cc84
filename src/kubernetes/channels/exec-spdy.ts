import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Attach, execPaths, type Execution, type ExecEvents, type ExecWire } from './exec-wire.ts';
import { watchSilence } from './silence.ts';
import { type SpdyConnection, spdyConnection } from './spdy.ts';
import { spdyUpgrade } from './spdy-upgrade.ts';

/**
 * Over SPDY, requested with POST: for users who may `create` but not `get`, and for gateways that do not pass WebSockets on. Source: client-go
 * `tools/remotecommand`, protocol `v4.channel.k8s.io`: a stream for each channel, the one for errors first.
 */
export async function spdyExec(execution: Execution): Promise<Attach> {
  const { transport, clock, request } = execution;
  const means = { transport, clock, signal: request.signal };
  const socket = await spdyUpgrade(means, { ...execPaths(request), protocol: 'v4.channel.k8s.io' });
  return (events) => attached(execution, socket, events);
}

function attached({ transport, clock, request }: Execution, socket: Socket, events: ExecEvents): ExecWire {
  const connection: SpdyConnection = spdyConnection(socket, {
    heard() {
      silence.heard();
      events.heard();
    },
    closed: () => silence.end(),
  });
  const silence = watchSilence(connection, transport, clock, events.silent);
  const open = (streamType: string): Duplex => connection.open({ streamType });
  const failure = open('error');
  failure.end();
  const stdin = request.stdin === undefined ? undefined : open('stdin');
  const outputs = [open('stdout').on('data', events.stdout)];
  if (request.terminal === undefined) outputs.push(open('stderr').on('data', events.stderr));
  const sizes = request.terminal === undefined ? undefined : open('resize');
  let status = '';
  failure.on('data', (chunk: Buffer) => {
    status += chunk.toString('utf8');
  });
  // The streams are apart: the command has ended once all of them have, also if the connection is closed before they are read.
  void Promise.all([failure, ...outputs].map(over)).then(() => (status === '' ? events.broken() : events.ended(status)));
  return {
    send: (bytes) =>
      new Promise((resolve) => {
        if (stdin === undefined || stdin.destroyed) return resolve();
        stdin.once('close', resolve);
        stdin.write(bytes, () => {
          stdin.off('close', resolve);
          resolve();
        });
      }),
    endInput: () => void stdin?.end(),
    resize: (size) => void sizes?.write(size),
    pause: () => outputs.forEach((stream) => stream.pause()),
    resume: () => outputs.forEach((stream) => stream.resume()),
    close: () => connection.close(),
  };
}

const over = (stream: Duplex): Promise<void> => new Promise((resolve) => stream.once('end', resolve).once('close', resolve));
