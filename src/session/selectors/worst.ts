import type { Instant } from '../../support/clock.ts';
import type { Session } from '../types.ts';
import { findTroubles } from './troubles.ts';

/** The cluster's worst problem, in words. */
export interface Worst {
  readonly severity: 'warn' | 'error';
  /** One sentence without its full stop. */
  readonly text: string;
  /** The command line that goes deeper; undefined if there is nothing to type. */
  readonly command: string | undefined;
  /** When it began, if how long it lasts belongs to the sentence. */
  readonly since?: Instant;
  /** Problems besides this one. */
  readonly more: number;
}

/** What is wrong does not change within a second, unless something is told. */
const secondMs = 1_000;

let last: { readonly session: Session; readonly second: number; readonly worst: Worst | undefined } | undefined;

/** The one line `!`: what is worst now; undefined if nothing is wrong. It remembers one answer: several parts of a frame ask. */
export function selectWorst(session: Session, now: Instant): Worst | undefined {
  const second = Math.floor(now / secondMs);
  if (last?.session !== session || last.second !== second) last = { session, second, worst: worstOf(session, now) };
  return last.worst;
}

function worstOf(session: Session, now: Instant): Worst | undefined {
  const [worst, ...others] = findTroubles(session, now);
  return worst === undefined ? undefined : { severity: worst.severity, ...worst.words(), more: others.length };
}
