import { type Agent, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Clock } from '../support/clock.ts';
import { deadline } from '../support/waiting.ts';
import { codeOf } from './failures.ts';
import { hostOf, portOf } from './address.ts';
import { type Limits, Stalled, stallWatch, type StallWatch } from './stall.ts';

/** One HTTP request as it is sent. */
export interface Outgoing {
  readonly server: URL;
  readonly agent: Agent;
  readonly method: string;
  /** Path with query, beginning with a slash. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** The headers give its length. */
  readonly body: Buffer | AsyncIterable<Uint8Array> | Iterable<Uint8Array> | undefined;
  /** Decompress the answer. */
  readonly unzip: boolean;
  readonly signal: AbortSignal | undefined;
  readonly limits: Limits;
  readonly clock: Clock;
}

/** The head of an answer. */
export interface Incoming {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Read it to its end, or discard it with `destroy`. */
  readonly body: Readable;
  /** It came over a connection that had been idle before. */
  readonly reused: boolean;
  /** To be called for each piece of the body: the exchange is alive. */
  heard(): void;
  /** To be called if the body is a stream that may last: from then on nothing limits it. */
  unlimited(): void;
}

/** No answer came; `cause` has the reason. */
export class NoAnswer extends Error {
  /** The server may have seen the request. */
  readonly begun: boolean;
  /** The request was sent on a connection that had been idle: the server may have closed it at the same instant. */
  readonly reused: boolean;

  constructor(cause: unknown, { begun, reused }: { readonly begun: boolean; readonly reused: boolean }) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'NoAnswer';
    this.begun = begun;
    this.reused = reused;
  }

  /** True if the server closed an idle connection at the instant it was reused: nothing was processed. */
  get stale(): boolean {
    const code = codeOf(this.cause);
    return this.reused && (code === 'ECONNRESET' || code === 'EPIPE');
  }
}

/**
 * Sends a request and resolves with the head of its answer. Rejects with `NoAnswer`, or with the signal's reason. If the signal aborts or a
 * limit is reached, before or after the head, everything is torn down and reading the body fails with the reason.
 */
export function exchange({ server, agent, method, path, headers, body, unzip, signal, limits, clock }: Outgoing): Promise<Incoming> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const secure = server.protocol === 'https:';
    const send = secure ? httpsRequest : httpRequest;
    const request = send({
      host: hostOf(server),
      port: portOf(server),
      agent,
      method,
      path,
      headers: headers as Record<string, string | string[]>,
    });
    let answer: IncomingMessage | undefined;
    const give = (reason: unknown): void => {
      const error = asError(reason);
      answer?.destroy(error);
      request.destroy(error);
    };
    const abort = (): void => give(signal?.reason);
    const watch = stallWatch(clock, limits, give);
    const connection = watchConnection(request, { secure, ms: limits.connectMs, clock });
    const end = (): void => {
      watch.end();
      signal?.removeEventListener('abort', abort);
    };
    signal?.addEventListener('abort', abort, { once: true });
    // This listener is never removed: the reader sees an error after the head through the body, and it must not end the process here.
    request.on('error', (error) => {
      connection.end();
      if (!answer) end();
      reject(signal?.aborted === true ? signal.reason : new NoAnswer(error, { begun: connection.begun(), reused: request.reusedSocket }));
    });
    request.once('response', (incoming) => {
      answer = incoming;
      connection.end();
      incoming.once('close', end);
      resolve({
        status: incoming.statusCode ?? 0,
        headers: incoming.headers,
        body: unzip ? unzipped(incoming) : incoming,
        reused: request.reusedSocket,
        heard: watch.touch,
        unlimited: watch.end,
      });
    });
    sendBody(request, body, watch);
  });
}

/** Whether the connection is there yet, and the time limit for opening a new one. */
function watchConnection(
  request: ClientRequest,
  { secure, ms, clock }: { readonly secure: boolean; readonly ms: number | undefined; readonly clock: Clock },
): { readonly begun: () => boolean; readonly end: () => void } {
  let begun = false;
  let end = (): void => undefined;
  request.once('socket', (socket) => {
    if (!socket.connecting) {
      begun = true;
      return;
    }
    if (ms !== undefined) end = deadline(clock, ms, () => request.destroy(new Stalled('silent', ms)));
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      begun = true;
      end();
    });
  });
  return { begun: () => begun, end: () => end() };
}

function sendBody(request: ClientRequest, body: Outgoing['body'], { touch }: StallWatch): void {
  if (body === undefined || Buffer.isBuffer(body)) request.end(body);
  else {
    pipeline(Readable.from(touched(body, touch)), request, (error) => {
      // A server may answer with a refusal early and close: then the answer counts, not the broken pipe.
      if (error) request.destroy(error);
    });
  }
}

async function* touched(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, touch: () => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    touch();
    yield chunk;
  }
}

function unzipped(incoming: IncomingMessage): Readable {
  if (incoming.headers['content-encoding'] !== 'gzip') return incoming;
  const plain = createGunzip();
  incoming.on('error', (error) => plain.destroy(error));
  incoming.on('aborted', () => plain.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' })));
  plain.on('close', () => incoming.destroy());
  return incoming.pipe(plain);
}

/** Reads a whole body of at most `most` bytes. */
export async function readAll(body: Readable, most: number, heard?: () => void): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    heard?.();
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
