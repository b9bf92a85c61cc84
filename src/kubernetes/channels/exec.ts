import type { Clock } from '../../support/clock.ts';
import { Problem } from '../../support/problem.ts';
import { list, record } from '../model/json.ts';
import { collectionPath, withQuery } from '../model/paths.ts';
import { PODS } from '../model/resources.ts';
import { statusEventProblem } from '../request/status.ts';
import type { Transport } from '../request/transport.ts';
import type { ExecRequest } from '../model/types.ts';
import { keepAlive, openSocket, type Socket } from './websocket.ts';

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const FAILURE = 3;
const CLOSE = 255;

/** Runs a command in a container; resolves with its exit code, rejects with a `Problem`. Protocol: `v5.channel.k8s.io`, or v4 before Kubernetes 1.30. */
export async function exec(transport: Transport, clock: Clock, request: ExecRequest): Promise<number> {
  const { namespace, pod, container, command, stdin, tty = false, onStdout, onStderr, signal } = request;
  const what = `run ${command[0] ?? 'a command'} in pod ${pod} in namespace ${namespace}`;
  const base = `${collectionPath(PODS, namespace)}/${encodeURIComponent(pod)}/exec`;
  const flags = { container, stdin: stdin !== undefined, stdout: true, stderr: !tty, tty };
  const socket = await openSocket(transport, clock, {
    path: withQuery(base, { ...flags, command }),
    tracePath: withQuery(base, flags),
    protocols: ['v5.channel.k8s.io', 'v4.channel.k8s.io'],
    what,
    signal,
    timeoutMs: undefined,
  });
  return new Promise((resolve, reject) => {
    let settled = false;
    const settle = (how: () => void): void => {
      if (settled) return;
      settled = true;
      signal?.removeEventListener('abort', abort);
      stdin?.off('data', send);
      stdin?.off('end', closeStdin);
      how();
      socket.terminate();
    };
    const abort = (): void => settle(() => reject(signal?.reason));
    const send = (chunk: Buffer | string): void => sendStdin(socket, Buffer.from(chunk as Buffer), stdin);
    // Version 4 cannot close stdin: the command has to end by itself.
    const closeStdin = (): void => {
      if (socket.protocol === 'v5.channel.k8s.io' && socket.readyState === socket.OPEN) socket.send(Buffer.from([CLOSE, STDIN]));
    };
    signal?.addEventListener('abort', abort, { once: true });
    socket.on('message', (message: Buffer) => {
      const payload = message.subarray(1);
      if (message[0] === STDOUT && payload.length > 0) onStdout?.(payload);
      else if (message[0] === STDERR && payload.length > 0) onStderr?.(payload);
      else if (message[0] === FAILURE && payload.length > 0) {
        const outcome = exitOf(payload.toString('utf8'), transport.server, what);
        settle(() => (typeof outcome === 'number' ? resolve(outcome) : reject(outcome)));
      }
    });
    socket.on('close', () =>
      settle(() => reject(new Problem('unreachable', `The connection broke while ${command[0] ?? 'a command'} ran in pod ${pod}.`))),
    );
    keepAlive(socket, transport, clock, (problem) => settle(() => reject(problem)));
    stdin?.on('data', send);
    stdin?.on('end', closeStdin);
    socket.resume();
    if (signal?.aborted) abort();
  });
}

function sendStdin(socket: Socket, chunk: Buffer, stdin: ExecRequest['stdin']): void {
  if (socket.readyState !== socket.OPEN) return;
  stdin?.pause();
  socket.send(Buffer.concat([Buffer.from([STDIN]), chunk]), () => stdin?.resume());
}

/** The exit code in a `Status` of the error channel, or the reason for not having one. */
function exitOf(json: string, server: string, what: string): number | Problem {
  let status;
  try {
    status = record(JSON.parse(json));
  } catch (error) {
    return new Problem('protocol', `The API server's answer to "${what}" is not a status: ${json.slice(0, 200)}`, { cause: error });
  }
  if (status.status === 'Success') return 0;
  const code = list(record(status.details).causes)
    .map(record)
    .find((cause) => cause.reason === 'ExitCode')?.message;
  if (status.reason === 'NonZeroExitCode' && typeof code === 'string' && /^\d+$/.test(code)) return Number(code);
  return statusEventProblem(status, { server, what });
}
