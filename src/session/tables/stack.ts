import type { FailureFacts } from '../../inside/exceptions/failures.ts';
import { failureLines, lineText, type FailureLine } from '../../inside/exceptions/lines.ts';
import { oneLine } from '../../support/foreign-text.ts';
import type { Column } from './column.ts';

/** A line about a failure, with its place: lines can be the same. */
export interface StackRow {
  readonly id: string;
  readonly line: FailureLine;
}

export const stackRows = (failure: FailureFacts, folded: boolean): readonly StackRow[] =>
  failureLines(failure, folded).map((line, index) => ({ id: String(index), line }));

/** Long enough for any message; the panel cuts it to its width. */
const longestLine = 2_000;

export const stackColumns: readonly Column<StackRow>[] = [
  {
    title: 'ROOT CAUSE FIRST',
    min: 20,
    max: 4_000,
    drop: 0,
    text: ({ line }) => lineText({ ...line, text: oneLine(line.text, longestLine) }),
    value: ({ id }) => Number(id),
  },
];
