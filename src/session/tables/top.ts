import type { TopVertex } from '../../inside/vertex/top.ts';
import { formatAge, formatPercent, formatRate } from '../../support/format.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { orDash, type Column } from './column.ts';

/** One line of the table of vertices that need a look. */
export interface TopRow extends TopVertex {
  readonly key: string;
  /** The clock of the JobManager. */
  readonly now: number;
}

export const topRow = (vertex: TopVertex, now: number): TopRow => ({ ...vertex, key: vertex.id, now });

const figure = (
  title: string,
  drop: number,
  format: (value: number) => string,
  value: (row: TopRow) => number | undefined,
): Column<TopRow> => ({
  title,
  min: 4,
  max: 6,
  align: 'right',
  drop,
  descending: true,
  text: (row) => orDash(value(row), format),
  value,
});

const longestMs = ({ longest, now }: TopRow): number | undefined => (longest === undefined ? undefined : Math.max(0, now - longest.since));

/** What is largest comes first, whatever a user sorts by. */
export const topColumns: readonly Column<TopRow>[] = [
  { title: 'VERTEX', min: 16, max: 60, drop: 0, cut: 'middle', text: ({ name }) => oneLine(name) },
  { title: 'STATE', min: 8, max: 12, drop: 6, text: ({ state }) => oneLine(state) },
  { title: 'P', min: 2, max: 5, align: 'right', drop: 7, text: ({ parallelism }) => String(parallelism), value: (row) => row.parallelism },
  figure('BUSY', 0, formatPercent, ({ load }) => load?.busiest),
  figure('AVG', 8, formatPercent, ({ load }) => load?.busyAverage),
  figure('BACK', 0, formatPercent, ({ load }) => load?.mostBackPressured),
  figure(
    'SKEW',
    1,
    (percent) => `${Math.round(percent)}%`,
    ({ load }) => load?.skew?.percent,
  ),
  figure('LAG', 2, formatAge, ({ load }) => load?.lagMs),
  figure('IN/S', 4, formatRate, ({ load }) => load?.recordsIn),
  figure('OUT/S', 5, formatRate, ({ load }) => load?.recordsOut),
  figure('FOR', 3, formatAge, longestMs),
  {
    title: 'LONGEST',
    min: 8,
    max: 20,
    drop: 9,
    text: ({ longest }) => (longest === undefined ? '-' : `#${longest.subtask} ${oneLine(longest.state)}`),
  },
];

/** What the vertices of a job can be ranked by: the word, and the column. */
export const topOrders = { busy: 'busy', skew: 'skew', lag: 'lag', state: 'for' } as const;
export type TopOrder = keyof typeof topOrders;
