import type { Instant } from '../../support/clock.ts';

/** Worst first. Present trouble comes before past trouble, and a cause before its consequences. */
export const ranks = [
  'kubernetes',
  'cluster',
  'jobmanager',
  'flink',
  'lost',
  'taskmanager',
  'job',
  'gone',
  'warning',
  'waiting',
  'over',
] as const;

export interface TroubleWords {
  /** One sentence without a full stop. */
  readonly text: string;
  /** The command line that explains it; undefined if there is none. */
  readonly command: string | undefined;
  /** What it is about, by the key of the subject (`subjectKey`); absent: the whole cluster. */
  readonly about?: string;
  /** When it began, if the sentence includes how long it has lasted. */
  readonly since?: Instant | undefined;
}

/** A problem, for the line that begins with `!`. Its words are made only if they are shown: hundreds of pods can be in trouble. */
export interface Trouble {
  readonly rank: (typeof ranks)[number];
  /** Within one rank, the smallest comes first. */
  readonly order: number;
  readonly severity: 'warn' | 'error';
  readonly words: () => TroubleWords;
}

export const minute = 60_000;
/** Trouble that ended longer ago is past: it does not come before present trouble. */
export const freshMs = 2 * minute;
