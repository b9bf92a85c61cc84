import http from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Problem } from '../support/problem.ts';
import type { Clock } from '../support/clock.ts';
import { lifetime } from '../support/waiting.ts';
import { agentFor, type RestTls } from './connections.ts';
import type { RestRoute } from './types.ts';

/** An answer larger than this is not read to its end. A thousand jobs are half a megabyte. */
const mostAnswerBytes = 64 * 1024 * 1024;
/** An answer that is not there by then comes byte by byte, and may never end. An upload takes as long as it takes. */
const mostReadMs = 60_000;

/** A body that can be sent again: `open` begins at the start. */
export interface HttpBody {
  readonly contentType: string;
  readonly length: number;
  readonly open: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** From the base URL, with query. */
  readonly path: string;
  readonly body?: HttpBody;
  /** Milliseconds without a sign of life (a byte sent or received) after which it is given up. */
  readonly timeoutMs: number;
  /** On a connection of its own: one that was idle may be closed by the other side in the instant in which it is used again. */
  readonly fresh?: boolean;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

/** The answer did not come. */
export class NoAnswer extends Error {
  /** The server may have seen the request. */
  readonly begun: boolean;
  /** It was sent on a connection that had been idle: the server may have closed that one in the same instant. */
  readonly reused: boolean;

  constructor(cause: unknown, begun: boolean, reused: boolean) {
    super('no answer', { cause });
    this.begun = begun;
    this.reused = reused;
  }
}

/** One HTTP exchange after the other, on pooled connections, one pool a route. No retries here. */
export interface Transport extends AsyncDisposable {
  /** Rejects with `NoAnswer`, with a `Problem` of the route's opener, or with an `AbortError`. */
  exchange(route: RestRoute, request: HttpRequest): Promise<HttpAnswer>;
}

export function createTransport(options: { readonly clock: Clock; readonly headers: Readonly<Record<string, string>>; readonly tls: RestTls }): Transport {
  const pools = new Map<RestRoute, http.Agent>();
  const closing = lifetime();

  /** A route that was replaced keeps its busy connections until they are done. */
  const poolOf = (route: RestRoute): http.Agent => {
    let pool = pools.get(route);
    if (pool !== undefined) return pool;
    for (const [old, agent] of pools) {
      agent.maxFreeSockets = 0;
      for (const idle of Object.values(agent.freeSockets)) idle?.forEach((socket) => socket.destroy());
      if (Object.keys(agent.sockets).length === 0) pools.delete(old);
    }
    pool = agentFor(route, options.tls, options.clock, closing.signal);
    pools.set(route, pool);
    return pool;
  };

  return {
    async exchange(route, request) {
      if (closing.signal.aborted) throw new Problem('unreachable', 'The connection to Flink was closed here.');
      const send = (agent: http.Agent) => exchange(route, agent, request, options.headers, options.clock, closing.signal);
      if (request.fresh !== true) return send(poolOf(route));
      const own = agentFor(route, options.tls, options.clock, closing.signal);
      try {
        return await send(own);
      } finally {
        own.destroy();
      }
    },
    async [Symbol.asyncDispose]() {
      closing.end();
      for (const pool of pools.values()) pool.destroy();
      pools.clear();
    },
  };
}

async function exchange(route: RestRoute, agent: http.Agent, request: HttpRequest, headers: Readonly<Record<string, string>>, clock: Clock, closed: AbortSignal): Promise<HttpAnswer> {
  const done = lifetime();
  const watch = stallWatch(clock, request.timeoutMs, request.body === undefined ? mostReadMs : Infinity, done.signal);
  const wishes = request.signal === undefined ? [closed] : [closed, request.signal];
  const outgoing = open(route, agent, request, headers, AbortSignal.any([...wishes, watch.stalled]));
  let begun = false;
  outgoing.once('socket', (socket) => {
    if (socket.connecting) socket.once(route.url.startsWith('https:') ? 'secureConnect' : 'connect', () => (begun = true));
    else begun = true;
  });
  try {
    const answer = answerTo(outgoing, watch.touch);
    if (request.body === undefined) outgoing.end();
    // A server that refuses early answers and closes: then the answer counts and not the broken pipe.
    else void pipeline(Readable.from(touched(request.body.open(), watch.touch)), outgoing).catch((error: Error) => outgoing.destroy(error));
    return await answer;
  } catch (error) {
    for (const wish of wishes) wish.throwIfAborted();
    // What the opener of the route says is about a request that never left; a connection that it opened may break later, in its own words, too.
    if (error instanceof Problem && (!begun || error.kind === 'protocol')) throw error;
    throw new NoAnswer(watch.why() ?? error, begun, outgoing.reusedSocket);
  } finally {
    done.end();
  }
}

function open(route: RestRoute, agent: http.Agent, request: HttpRequest, headers: Readonly<Record<string, string>>, signal: AbortSignal): http.ClientRequest {
  const url = new URL(route.url + request.path);
  const own = request.body === undefined ? {} : { 'Content-Type': request.body.contentType, 'Content-Length': request.body.length };
  const send = url.protocol === 'https:' ? https.request : http.request;
  return send(url, { agent, method: request.method, signal, headers: { Accept: 'application/json', ...headers, ...own } });
}

function answerTo(outgoing: http.ClientRequest, touch: () => void): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    outgoing.once('error', reject);
    outgoing.once('response', (incoming) => {
      outgoing.off('error', reject);
      // From here on what matters is reported by the incoming side.
      outgoing.on('error', () => {});
      collect(incoming, touch).then((text) => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text }), reject);
    });
  });
}

async function collect(incoming: http.IncomingMessage, touch: () => void): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
    touch();
    size += chunk.byteLength;
    if (size > mostAnswerBytes) throw new Problem('protocol', `Flink sent more than ${mostAnswerBytes / 1024 / 1024} MiB as one answer.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function* touched(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, touch: () => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    touch();
    yield chunk;
  }
}

/** Why an exchange was given up: nothing came for that long, or the answer was not complete after that time. */
export interface Stall {
  readonly kind: 'silent' | 'slow';
  readonly ms: number;
}

/** `stalled` aborts when `touch` was not called for `limitMs`, and after `mostMs` in any case. */
function stallWatch(clock: Clock, limitMs: number, mostMs: number, done: AbortSignal): { readonly stalled: AbortSignal; readonly why: () => Error | undefined; readonly touch: () => void } {
  const stalled = lifetime();
  let why: Error | undefined;
  const begun = clock.monotonic();
  let last = begun;
  const left = (): number => Math.min(last + limitMs, begun + mostMs) - clock.monotonic();
  const watch = async () => {
    for (let ms = left(); ms > 0; ms = left()) await clock.sleep(ms, done);
    const stall: Stall = clock.monotonic() - last >= limitMs ? { kind: 'silent', ms: limitMs } : { kind: 'slow', ms: mostMs };
    why = Object.assign(new Error(`${stall.kind} for ${stall.ms} ms`), { code: 'ETIMEDOUT', stall });
    stalled.end();
  };
  watch().catch(() => {
    // The exchange ended first: nobody is interested in the watch any more.
  });
  return { stalled: stalled.signal, why: () => why, touch: () => (last = clock.monotonic()) };
}
