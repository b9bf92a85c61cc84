import type { Instant } from '../../support/clock.ts';
import { formatTime } from '../../support/format.ts';
import type { Column } from './column.ts';

/** One row of a card: a line of it, or what of the line has no room in the row above. */
export interface IncidentRow {
  readonly id: string;
  /** Its place on the card, which is the only order that it has. */
  readonly number: number;
  readonly at: Instant | undefined;
  /** What the line is, in a word. */
  readonly what: string;
  readonly text: string;
}

/** The room of all columns but the last one, with a gap behind each. */
export const incidentMargin = 20;

export const incidentColumns: readonly Column<IncidentRow>[] = [
  { title: 'WHEN', min: 8, max: 8, drop: 0, text: ({ at }) => (at === undefined ? '' : formatTime(at)), value: ({ number }) => number },
  { title: 'WHAT', min: 10, max: 10, drop: 0, text: ({ what }) => what, value: ({ number }) => number },
  { title: 'IN WORDS', min: 20, max: 400, drop: 0, text: ({ text }) => text, value: ({ number }) => number },
];
