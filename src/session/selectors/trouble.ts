import type { Instant } from '../../support/clock.ts';

/** Worst first. What stands now comes before what is over, and a cause before what follows from it. */
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

/** Something that is wrong, for the one line on the screen. Its words are made only if they are shown: hundreds of pods can be in trouble. */
export interface Trouble {
  readonly rank: (typeof ranks)[number];
  /** Among those of one rank, the smallest first. */
  readonly order: number;
  readonly severity: 'warn' | 'error';
  /** One sentence without its full stop, and the command line that goes deeper. */
  readonly words: () => { readonly text: string; readonly command: string | undefined; readonly since?: Instant };
}

export const minute = 60_000;
/** What ended longer ago is over: it does not come before what happens now. */
export const freshMs = 2 * minute;
