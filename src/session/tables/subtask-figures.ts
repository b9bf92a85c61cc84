import type { SubtaskFigure } from '../../inside/vertex/subtask.ts';
import { timesAverage } from '../../inside/vertex/skew.ts';
import { formatAge, formatBytes, formatCount, formatPercent, formatRate } from '../../support/format.ts';
import { type Column, orDash } from './column.ts';

const formats: Readonly<Record<SubtaskFigure['unit'], (value: number) => string>> = {
  share: formatPercent,
  'records/s': (value) => `${formatRate(value)}/s`,
  'bytes/s': (value) => `${formatBytes(value)}/s`,
  records: formatCount,
  bytes: formatBytes,
  age: (ms) => formatAge(Math.max(0, ms)),
};

/** How many times the median it is; undefined: there is nothing to compare with. */
export const timesMedian = ({ value, median }: SubtaskFigure): number | undefined => timesAverage(value, median);

export const subtaskFigureColumns: readonly Column<SubtaskFigure>[] = [
  { title: 'FIGURE', min: 20, max: 24, drop: 0, text: ({ name }) => name },
  {
    title: 'VALUE',
    min: 8,
    max: 12,
    align: 'right',
    drop: 0,
    descending: true,
    text: ({ value, unit }) => orDash(value, formats[unit]),
    value: ({ value }) => value,
  },
  {
    title: 'MEDIAN',
    min: 8,
    max: 12,
    align: 'right',
    drop: 1,
    descending: true,
    text: ({ median, unit }) => orDash(median, formats[unit]),
    value: ({ median }) => median,
  },
  {
    title: 'TIMES',
    min: 6,
    max: 8,
    align: 'right',
    drop: 2,
    descending: true,
    text: (row) => orDash(timesMedian(row), (times) => `${times.toFixed(1)}x`),
    value: timesMedian,
  },
];
