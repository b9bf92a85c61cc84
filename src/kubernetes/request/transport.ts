import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { AnswerTooLarge, exchange, type Incoming, NoAnswer, readAll } from '../../http/http-exchange.ts';
import { codeOf, serverCertificateEnd } from '../../http/failures.ts';
import type { Clock } from '../../support/clock.ts';
import { Problem } from '../../support/problem.ts';
import { abortable } from '../../support/waiting.ts';
import { agents, type Agents } from '../connection/agents.ts';
import { certificateEnd, type Credentials, type Identity } from '../auth/credentials.ts';
import { connectionProblem, day, theApiServer } from './failures.ts';
import type { ClusterProfile } from '../config/profile.ts';
import { firstTry, MOST_TRIES, nextTry, stepAfter, type Tries } from './tries.ts';
import { type RequestLimits, turnstile, type Turnstile } from '../connection/request-limit.ts';

/** One request as it was sent, for `--trace`. Nothing in it is secret: no headers, no bodies, no commands of an exec. */
export interface TraceEntry {
  /** Epoch milliseconds of the start. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** HTTP status; undefined if no answer came. */
  readonly status: number | undefined;
  /** Milliseconds until the head of the answer. */
  readonly ms: number;
  /** Why there is no status. */
  readonly problem?: string;
}

export interface ServerRequest {
  readonly method?: string;
  /** Path with the query. */
  readonly path: string;
  /** The purpose, for a person: `list pods in namespace orders`. */
  readonly what: string;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds; for a stream: until the head of its answer. Default 10,000. */
  readonly timeoutMs?: number | undefined;
  readonly gzip?: boolean;
}

export interface StreamAnswer {
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
}

/** An answer, with the identity that was used. */
interface Answered extends Incoming {
  readonly identity: Identity;
}

/** The parameters of a WebSocket other than its path. */
export interface SocketIdentity {
  readonly url: string;
  readonly identity: Identity;
  readonly headers: Identity['headers'];
  readonly agent: ReturnType<Agents['agent']>;
}

/** Requests to one API server as one user. Every failure is a `Problem`, or an `AbortError` if the signal aborted. */
export interface Transport {
  /** `https://host:port`. */
  readonly server: string;
  readonly clock: Clock;
  /** A complete answer of limited size. At most 32 requests at a time. */
  request(request: ServerRequest): Promise<Buffer>;
  /** An answer whose body is read as it arrives. Use `explain` for the body's errors. */
  open(request: ServerRequest): Promise<StreamAnswer>;
  /** The identity for a WebSocket; call `trace` once its handshake is done. */
  socket(path: string): Promise<SocketIdentity>;
  traced(method: string, path: string, startedAt: number, status: number | undefined, problem?: unknown): void;
  /** Rejected credentials: true if another try makes sense. */
  renew(rejected: Identity): boolean;
  /** Adds the reason for a rejection, if it is known here. */
  rejected(problem: Problem): Promise<Problem>;
  /** An error of the network, TLS or HTTP as a `Problem`. */
  explain(error: unknown): Promise<Error>;
  /** When the server last sent anything, in milliseconds of `clock.monotonic`. */
  lastHeard(): number;
  heard(): void;
  dropIdle(): void;
  close(): void;
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
/** An answer is one object of a few kilobytes; Kubernetes accepts up to 1.5 MiB. Lists are read in pieces. */
const ANSWER_LIMIT = 16 << 20;
const ERROR_LIMIT = 1 << 20;
const MOST_AT_A_TIME = 32;

export const transport = (options: TransportOptions): Transport => new ServerTransport(options);

class ServerTransport implements Transport {
  readonly server: string;
  readonly clock: Clock;
  readonly #options: TransportOptions;
  readonly #url: URL;
  readonly #pool: Agents;
  readonly #gate: Turnstile;
  #lastHeard: number;
  /** The client certificate that was sent last. */
  #lastCert: string | undefined;

  constructor(options: TransportOptions) {
    const {
      cluster: { server, skipTlsVerify, tlsServerName },
      proxy,
      clock,
      limits,
    } = options;
    this.server = server;
    this.clock = clock;
    this.#options = options;
    this.#url = new URL(server);
    this.#pool = agents({ server: this.#url, proxy, skipTlsVerify, tlsServerName, clock });
    this.#gate = turnstile(limits?.atATime ?? MOST_AT_A_TIME);
    this.#lastHeard = clock.monotonic();
  }

  async request(request: ServerRequest): Promise<Buffer> {
    const leave = await this.#gate.enter(request.signal);
    try {
      return await this.#read(await this.#send(request), ANSWER_LIMIT);
    } catch (error) {
      request.signal?.throwIfAborted();
      throw await this.explain(error);
    } finally {
      leave();
    }
  }

  async open(request: ServerRequest): Promise<StreamAnswer> {
    const { headers, body, unlimited } = await this.#send({ gzip: false, ...request });
    unlimited();
    return { headers, body };
  }

