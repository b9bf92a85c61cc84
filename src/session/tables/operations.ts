import { formatAge, formatDateTime, formatTime } from '../../support/format.ts';
import type { Operation } from '../types.ts';
import { oneLine } from '../../support/foreign-text.ts';
import type { CellForm, Column } from './column.ts';

/** A row of the operations table; the journal has one more state, for operations that nobody waits for. */
export type OperationRow = Pick<Operation, 'title' | 'startedAt' | 'endedAt' | 'progress' | 'result'> & { readonly state: string };

const tookMs = ({ startedAt, endedAt }: OperationRow, { now }: CellForm): number => (endedAt ?? now) - startedAt;

/** Long enough for any path; the panel cuts it to its width. */
const longestResult = 1_000;

export const operationColumns: readonly Column<OperationRow>[] = [
  { title: 'OPERATION', min: 18, max: 60, drop: 0, text: ({ title }) => oneLine(title) },
  { title: 'STATE', min: 11, max: 11, drop: 1, text: ({ state }) => state },
  {
    title: 'TOOK',
    min: 4,
    max: 4,
    align: 'right',
    drop: 3,
    descending: true,
    ticks: true,
    text: (row, form) => formatAge(tookMs(row, form)),
    value: tookMs,
  },
  {
    title: 'STARTED',
    min: 8,
    max: 8,
    drop: 4,
    descending: true,
    text: ({ startedAt }, { whole }) => (whole ? formatDateTime(startedAt) : formatTime(startedAt)),
    value: ({ startedAt }) => startedAt,
  },
  {
    title: 'RESULT',
    min: 12,
    max: 400,
    drop: 2,
    cut: 'path',
    text: ({ result, progress }) => oneLine(result ?? progress ?? '', longestResult),
    value: ({ result }) => result,
  },
];
