import { harmlessSentence } from './foreign-text.ts';
import { maskShapes } from './secret-shapes.ts';

/**
 * What can go wrong at a border (a server, a file, a command line), as a type that every room understands.
 *
 * - `unreachable`: no answer: refused, timed out, reset, name not found
 * - `unauthorized`: the caller was not recognised (401, rejected or expired credentials)
 * - `forbidden`: recognised, but not allowed (403)
 * - `not-found`, `conflict` (409), `gone` (410: a resource version that the server no longer holds)
 * - `invalid`: the server or drey itself rejects the request (400, 422, a bad option value)
 * - `unavailable`: alive, but not able to answer now (429, 500, 503, a leader election)
 * - `protocol`: an answer that is not what the protocol promises
 * - `usage`: a command line that cannot be understood
 * - `failed`: the work was done and did not succeed (a failed savepoint, a failed job)
 */
export type ProblemKind =
  | 'unreachable'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'gone'
  | 'invalid'
  | 'unavailable'
  | 'protocol'
  | 'usage'
  | 'failed';

export interface ProblemOptions {
  /** What to try next, as a separate sentence. */
  readonly hint?: string | undefined;
  /** The HTTP status, if there was one. */
  readonly status?: number | undefined;
  /** How long the server asked to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** Foreign text in a sentence must not drive the terminal, and secrets are masked by their shape. */
const said = (text: string): string => maskShapes(harmlessSentence(text));

/** An error for a person: `message` is one sentence that names the thing and the reason. The cause is for the log file. */
export class Problem extends Error {
  readonly kind: ProblemKind;
  readonly hint: string | undefined;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(kind: ProblemKind, message: string, options: ProblemOptions = {}) {
    super(said(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Problem';
    this.kind = kind;
    this.hint = options.hint === undefined ? undefined : said(options.hint);
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The same problem with one more hint. */
export function withHint(problem: Problem, more: string): Problem {
  const { kind, message, hint, status, retryAfterMs } = problem;
  return new Problem(kind, message, {
    hint: hint === undefined ? more : `${hint} ${more}`,
    cause: problem,
    status,
    retryAfterMs,
  });
}

/** True for the `Problem` of a 404. */
export const isNotFound = (error: unknown): boolean => error instanceof Problem && error.kind === 'not-found';

/** True for the `Problem` of a 403. */
export const isForbidden = (error: unknown): boolean => error instanceof Problem && error.kind === 'forbidden';

/** True for the error that `AbortSignal` throws: drey asked for it, so it is never an error to show. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || (error as NodeJS.ErrnoException).code === 'ABORT_ERR');
}

/** The sentence to show for any thrown value; a `Problem` with its hint. */
export function sentence(error: unknown): string {
  if (error instanceof Problem) return error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
  return said(error instanceof Error ? error.message : String(error));
}

/** Foreign text, ended like a sentence. */
export const asSentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** Any thrown value as a `Problem`; anything else is wrapped as `kind`. */
export function toProblem(error: unknown, kind: ProblemKind = 'protocol'): Problem {
  return error instanceof Problem ? error : new Problem(kind, sentence(error), { cause: error });
}
