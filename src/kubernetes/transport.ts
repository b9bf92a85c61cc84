import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { Clock } from '../support/clock.ts';
import { Problem } from '../support/problem.ts';
import { agents, type Agents } from './agents.ts';
import { answerProblem } from './answer-problem.ts';
import { certificateEnd, type Credentials, type Identity } from './credentials.ts';
import { abortable } from '../support/waiting.ts';
import { AnswerTooLarge, exchange, type Incoming, NoAnswer, readAll } from '../http/exchange.ts';
import { codeOf, serverCertificateEnd } from '../http/failures.ts';
import { connectionProblem, day, theApiServer } from './failures.ts';
import type { ClusterProfile } from './profile.ts';
import { turnstile } from './turnstile.ts';

/** One request as it went over the wire, for `--trace`. Nothing in it is secret: no headers, no bodies, no commands of an exec. */
export interface TraceEntry {
  /** Epoch milliseconds of the start. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** HTTP status; undefined when none came. */
  readonly status: number | undefined;
  /** Until the head of the answer. */
  readonly ms: number;
  /** Why there is no status. */
  readonly problem?: string;
}

export interface ServerRequest {
  readonly method?: string;
  /** Path with query. */
  readonly path: string;
  /** What is asked for, for a person: `list pods in namespace orders`. */
  readonly what: string;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds; for a stream: until its head. Default 10,000. */
  readonly timeoutMs?: number | undefined;
  readonly gzip?: boolean;
}

export interface StreamAnswer {
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
}

/** An answer, and as whom it was asked for. */
interface Answered extends Incoming {
  readonly identity: Identity;
}

/** What a WebSocket needs beside its path. */
export interface SocketIdentity {
  readonly url: string;
  readonly identity: Identity;
  readonly headers: Identity['headers'];
  readonly agent: ReturnType<Agents['agent']>;
}

/** Requests to one API server as one user. Everything that fails is a `Problem`, or an `AbortError` when the signal aborted. */
export interface Transport {
  /** `https://host:port`. */
  readonly server: string;
  readonly clock: Clock;
  /** A complete, bounded answer. At most 32 at a time. */
  request(request: ServerRequest): Promise<Buffer>;
  /** An answer whose body is read while it comes. Use `read` for the body's errors. */
  open(request: ServerRequest): Promise<StreamAnswer>;
  /** The identity for a WebSocket; `trace` is told when its handshake is done. */
  socket(path: string): Promise<SocketIdentity>;
  traced(method: string, path: string, startedAt: number, status: number | undefined, problem?: unknown): void;
  /** Rejected credentials: true when another try makes sense. */
  renew(rejected: Identity): boolean;
  /** What a rejection means, with the reason that can be told from here. */
  rejected(problem: Problem): Promise<Problem>;
  /** What the network, TLS or HTTP says, as a `Problem`. */
  explain(error: unknown): Promise<Error>;
  /** Milliseconds of `clock.monotonic` at which the server last said anything. */
  lastHeard(): number;
  heard(): void;
  dropIdle(): void;
  close(): void;
}

/** Bounds of requests, where the defaults are not wanted. */
export interface RequestLimits {
  /** Milliseconds for a whole request. Default 10,000. */
  readonly timeoutMs?: number;
  /** Milliseconds until a new connection is there. Default: as long as the request may take. */
  readonly connectMs?: number;
  /** Requests at a time. Default 32. */
  readonly atATime?: number;
}

export interface TransportOptions {
  readonly cluster: ClusterProfile;
  readonly credentials: Credentials;
  readonly proxy: URL | undefined;
  readonly clock: Clock;
  readonly userAgent: string;
  readonly trace: ((entry: TraceEntry) => void) | undefined;
  readonly limits?: RequestLimits;
}

const DEFAULT_TIMEOUT_MS = 10_000;
/** An answer is one object, which has some kilobytes; Kubernetes itself takes 1.5 MiB. Lists are read in pieces. */
const ANSWER_LIMIT = 16 << 20;
const ERROR_LIMIT = 1 << 20;
const MOST_AT_A_TIME = 32;
/** How long a request waits for a busy server on its own; longer waits are the caller's. */
const MOST_RETRY_AFTER_MS = 3_000;
const MOST_TRIES = 3;
const MOST_HOPS = 5;

