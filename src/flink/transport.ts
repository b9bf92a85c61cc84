import type { Agent, IncomingHttpHeaders } from 'node:http';
import { AnswerTooLarge, exchange, type Incoming, NoAnswer, readAll } from '../http/http-exchange.ts';
import { dropIdle } from '../http/pool.ts';
import type { Clock } from '../support/clock.ts';
import { Problem } from '../support/problem.ts';
import { lifetime } from '../support/waiting.ts';
import { agentFor, type RestTls } from './connections.ts';
import type { RestRoute } from './types.ts';

/** A larger answer is cut off. A thousand jobs are half a megabyte. */
const mostAnswerBytes = 64 * 1024 * 1024;
/** An answer that is not complete by then arrives byte by byte, and may never end. Uploads have no such limit. */
const mostReadMs = 60_000;

/** A body that can be sent again: `open` begins at the start. */
export interface HttpBody {
  readonly contentType: string;
  readonly length: number;
  readonly open: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Relative to the base URL, with the query. */
  readonly path: string;
  readonly body?: HttpBody | undefined;
  /** Milliseconds without a byte sent or received before the request is aborted. */
  readonly timeoutMs: number;
  /** On a new connection: the other side may close an idle one at the instant it is reused. */
  readonly fresh?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Takes the body of an answer that is not an error, however long it is; `text` is then empty. */
  readonly take?: ((body: AsyncIterable<Uint8Array>) => Promise<void>) | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Single HTTP exchanges on pooled connections, one pool per route. No retries here. */
export interface Transport extends AsyncDisposable {
  /** Rejects with `NoAnswer`, with a `Problem` of the route's opener, or with an `AbortError`. */
  exchange(route: RestRoute, request: HttpRequest): Promise<HttpAnswer>;
}

export function createTransport(options: {
  readonly clock: Clock;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: RestTls;
}): Transport {
  const pools = new Map<RestRoute, Agent>();
  const closing = lifetime();

  /** A replaced route keeps its busy connections until they are done. */
  const poolOf = (route: RestRoute): Agent => {
    let pool = pools.get(route);
    if (pool !== undefined) return pool;
    for (const [old, agent] of pools) {
      agent.maxFreeSockets = 0;
      dropIdle(agent);
      if (Object.keys(agent.sockets).length === 0) pools.delete(old);
    }
    pool = agentFor(route, options.tls, options.clock, closing.signal);
    pools.set(route, pool);
    return pool;
  };

  return {
    async exchange(route, request) {
      if (closing.signal.aborted) throw new Problem('unreachable', 'The connection to Flink was closed here.');
      const send = (agent: Agent) => ask(route, agent, request, { ...options, closing: closing.signal });
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

interface Asking {
  readonly clock: Clock;
  readonly headers: Readonly<Record<string, string>>;
  readonly closing: AbortSignal;
}

async function ask(route: RestRoute, agent: Agent, request: HttpRequest, { clock, headers, closing }: Asking): Promise<HttpAnswer> {
  const { method, path, body, timeoutMs, take } = request;
  const url = new URL(route.url + path);
  const wishes = [closing, ...(request.signal === undefined ? [] : [request.signal])];
  let answer: Incoming | undefined;
  try {
    answer = await exchange({
      server: url,
      agent,
      method,
      path: url.pathname + url.search,
      body: body?.open(),
      signal: AbortSignal.any(wishes),
      unzip: false,
      clock,
      headers: {
        Accept: 'application/json',
        ...headers,
        ...(body === undefined ? {} : { 'Content-Type': body.contentType, 'Content-Length': String(body.length) }),
      },
      limits: { silentMs: timeoutMs, totalMs: body === undefined && take === undefined ? mostReadMs : undefined },
    });
    if (take !== undefined && answer.status >= 200 && answer.status <= 299) {
      await take(heard(answer));
      return { status: answer.status, headers: answer.headers, text: '' };
    }
    const text = (await readAll(answer.body, mostAnswerBytes, answer.heard)).toString('utf8');
    return { status: answer.status, headers: answer.headers, text };
  } catch (error) {
    for (const wish of wishes) wish.throwIfAborted();
    throw withoutAnswer(error, answer?.reused);
  }
}

async function* heard({ body, heard: touch }: Incoming): AsyncGenerator<Uint8Array> {
  for await (const piece of body as AsyncIterable<Uint8Array>) {
    touch();
    yield piece;
  }
}

/** `reused`: undefined if the head of the answer has not arrived. */
function withoutAnswer(error: unknown, reused: boolean | undefined): Error {
  if (error instanceof AnswerTooLarge)
    return new Problem('protocol', `Flink sent more than ${mostAnswerBytes / 1024 / 1024} MiB as one answer.`, { cause: error });
  const lost = error instanceof NoAnswer ? error : new NoAnswer(error, { begun: true, reused: reused ?? false });
  // An error of the route's opener means that the request was never sent. A connection that it opened may also break later, with the
  // opener's own message.
  return lost.cause instanceof Problem && (!lost.begun || lost.cause.kind === 'protocol') ? lost.cause : lost;
}
