import { request as httpRequest, type Agent, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Clock } from '../support/clock.ts';
import { deadline } from '../support/waiting.ts';

/** One HTTP request as it goes over the wire. */
export interface Outgoing {
  readonly server: URL;
  readonly agent: Agent;
  readonly method: string;
  /** Path with query, beginning with a slash. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer | undefined;
  readonly signal: AbortSignal | undefined;
  /** Milliseconds until the answer's head must be there. */
  readonly headMs: number;
  /** Milliseconds until a new connection is there; undefined: as long as the head may take. */
  readonly connectMs: number | undefined;
  readonly clock: Clock;
}

/** The head of an answer; the body is read from `body` (already unzipped) or thrown away by `body.destroy()`. */
export interface Incoming {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
  /** Milliseconds of `clock.monotonic` when the request was sent. */
  readonly sentAt: number;
}

/** The answer's head did not come in time. */
export class SilentServer extends Error {
  readonly ms: number;

  constructor(ms: number) {
    super(`no answer within ${ms} ms`);
    this.name = 'SilentServer';
    this.ms = ms;
  }
}

/** An idle connection that the server closed in the moment in which it was used again: nothing was processed, another try is safe. */
export class StaleConnection extends Error {
  constructor(cause: unknown) {
    super('a kept connection was closed by the server', { cause });
    this.name = 'StaleConnection';
  }
}

/**
 * Sends a request and resolves with the head of its answer. Rejects with what the network says. When `signal` aborts, before or after
 * the head, everything is torn down and reading the body fails with the signal's reason.
 */
export function exchange({ server, agent, method, path, headers, body, signal, headMs, connectMs, clock }: Outgoing): Promise<Incoming> {
  signal?.throwIfAborted();
  const sentAt = clock.monotonic();
  return new Promise((resolve, reject) => {
    const send = server.protocol === 'https:' ? httpsRequest : httpRequest;
    const host = server.hostname.replace(/^\[|\]$/g, '');
    const request = send({ host, port: server.port || (server.protocol === 'https:' ? 443 : 80), agent, method, path, headers: headers as Record<string, string | string[]> });
    let answer: IncomingMessage | undefined;
    const inTime = deadline(clock, headMs, () => request.destroy(new SilentServer(headMs)));
    let connected = (): void => undefined;
    const abort = (): void => {
      const reason = asError(signal?.reason);
      answer?.destroy(reason);
      request.destroy(reason);
    };
    const settle = (): void => {
      inTime();
      connected();
      if (!answer) signal?.removeEventListener('abort', abort);
    };
    signal?.addEventListener('abort', abort, { once: true });
    // Stays for good: an error after the head reaches the reader through the body, and must not end the process here.
    request.on('error', (error) => {
      settle();
      const code = (error as NodeJS.ErrnoException).code;
      reject(request.reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE') ? new StaleConnection(error) : error);
    });
    if (connectMs !== undefined && connectMs < headMs) {
      request.once('socket', (socket) => {
        if (!socket.connecting) return;
        connected = deadline(clock, connectMs, () => request.destroy(new SilentServer(connectMs)));
        socket.once(server.protocol === 'https:' ? 'secureConnect' : 'connect', () => connected());
      });
    }
    request.once('response', (incoming) => {
      answer = incoming;
      settle();
      incoming.once('close', () => signal?.removeEventListener('abort', abort));
      resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: unzipped(incoming), sentAt });
    });
    request.end(body);
  });
}

function unzipped(incoming: IncomingMessage): Readable {
  if (incoming.headers['content-encoding'] !== 'gzip') return incoming;
  const plain = createGunzip();
  incoming.on('error', (error) => plain.destroy(error));
  incoming.on('aborted', () => plain.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' })));
  plain.on('close', () => incoming.destroy());
  return incoming.pipe(plain);
}

/** Reads a body to its end, at most `most` bytes. */
export async function readAll(body: Readable, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most) throw new AnswerTooLarge(most);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export class AnswerTooLarge extends Error {
  constructor(most: number) {
    super(`the answer is larger than ${most >> 20} MiB`);
    this.name = 'AnswerTooLarge';
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
