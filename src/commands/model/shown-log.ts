import type { KeptLine, LogView, ViewLine } from '../../session/types.ts';
import type { Instant } from '../../support/clock.ts';
import type { Zone } from '../../support/format.ts';

/** The log on the screen. */
export interface ShownLog {
  /** The short name of its only pod, otherwise what they are together: `3 pods`. */
  readonly name: string;
  /** Its lines and the timeline between them: what passes its filter. */
  readonly shown: LogView;
  /** All lines that are held of its pods. */
  readonly held: () => LogView;
  /** The same with those on disk, in the order of time; undefined: nothing is on disk. */
  readonly all: ((signal: AbortSignal) => AsyncIterable<readonly KeptLine[]>) | undefined;
  readonly marked: readonly ViewLine[];
  /** Number of the line that keys act on. */
  readonly current: number | undefined;
  /** The name of a pod next to its lines; undefined: all are of one pod. */
  readonly nameOf: ((pod: string) => string) | undefined;
}

/** The times of the log on the screen. */
export interface LogTime {
  readonly zone: () => Zone;
  /** To the line that is nearest to that moment. */
  goTo(at: Instant): void;
  /** Shows only lines of that time; undefined: of any. */
  only(range: { readonly since: Instant | undefined; readonly until: Instant | undefined } | undefined): void;
}
