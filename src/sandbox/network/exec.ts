import type { WebSocket } from 'ws';
import type { SandboxClock } from '../base/clock.ts';
import type { ApiObject } from '../api/objects.ts';
import { lackOf, machineOf, shellOn } from '../pods/pod-machine.ts';
import type { Disk } from '../shell/disk.ts';
import { Input } from '../shell/input.ts';
import { notFound } from '../shell/shell.ts';
import { driven } from './driven.ts';
import { typedLines } from './typed-lines.ts';

/** Newest first: v5 can close stdin, v4 cannot. Source: k8s.io/apimachinery util/remotecommand. */
export const EXEC_PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const ERROR = 3;
const RESIZE = 4;
const CLOSE = 255;
/** Bytes of a message, as containerd sends them. */
const mostOfMessage = 32 << 10;

export interface ExecOptions {
  readonly command: readonly string[];
  readonly stdin: boolean;
  readonly tty: boolean;
}

export interface ExecPlace {
  readonly pod: ApiObject;
  readonly disk: Disk;
  /** Real time: programs that sleep do so as long as they say. */
  readonly clock: SandboxClock;
}

/** Runs a command in a pod over the channels of a WebSocket. */
export function serveExec(socket: WebSocket, { pod, disk, clock }: ExecPlace, { command, stdin, tty }: ExecOptions): void {
  const send = (channel: number, bytes: Buffer): void => {
    const all = tty && channel !== ERROR ? Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1') : bytes;
    for (let at = 0; at < all.length && socket.readyState === socket.OPEN; at += mostOfMessage)
      socket.send(Buffer.concat([Buffer.from([channel]), all.subarray(at, at + mostOfMessage)]));
  };
  const exit = (exitCode: number): void => {
    send(ERROR, Buffer.from(JSON.stringify(statusOf(exitCode))));
    socket.close(1000);
  };
  let size: readonly [number, number] = [0, 0];
  const machine = machineOf(pod, disk, clock.now, tty ? { size: () => size } : undefined);
  const shell = shellOn(machine);
  const lack = lackOf(shell, command[0] ?? '');
  if (lack !== undefined) {
    send(tty ? STDOUT : STDERR, Buffer.from(lack));
    return exit(notFound);
  }
  const input = new Input({ terminal: tty });
  if (!stdin) input.end();
  const program = driven(
    shell.whole(command, {
      stdin: input,
      stdout: (bytes) => send(STDOUT, bytes),
      stderr: (bytes) => send(tty ? STDOUT : STDERR, bytes),
    }),
    clock,
    exit,
  );
  const keyboard = typedLines({
    echo: (text) => send(STDOUT, Buffer.from(text)),
    line: (text) => input.give(Buffer.from(`${text}\n`)),
    interrupted: program.interrupt,
    ended: () => input.end(),
  });
  socket.on('message', (message) => {
    const bytes = message as Buffer;
    if (bytes[0] === STDIN) {
      // The bytes of a message are used again.
      if (tty) keyboard(bytes.toString('utf8', 1));
      else input.give(Buffer.from(bytes.subarray(1)));
    } else if (bytes[0] === RESIZE) {
      const { Width, Height } = JSON.parse(bytes.toString('utf8', 1)) as { readonly Width: number; readonly Height: number };
      size = [Height, Width];
    } else if (bytes[0] === CLOSE && bytes[1] === STDIN) input.end();
  });
  // A terminal that is gone ends its programs; in a pipe they see the end of their input.
  socket.on('close', () => (tty ? program.stop() : input.end()));
}

function statusOf(exitCode: number): object {
  if (exitCode === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  };
}