export function transport({ cluster, credentials, proxy, clock, userAgent, trace, limits = {} }: TransportOptions): Transport {
  const server = new URL(cluster.server);
  const basePath = server.pathname.replace(/\/+$/, '');
  const pool = agents({ server, proxy, skipTlsVerify: cluster.skipTlsVerify, tlsServerName: cluster.tlsServerName, clock });
  const defaultTimeoutMs = limits.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const gate = turnstile(limits.atATime ?? MOST_AT_A_TIME);
  let lastHeard = clock.monotonic();
  let lastCert: string | undefined;

  const identify = async (): Promise<{ readonly identity: Identity; readonly agent: SocketIdentity['agent'] }> => {
    const identity = await credentials.identity();
    lastCert = identity.cert;
    const agent = pool.agent({ ca: await credentials.authority(), cert: identity.cert, key: identity.key });
    return { identity, agent };
  };

  const once = async (request: ServerRequest, where: string, signal: AbortSignal | undefined): Promise<Answered> => {
    const { identity, agent } = await abortable(identify(), signal);
    const { method = 'GET', path, body, contentType = 'application/json', timeoutMs = defaultTimeoutMs } = request;
    const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const headers: Record<string, string | readonly string[]> = {
      Accept: 'application/json', 'User-Agent': userAgent, ...identity.headers,
      ...(request.gzip ? { 'Accept-Encoding': 'gzip' } : {}),
      ...(payload ? { 'Content-Type': contentType, 'Content-Length': String(payload.length) } : {}),
    };
    const startedAt = clock.monotonic();
    try {
      const answer = await exchange({ server, agent, method, path: where, headers, body: payload, unzip: true, signal, limits: { totalMs: timeoutMs, connectMs: limits.connectMs }, clock });
      lastHeard = clock.monotonic();
      traced(method, path, startedAt, answer.status);
      return { ...answer, identity };
    } catch (error) {
      traced(method, path, startedAt, undefined, error);
      throw error;
    }
  };

  const traced: Transport['traced'] = (method, path, startedAt, status, problem) => {
    const ms = Math.round((clock.monotonic() - startedAt) * 10) / 10;
    trace?.({ at: clock.now() - Math.round(ms), method, path, status, ms, ...(problem === undefined ? {} : { problem: problem instanceof Error ? problem.message : String(problem) }) });
  };

  /** Tries again where that is safe and of use: a kept connection that was closed, rejected credentials once, a busy server. */
  const send = async (request: ServerRequest, signal: AbortSignal | undefined): Promise<Incoming> => {
    const { method = 'GET', what } = request;
    let where = basePath + request.path;
    let hops = 0;
    let renewed = false;
    for (let attempt = 1; ; attempt++) {
      let answer: Answered;
      try {
        answer = await once(request, where, signal);
      } catch (error) {
        if (error instanceof NoAnswer && error.stale && method === 'GET' && attempt < MOST_TRIES) {
          pool.dropIdle();
          continue;
        }
        signal?.throwIfAborted();
        throw await explain(error);
      }
      const page = answer.headers['content-type']?.startsWith('text/html') === true;
      if (answer.status >= 200 && answer.status < 300 && !page) return answer;
      const body = await read(answer, ERROR_LIMIT).catch(() => Buffer.alloc(0)); // The status alone says enough.
      signal?.throwIfAborted();
      const next = method === 'GET' && hops < MOST_HOPS ? samePlace(answer, new URL(where, server)) : undefined;
      if (next !== undefined) {
        hops += 1;
        where = next;
        continue;
      }
      const problem = answerProblem(answer.status, answer.headers, body.toString('utf8'), { server: cluster.server, what });
      if (answer.status === 401) {
        if (renewed || !credentials.renew(answer.identity)) throw await rejected(problem);
        renewed = true;
        continue;
      }
      const wait = problem.retryAfterMs;
      // 429 is said before anything was done, so it may be repeated for every verb; 503 only where repeating does no harm.
      const repeatable = answer.status === 429 || (answer.status === 503 && method === 'GET');
      if (!repeatable || wait === undefined || wait > MOST_RETRY_AFTER_MS || attempt >= MOST_TRIES) throw problem;
      await clock.sleep(wait, signal);
    }
  };

  /** The time for a request covers its head and its body; waiting for a credential plug-in is not part of it. */
  const read = async ({ body }: Incoming, most: number): Promise<Buffer> => {
    const bytes = await readAll(body, most);
    lastHeard = clock.monotonic();
    return bytes;
  };

  const rejected = async (problem: Problem): Promise<Problem> => {
    const end = lastCert === undefined ? undefined : certificateEnd(lastCert);
    if (end === undefined || end > clock.now()) return problem;
    return new Problem('unauthorized', `unauthorized: the client certificate expired on ${day(end)}.`, {
      hint: 'Get a new kubeconfig for this user.', status: 401, cause: problem,
    });
  };

  const explain = async (error: unknown): Promise<Error> => {
    const cause = error instanceof NoAnswer ? error.cause : error;
    if (cause instanceof AnswerTooLarge) return new Problem('protocol', `${theApiServer(cluster.server)} sent too much: ${cause.message}.`, { cause });
    if (codeOf(cause) === 'CERT_HAS_EXPIRED') {
      const end = proxy ? undefined : await serverCertificateEnd(server, cluster.tlsServerName);
      return new Problem('unreachable', `The certificate of the API server at ${server.host} expired${end === undefined ? '' : ` on ${day(end)}`}.`, { cause });
    }
    const problem = connectionProblem(cause, cluster.server);
    return problem instanceof Problem && problem.kind === 'unauthorized' ? rejected(problem) : problem;
  };

  return {
    server: cluster.server,
    clock,
    async request(request) {
      const leave = await gate.enter(request.signal);
      try {
        const answer = await send(request, request.signal);
        return await read(answer, ANSWER_LIMIT);
      } catch (error) {
        request.signal?.throwIfAborted();
        throw await explain(error);
      } finally {
        leave();
      }
    },
    async open(request) {
      const { headers, body, unlimited } = await send({ gzip: false, ...request }, request.signal);
      unlimited();
      return { headers, body };
    },
    async socket(path) {
      const { identity, agent } = await identify();
      return { url: cluster.server.replace(/^http/, 'ws') + path, identity, headers: { 'User-Agent': userAgent, ...identity.headers }, agent };
    },
    traced,
    renew: credentials.renew,
    rejected,
    explain,
    lastHeard: () => lastHeard,
    heard() {
      lastHeard = clock.monotonic();
    },
    dropIdle: pool.dropIdle,
    close: pool.close,
  };
}

/** Where a redirect leads to, if that is the same server: nobody else is shown the credentials. */
function samePlace({ status, headers: { location } }: Incoming, from: URL): string | undefined {
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined || !URL.canParse(location, from)) return undefined;
  const { origin, pathname, search } = new URL(location, from);
  return origin === from.origin ? pathname + search : undefined;
}
