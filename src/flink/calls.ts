import * as z from 'zod/mini';
import { backoff, type BackoffOptions } from '../support/backoff.ts';
import type { Clock } from '../support/clock.ts';
import { pageTitle } from '../support/page.ts';
import { isAbort, Problem } from '../support/problem.ts';
import { abortable, lifetime } from '../support/waiting.ts';
import { pageProblem, problemOfAnswer } from './error-answer.ts';
import { isCertificate, problemOfNoAnswer } from './no-answer.ts';
import type { HttpAnswer, HttpBody, HttpRequest, Transport } from './transport.ts';
import type { Call, ReadBody } from './call.ts';
import type { RestRoute, RestRouter } from './types.ts';
import { NoAnswer } from '../http/http-exchange.ts';
import { codeOf } from '../http/failures.ts';

/** For reads: generous enough for a loaded JobManager, short enough for a person. */
export const readTimeoutMs = 10_000;

/**
 * The last try begins within this time, however many are left: a JobManager that accepts connections and never answers makes every try last
 * its full time.
 */
const mostTriesMs = 60_000;

/** One line of a trace. Never a header or a body. */
export interface TraceEntry {
  readonly method: string;
  readonly path: string;
  /** Undefined: there was no answer. */
  readonly status: number | undefined;
  readonly ms: number;
}

export interface CallSpec<S extends z.ZodMiniType> {
  readonly method: HttpRequest['method'];
  readonly path: string;
  readonly schema: S;
  readonly json?: unknown;
  readonly body?: HttpBody;
  /**
   * Doing it twice has the same effect as doing it once, so it may be sent again after a lost answer. Other requests are sent again only if
   * the server cannot have seen them.
   */
  readonly repeatable: boolean;
  readonly timeoutMs: number;
}

export interface Sent<T> {
  readonly value: T;
  /** An earlier answer to the same request was lost: the server may have acted on it. */
  readonly repeated: boolean;
}

/** Typed calls: each asks for a route, limits its tries and checks the answer. Every method rejects with a `Problem` or an `AbortError`. */
export interface Calls {
  /** Callers that ask for the same path with the same schema at the same time share one request. */
  get<S extends z.ZodMiniType>(path: string, schema: S, call?: Call): Promise<z.output<S>>;
  send<S extends z.ZodMiniType>(spec: CallSpec<S>, call?: Call): Promise<Sent<z.output<S>>>;
  /** Reads an answer of any length that is not JSON, piece by piece. */
  read<T>(path: string, read: ReadBody<T>, call?: Call): Promise<T>;
}

export interface CallsOptions {
  readonly router: RestRouter;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly maxAttempts: number;
  readonly backoff: BackoffOptions;
  readonly trace: ((entry: TraceEntry) => void) | undefined;
}

export function createCalls(options: CallsOptions): Calls {
  const flights = new Map<string, Flight>();

  const send: Calls['send'] = async (spec, call = {}) => {
    const text = spec.json === undefined ? undefined : JSON.stringify(spec.json);
    const body = text === undefined ? spec.body : jsonBody(text);
    const request: HttpRequest = {
      method: spec.method,
      path: spec.path,
      timeoutMs: call.timeoutMs ?? spec.timeoutMs,
      fresh: !spec.repeatable,
      body,
      signal: call.signal,
    };
    const { answer, route, repeated } = await deliver(options, request, spec.repeatable);
    return { value: read(answer, spec.schema, spec.method, spec.path, route), repeated };
  };

  const land = (path: string, flight: Flight) => {
    if (flights.get(path) === flight) flights.delete(path);
  };

  return {
    send,
    async read<T>(path: string, read: ReadBody<T>, call: Call = {}): Promise<T> {
      const values: T[] = [];
      const take = async (body: AsyncIterable<Uint8Array>): Promise<void> => {
        values[0] = await read(body);
      };
      await deliver(options, { method: 'GET', path, timeoutMs: call.timeoutMs ?? readTimeoutMs, signal: call.signal, take }, true);
      // An answer that is not an error was taken.
      return values[0] as T;
    },
    async get<S extends z.ZodMiniType>(path: string, schema: S, call: Call = {}): Promise<z.output<S>> {
      call.signal?.throwIfAborted();
      let flight = flights.get(path);
      if (flight?.schema !== schema) {
        const ended = lifetime();
        const asked = { signal: ended.signal, timeoutMs: call.timeoutMs };
        const started: Flight = {
          schema,
          answer: send({ method: 'GET', path, schema, repeatable: true, timeoutMs: readTimeoutMs }, asked).finally(() =>
            land(path, started),
          ),
          waiting: 0,
          end() {
            land(path, started);
            ended.end();
          },
        };
        flight = started;
        flights.set(path, flight);
      }
      const sent = await board(flight, call.signal);
      return sent.value as z.output<S>;
    },
  };
}

interface Flight {
  /** How the answer is read: another one would give another value. */
  readonly schema: z.ZodMiniType;
  readonly answer: Promise<Sent<unknown>>;
  waiting: number;
  readonly end: () => void;
}

/** Waits for a shared answer; the request is aborted once nobody waits for it any more. */
async function board(flight: Flight, signal: AbortSignal | undefined): Promise<Sent<unknown>> {
  flight.waiting += 1;
  try {
    return await abortable(flight.answer, signal);
  } finally {
    flight.waiting -= 1;
    if (flight.waiting === 0 && signal?.aborted === true) flight.end();
  }
}

/** How one try ended. */
type Outcome =
  | { readonly kind: 'answered' | 'busy'; readonly answer: HttpAnswer; readonly route: RestRoute }
  | { readonly kind: 'failed'; readonly problem: Problem; readonly again: boolean; readonly seen: boolean };

