import type { Clock } from '../../support/clock.ts';
import { Problem } from '../../support/problem.ts';
import { abortError } from '../../support/waiting.ts';
import { list, record } from '../model/json.ts';
import type { ExecRequest } from '../model/types.ts';
import { statusEventProblem } from '../request/status.ts';
import type { Transport } from '../request/transport.ts';
import { spdyExec } from './exec-spdy.ts';
import { webSocketExec } from './exec-web-socket.ts';
import { type Attach, execPaths, type Execution, type ExecWire } from './exec-wire.ts';
import { inOrder } from './in-order.ts';
import { betterOf, isRefused } from './refused.ts';

/** Runs a command in a container; resolves with its exit code, rejects with a `Problem`. */
export async function exec(transport: Transport, clock: Clock, request: ExecRequest): Promise<number> {
  const execution: Execution = { transport, clock, request };
  const attach = await opened(execution);
  return await run(execution, attach);
}

/** A refused handshake has run nothing, so the other way may be tried. Source: client-go `remotecommand.FallbackExecutor`. */
async function opened(execution: Execution): Promise<Attach> {
  try {
    return await webSocketExec(execution);
  } catch (refusal) {
    if (!(refusal instanceof Problem) || !isRefused(refusal)) throw refusal;
    try {
      return await spdyExec(execution);
    } catch (error) {
      throw error instanceof Problem && isRefused(error) ? betterOf(refusal, error) : error;
    }
  }
}

/** Passes input, output and sizes on until the command has ended. */
function run({ transport, request }: Execution, attach: Attach): Promise<number> {
  const { pod, command, stdin, terminal, onStdout, onStderr, onSilence, signal } = request;
  return new Promise((resolve, reject) => {
    let over = false;
    let silent = false;
    const settle = (how: () => void): void => {
      if (over) return;
      over = true;
      signal?.removeEventListener('abort', abort);
      endFeeding();
      endSizes?.();
      how();
      wire.close();
    };
    const fail = (error: unknown): void => settle(() => reject(error));
    const abort = (): void => fail(signal === undefined ? undefined : abortError(signal));
    const wire = attach({
      stdout: (bytes) => reading.pass(() => onStdout?.(bytes)),
      stderr: (bytes) => reading.pass(() => onStderr?.(bytes)),
      ended(status) {
        const outcome = exitOf(status, transport.server, execPaths(request).what);
        // Output that came before is still on its way to its reader.
        void reading.taken().then(() => (typeof outcome === 'number' ? settle(() => resolve(outcome)) : fail(outcome)));
      },
      broken() {
        const problem = new Problem('unreachable', `The connection broke while ${command[0] ?? 'a command'} ran in pod ${pod}.`);
        void reading.taken().then(() => fail(problem));
      },
      heard() {
        if (silent) onSilence?.(undefined);
        silent = false;
      },
      silent(problem) {
        if (onSilence === undefined) return fail(problem);
        silent = true;
        onSilence(problem);
      },
    });
    const reading = inOrder(wire, fail);
    const tellSize = (): void => {
      if (terminal === undefined) return;
      const { columns, rows } = terminal.now();
      wire.resize(JSON.stringify({ Width: columns, Height: rows }));
    };
    const endFeeding = stdin === undefined ? () => undefined : feed(stdin, wire, fail);
    const endSizes = terminal?.onChange(tellSize);
    tellSize();
    signal?.addEventListener('abort', abort, { once: true });
    wire.resume();
    if (signal?.aborted) abort();
  });
}

/** Sends what is read, a piece at a time. Call the result to stop. */
function feed(stdin: NonNullable<ExecRequest['stdin']>, wire: ExecWire, fail: (error: unknown) => void): () => void {
  const send = (chunk: Buffer | string): void => {
    stdin.pause();
    void wire.send(Buffer.from(chunk as Buffer)).then(() => {
      if (!over) stdin.resume();
    });
  };
  let over = false;
  stdin.on('data', send);
  stdin.on('end', wire.endInput);
  stdin.on('error', fail);
  if (stdin.readableEnded) wire.endInput();
  return () => {
    over = true;
    stdin.off('data', send);
    stdin.off('end', wire.endInput);
    stdin.off('error', fail);
    stdin.pause();
  };
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
