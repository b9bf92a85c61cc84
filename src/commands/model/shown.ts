import type { WhyAbout } from './types.ts';

export type ShownPanel = 'pods' | 'jobs' | 'operations' | 'timeline' | 'log' | 'text';

/** What the user looks at. */
export interface Shown {
  /** Keys that were pressed so far; a paste is one. */
  readonly keys: number;
  /** Where the keys go: a panel, or the command line. */
  readonly focus: ShownPanel | 'command';
  /** What the text that is open is about. */
  readonly about: WhyAbout | undefined;
  /** The rows that a panel shows, without colours; none if it is not on the screen. */
  rows(panel: ShownPanel): readonly string[];
  /** The line on which the log stands, with its pod and a few lines below it; undefined if it stands on none. */
  readonly logPlace: { readonly pod: string | undefined; readonly lines: readonly string[] } | undefined;
}

/** Tells what is shown, now and after each change, until the answer is called. */
export type Watch = (look: (shown: Shown) => void) => () => void;
