import type { IncomingHttpHeaders } from 'node:http';
import type { Problem } from '../../support/problem.ts';
import { answerProblem } from './answer-problem.ts';
import type { Asked } from './status.ts';

/** The state of a request after its tries so far. */
export interface Tries {
  /** Path with query for the next try. */
  readonly where: string;
  readonly attempt: number;
  /** Redirects followed. */
  readonly hops: number;
  /** Rejected credentials were renewed. */
  readonly renewed: boolean;
}

export interface Refusal {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The reaction to an error answer. */
export type Step =
  | { readonly kind: 'follow'; readonly tries: Tries }
  /** Try with other credentials if there are any, otherwise reject with the problem. */
  | { readonly kind: 'renew'; readonly tries: Tries; readonly problem: Problem }
  | { readonly kind: 'wait'; readonly tries: Tries; readonly ms: number }
  | { readonly kind: 'rejected'; readonly problem: Problem }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** The longest that a request itself waits for a busy server; longer waits are up to the caller. */
const MOST_RETRY_AFTER_MS = 3_000;
export const MOST_TRIES = 3;
const MOST_HOPS = 5;

export const firstTry = (where: string): Tries => ({ where, attempt: 1, hops: 0, renewed: false });

export const nextTry = (tries: Tries): Tries => ({ ...tries, attempt: tries.attempt + 1 });

/** Retries if that is safe and useful: a redirect within the server, rejected credentials once, a busy server. */
export function stepAfter(refusal: Refusal, tries: Tries, method: string, asked: Asked): Step {
  const { status, headers, body } = refusal;
  const again = nextTry(tries);
  const next = method === 'GET' && tries.hops < MOST_HOPS ? samePlace(refusal, new URL(tries.where, asked.server)) : undefined;
  if (next !== undefined) return { kind: 'follow', tries: { ...again, where: next, hops: tries.hops + 1 } };
  const problem = answerProblem(status, headers, body, asked);
  if (status === 401) return tries.renewed ? { kind: 'rejected', problem } : { kind: 'renew', tries: { ...again, renewed: true }, problem };
  const ms = problem.retryAfterMs;
  // 429 is sent before anything was done, so any verb may be repeated; after 503 only a GET.
  const repeatable = status === 429 || (status === 503 && method === 'GET');
  if (!repeatable || ms === undefined || ms > MOST_RETRY_AFTER_MS || tries.attempt >= MOST_TRIES) return { kind: 'failed', problem };
  return { kind: 'wait', tries: again, ms };
}

/** The target of a redirect if it is on the same server: the credentials are not sent to any other. */
function samePlace({ status, headers: { location } }: Refusal, from: URL): string | undefined {
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined || !URL.canParse(location, from)) return undefined;
  const { origin, pathname, search } = new URL(location, from);
  return origin === from.origin ? pathname + search : undefined;
}
