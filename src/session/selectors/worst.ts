import type { Instant } from '../../support/clock.ts';
import type { Session } from '../types.ts';
import type { TroubleWords } from './trouble.ts';
import { findTroubles } from './troubles.ts';

/** The cluster's worst problem, in words. */
export interface Worst extends TroubleWords {
  readonly severity: 'warn' | 'error';
  /** Number of other problems. */
  readonly more: number;
}

/** Without a change, the trouble stays the same within a second. */
const secondMs = 1_000;

let last: { readonly session: Session; readonly second: number; readonly worst: Worst | undefined } | undefined;

/**
 * The worst trouble now, for the line that begins with `!`; undefined if nothing is wrong. It remembers one answer, because several parts
 * of a frame need it.
 */
export function selectWorst(session: Session, now: Instant): Worst | undefined {
  const second = Math.floor(now / secondMs);
  if (last?.session !== session || last.second !== second) last = { session, second, worst: worstOf(session, now) };
  return last.worst;
}

function worstOf(session: Session, now: Instant): Worst | undefined {
  const [worst, ...others] = findTroubles(session, now);
  return worst === undefined ? undefined : { severity: worst.severity, ...worst.words(), more: others.length };
}