  async socket(path: string): Promise<SocketIdentity> {
    const { identity, agent } = await this.#identify();
    return {
      url: this.server.replace(/^http/, 'ws') + path,
      identity,
      headers: { 'User-Agent': this.#options.userAgent, ...identity.headers },
      agent,
    };
  }

  traced(method: string, path: string, startedAt: number, status: number | undefined, problem?: unknown): void {
    const ms = Math.round((this.clock.monotonic() - startedAt) * 10) / 10;
    const said = problem === undefined ? {} : { problem: problem instanceof Error ? problem.message : String(problem) };
    this.#options.trace?.({ at: this.clock.now() - Math.round(ms), method, path, status, ms, ...said });
  }

  renew(rejected: Identity): boolean {
    return this.#options.credentials.renew(rejected);
  }

  async rejected(problem: Problem): Promise<Problem> {
    const end = this.#lastCert === undefined ? undefined : certificateEnd(this.#lastCert);
    if (end === undefined || end > this.clock.now()) return problem;
    return new Problem('unauthorized', `unauthorized: the client certificate expired on ${day(end)}.`, {
      hint: 'Get a new kubeconfig for this user.',
      status: 401,
      cause: problem,
    });
  }

  async explain(error: unknown): Promise<Error> {
    const { cluster, proxy } = this.#options;
    const cause = error instanceof NoAnswer ? error.cause : error;
    if (cause instanceof AnswerTooLarge)
      return new Problem('protocol', `${theApiServer(this.server)} sent too much: ${cause.message}.`, { cause });
    if (codeOf(cause) === 'CERT_HAS_EXPIRED') {
      const end = proxy ? undefined : await serverCertificateEnd(this.#url, cluster.tlsServerName);
      return new Problem(
        'unreachable',
        `The certificate of the API server at ${this.#url.host} expired${end === undefined ? '' : ` on ${day(end)}`}.`,
        { cause },
      );
    }
    const problem = connectionProblem(cause, this.server);
    return problem instanceof Problem && problem.kind === 'unauthorized' ? this.rejected(problem) : problem;
  }

  lastHeard(): number {
    return this.#lastHeard;
  }

  heard(): void {
    this.#lastHeard = this.clock.monotonic();
  }

  dropIdle(): void {
    this.#pool.dropIdle();
  }

  close(): void {
    this.#pool.close();
  }

  /** An answer with a 2xx status, after as many tries as are safe and useful. */
  async #send(request: ServerRequest): Promise<Incoming> {
    const { method = 'GET', what, signal } = request;
    const asked = { server: this.server, what };
    let tries = firstTry(this.#url.pathname.replace(/\/+$/, '') + request.path);
    for (;;) {
      const answer = await this.#once(request, tries);
      if (answer === 'stale') {
        this.#pool.dropIdle();
        tries = nextTry(tries);
        continue;
      }
      const { status, headers } = answer;
      if (status >= 200 && status < 300 && headers['content-type']?.startsWith('text/html') !== true) return answer;
      const body = await this.#read(answer, ERROR_LIMIT).catch(() => Buffer.alloc(0)); // The status alone is enough.
      signal?.throwIfAborted();
      const step = stepAfter({ status, headers, body: body.toString('utf8') }, tries, method, asked);
      if (step.kind === 'failed') throw step.problem;
      if (step.kind === 'rejected' || (step.kind === 'renew' && !this.renew(answer.identity))) throw await this.rejected(step.problem);
      if (step.kind === 'wait') await this.clock.sleep(step.ms, signal);
      tries = step.tries;
    }
  }

  /** One try. `stale`: the server had closed the kept connection, and another try makes sense. */
  async #once(request: ServerRequest, { where, attempt }: Tries): Promise<Answered | 'stale'> {
    const { method = 'GET', signal } = request;
    try {
      return await this.#exchange(request, where);
    } catch (error) {
      if (error instanceof NoAnswer && error.stale && method === 'GET' && attempt < MOST_TRIES) return 'stale';
      signal?.throwIfAborted();
      throw await this.explain(error);
    }
  }

  async #exchange(request: ServerRequest, where: string): Promise<Answered> {
    const { method = 'GET', path, body, contentType = 'application/json', signal } = request;
    const { userAgent, limits } = this.#options;
    const { identity, agent } = await abortable(this.#identify(), signal);
    const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const startedAt = this.clock.monotonic();
    try {
      const answer = await exchange({
        server: this.#url,
        agent,
        method,
        path: where,
        body: payload,
        unzip: true,
        signal,
        clock: this.clock,
        headers: {
          Accept: 'application/json',
          'User-Agent': userAgent,
          ...identity.headers,
          ...(request.gzip ? { 'Accept-Encoding': 'gzip' } : {}),
          ...(payload ? { 'Content-Type': contentType, 'Content-Length': String(payload.length) } : {}),
        },
        // Covers the head and the body, but not the wait for a credential plug-in.
        limits: { totalMs: request.timeoutMs ?? limits?.timeoutMs ?? DEFAULT_TIMEOUT_MS, connectMs: limits?.connectMs },
      });
      this.heard();
      this.traced(method, path, startedAt, answer.status);
      return { ...answer, identity };
    } catch (error) {
      this.traced(method, path, startedAt, undefined, error);
      throw error;
    }
  }

  async #read({ body }: Incoming, most: number): Promise<Buffer> {
    const bytes = await readAll(body, most);
    this.heard();
    return bytes;
  }

  async #identify(): Promise<{ readonly identity: Identity; readonly agent: SocketIdentity['agent'] }> {
    const { credentials } = this.#options;
    const identity = await credentials.identity();
    this.#lastCert = identity.cert;
    const agent = this.#pool.agent({ ca: await credentials.authority(), cert: identity.cert, key: identity.key });
    return { identity, agent };
  }
}
