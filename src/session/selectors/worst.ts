import type { Instant } from '../../support/clock.ts';
import type { Session } from '../types.ts';
import { findTroubles } from './troubles.ts';

/** The cluster's worst problem, in words. */
export interface Worst {
  readonly severity: 'warn' | 'error';
  /** One sentence without a full stop. */
  readonly text: string;
  /** The command line that explains it; undefined if there is none. */
  readonly command: string | undefined;
  /** When it began, if the sentence includes how long it has lasted. */
  readonly since?: Instant | undefined;
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
