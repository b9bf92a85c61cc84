import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { Clock } from '../support/clock.ts';
import { Problem } from '../support/problem.ts';
import { deadline } from './deadline.ts';
import { silenceProblem } from './failures.ts';
import type { Identity } from './credentials.ts';
import { readAll } from './exchange.ts';
import { statusProblem } from './status.ts';
import type { Transport } from './transport.ts';

/** A WebSocket that is open. `ws` is only loaded when one is needed. */
export type Socket = WebSocket;

export interface SocketRequest {
  readonly path: string;
  /** Wanted subprotocols, best first. */
  readonly protocols: readonly string[];
  /** For a person: `forward to port 8081 of pod x`. */
  readonly what: string;
  /** The path as the trace may show it. */
  readonly tracePath?: string;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number | undefined;
}

const HANDSHAKE_MS = 10_000;
const PING_MS = 5_000;
/** An answer to a ping may wait behind data that the far side does not take. */
const SILENT_MS = 15_000;
const SILENT_WHILE_SENDING_MS = 60_000;
const MESSAGE_LIMIT = 32 << 20;

/** Opens a WebSocket through the API server, paused: `resume` it when the listeners are there. Rejected credentials are renewed once. Rejects with a `Problem`. */
export async function openSocket(transport: Transport, clock: Clock, request: SocketRequest): Promise<Socket> {
  const { what, signal } = request;
  let renewed = false;
  let reopened = false;
  for (;;) {
    signal?.throwIfAborted();
    const answer = await handshake(transport, clock, request);
    if ('socket' in answer) return answer.socket;
    if ('broken' in answer) {
      if (reopened) throw await transport.explain(answer.broken);
      // Most likely a kept connection that the server had closed: nothing was begun on it yet.
      reopened = true;
      transport.dropIdle();
      continue;
    }
    const { refusal } = answer;
    const body = await readAll(refusal, 1 << 20).catch(() => Buffer.alloc(0)); // The status alone says enough.
    const problem = statusProblem(refusal.statusCode ?? 0, body.toString('utf8'), { server: transport.server, what }, refusal.headers['retry-after']);
    if (problem.kind === 'forbidden') throw new Problem('forbidden', problem.message, { hint: 'Over a WebSocket this needs the verb get in a role, and not only create.', status: 403, cause: problem });
    if (problem.kind !== 'unauthorized') throw problem;
    if (renewed || !transport.renew(answer.identity)) throw await transport.rejected(problem);
    renewed = true;
  }
}

async function handshake(
  transport: Transport, clock: Clock, { path, protocols, signal, timeoutMs = HANDSHAKE_MS, tracePath = path }: SocketRequest,
): Promise<{ readonly socket: Socket } | { readonly refusal: IncomingMessage; readonly identity: Identity } | { readonly broken: unknown }> {
  const { WebSocket: Client } = await import('ws');
  const { url, identity, headers, agent } = await transport.socket(path);
  signal?.throwIfAborted();
  const startedAt = clock.monotonic();
  const socket = new Client(url, [...protocols], { agent, headers: headers as Record<string, string>, perMessageDeflate: false, maxPayload: MESSAGE_LIMIT, skipUTF8Validation: true });
  socket.binaryType = 'nodebuffer';
  try {
    return await new Promise((resolve, reject) => {
      const inTime = deadline(clock, timeoutMs, () => fail(silenceProblem(transport.server, timeoutMs)));
      const abort = (): void => fail(signal?.reason);
      const done = (): void => {
        inTime();
        signal?.removeEventListener('abort', abort);
      };
      const fail = (reason: unknown): void => {
        done();
        reject(reason);
        socket.terminate();
      };
      signal?.addEventListener('abort', abort, { once: true });
      // Stays: after the handshake, errors are followed by `close`, which the users of the socket hear.
      socket.on('error', fail);
      socket.once('open', () => {
        done();
        transport.heard();
        transport.traced('GET', tracePath, startedAt, 101);
        // Whoever awaits the socket listens a moment later: what comes until then has to wait.
        socket.pause();
        resolve({ socket });
      });
      socket.once('unexpected-response', (_request, refusal: IncomingMessage) => {
        done();
        transport.traced('GET', tracePath, startedAt, refusal.statusCode);
        resolve({ refusal, identity });
      });
    });
  } catch (error) {
    signal?.throwIfAborted();
    transport.traced('GET', tracePath, startedAt, undefined, error);
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ECONNRESET' || code === 'EPIPE') return { broken: error };
    throw await transport.explain(error);
  }
}

/**
 * Pings an open socket and calls `onSilent` when the far side says nothing for 15 s (a minute while it does not take what was sent). Ends with the socket.
 */
export function keepAlive(socket: Socket, transport: Transport, clock: Clock, onSilent: (problem: Problem) => void): void {
  const closed = new AbortController();
  let heardAt = clock.monotonic();
  const heard = (): void => {
    heardAt = clock.monotonic();
    transport.heard();
  };
  socket.on('message', heard);
  socket.on('pong', heard);
  socket.on('ping', heard);
  socket.once('close', () => closed.abort());
  const watch = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(PING_MS, closed.signal);
      const silent = clock.monotonic() - heardAt;
      // A socket that we do not read from cannot be heard.
      if (socket.isPaused) heardAt = clock.monotonic();
      else if (silent >= (socket.bufferedAmount > 0 ? SILENT_WHILE_SENDING_MS : SILENT_MS)) return onSilent(silenceProblem(transport.server, silent));
      if (socket.readyState === socket.OPEN) socket.ping();
    }
  };
  watch().catch(() => {
    // The socket closed: nothing to watch any more.
  });
}