async function deliver(
  options: CallsOptions,
  request: HttpRequest,
  repeatable: boolean,
): Promise<{ answer: HttpAnswer; route: RestRoute; repeated: boolean }> {
  const waits = backoff(options.backoff);
  const begun = options.clock.monotonic();
  let repeated = false;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await tryOnce(options, request, repeatable);
    const isLast = attempt >= options.maxAttempts || options.clock.monotonic() - begun > mostTriesMs;
    if (outcome.kind === 'failed') {
      repeated ||= outcome.seen;
      if (!outcome.again || isLast) throw repeated ? withLostAnswer(outcome.problem) : outcome.problem;
    } else if (outcome.kind === 'answered' || isLast) {
      const { answer, route } = outcome;
      if (answer.status >= 200 && answer.status <= 299) return { answer, route, repeated };
      const problem = problemOfAnswer(answer, request.method, request.path, route);
      throw repeated ? withRepeated(problem) : problem;
    }
    await options.clock.sleep(waits.next(), request.signal);
  }
}

async function tryOnce(options: CallsOptions, request: HttpRequest, repeatable: boolean): Promise<Outcome> {
  let route: RestRoute | undefined;
  try {
    route = await options.router.route(request.signal);
    const answer = await traced(options, request, route);
    return { kind: isBusy(answer, repeatable) ? 'busy' : 'answered', answer, route };
  } catch (error) {
    if (isAbort(error) || request.signal?.aborted === true) throw error;
    const judged = judge(error, route, repeatable);
    if (route !== undefined && !(error instanceof NoAnswer && error.reused)) options.router.lost(route);
    return { kind: 'failed', ...judged };
  }
}

/** A proxy answers 502 and 504 even if the server behind it has seen the request. */
const isBusy = ({ status }: HttpAnswer, repeatable: boolean): boolean =>
  status === 503 || status === 429 || (repeatable && (status === 502 || status === 504));

const repeatedProblems = new WeakSet<Problem>();
const lostAnswers = new WeakSet<Problem>();

function withLostAnswer(problem: Problem): Problem {
  lostAnswers.add(problem);
  return problem;
}

/** True if no answer came although the request was on its way: the server may have acted on it. */
export const answerWasLost = (problem: unknown): boolean => problem instanceof Problem && lostAnswers.has(problem);

function withRepeated(problem: Problem): Problem {
  repeatedProblems.add(problem);
  return problem;
}

/** True for a refusal of a request that was sent earlier and whose answer was lost: the refusal may be the effect of the first one. */
export const refusedAfterLostAnswer = (problem: unknown): problem is Problem => problem instanceof Problem && repeatedProblems.has(problem);

function judge(error: unknown, route: RestRoute | undefined, repeatable: boolean): { problem: Problem; again: boolean; seen: boolean } {
  if (error instanceof NoAnswer && route !== undefined) {
    // The route may give its own reason; whether the server saw the request is a separate question.
    if (error.cause instanceof Problem)
      return { problem: error.cause, again: (repeatable || !error.begun) && mayPass(error.cause), seen: error.begun };
    const code = codeOf(error.cause);
    const again = (repeatable || !error.begun) && !isCertificate(code) && code !== 'ENOTFOUND';
    return { problem: problemOfNoAnswer(error, route), again, seen: error.begun };
  }
  if (error instanceof Problem) return { problem: error, again: mayPass(error), seen: false };
  throw error;
}

const mayPass = ({ kind }: Problem): boolean => kind === 'unreachable' || kind === 'unavailable';

async function traced(options: CallsOptions, request: HttpRequest, route: RestRoute): Promise<HttpAnswer> {
  const started = options.clock.monotonic();
  let status: number | undefined;
  try {
    const answer = await options.transport.exchange(route, request);
    status = answer.status;
    return answer;
  } finally {
    options.trace?.({ method: request.method, path: request.path, status, ms: options.clock.monotonic() - started });
  }
}

function jsonBody(text: string): HttpBody {
  const bytes = Buffer.from(text, 'utf8');
  return { contentType: 'application/json; charset=UTF-8', length: bytes.byteLength, open: () => [bytes] };
}

function read<S extends z.ZodMiniType>(answer: HttpAnswer, schema: S, method: string, path: string, route: RestRoute): z.output<S> {
  const endpoint = `${method} ${path.replace(/\?.*$/, '')}`;
  let body: unknown;
  try {
    body = answer.text === '' ? {} : JSON.parse(answer.text);
  } catch (error) {
    const title = pageTitle(answer.text);
    if (title !== undefined) throw pageProblem(title, answer, method, path.replace(/\?.*$/, ''), route);
    const encoding = answer.headers['content-encoding'];
    if (encoding !== undefined)
      throw new Problem(
        'protocol',
        `The answer of ${route.description} to ${endpoint} is compressed (${encoding}), which was not asked for: it is not read.`,
        { hint: 'Name an address that reaches Flink without this proxy.', status: answer.status, cause: error },
      );
    throw new Problem('protocol', `The answer of ${route.description} to ${endpoint} is not JSON.`, {
      hint: 'Check that a Flink JobManager listens there.',
      status: answer.status,
      cause: error,
    });
  }
  const result = z.safeParse(schema, body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const member = issue === undefined || issue.path.length === 0 ? 'as a whole' : issue.path.map(String).join('.');
  const expected = issue?.code === 'invalid_type' ? `: ${issue.expected} expected` : '';
  throw new Problem('protocol', `The answer of ${route.description} to ${endpoint} is not what Flink promises (${member}${expected}).`, {
    status: answer.status,
    cause: result.error,
  });
}
