import { shareOf } from '../../inside/job/bottleneck.ts';
import type { JobInside, VertexInside } from '../../inside/job/types.ts';
import { tasksUp } from '../../inside/job/words.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatAge, formatBytes, formatPercent, formatRate } from '../../support/format.ts';
import { naturalOrder, type Column } from './column.ts';

/** One line of the vertices of a job. */
export interface VertexRow extends VertexInside {
  /** The others wait for it. */
  readonly bottleneck: boolean;
}

export const vertexRows = ({ vertices, bottleneck }: JobInside): readonly VertexRow[] =>
  vertices.map((each) => ({ ...each, bottleneck: bottleneck.kind === 'found' && bottleneck.id === each.vertex.id }));

const percent = (share: number | undefined): string => (share === undefined ? '-' : formatPercent(share));
const rate = (perSecond: number | undefined): string => (perSecond === undefined ? '-' : formatRate(perSecond));
const bytes = (perSecond: number | undefined): string => (perSecond === undefined ? '-' : formatBytes(perSecond));

type Figure = (row: VertexRow) => number | undefined;

/** A column of numbers, the largest first. */
const figure = (
  title: string,
  of: Figure,
  write: (value: number | undefined) => string,
  more: Partial<Column<VertexRow>>,
): Column<VertexRow> => ({
  title,
  min: 5,
  max: 5,
  align: 'right',
  drop: 3,
  descending: true,
  text: (row) => write(of(row)),
  value: of,
  ...more,
});

/**
 * The vertices of a job, in the order of the data flow. Shares are those of the mean subtask; MAX is that of the busiest one. The
 * bars and the past of a share are worth more than bytes, which come only on a very wide screen.
 */
export const vertexColumns: readonly Column<VertexRow>[] = [
  {
    title: 'NAME',
    min: 20,
    max: 200,
    drop: 0,
    cut: 'middle',
    text: ({ vertex }) => oneLine(vertex.name),
    value: ({ vertex }) => naturalOrder(vertex.name),
  },
  { title: 'STATE', min: 10, max: 14, drop: 5, text: ({ vertex }) => vertex.state },
  {
    title: 'TASKS',
    min: 5,
    max: 11,
    align: 'right',
    drop: 4,
    descending: true,
    text: (row) => `${tasksUp(row)}/${row.vertex.parallelism}`,
    value: tasksUp,
  },
  figure('BUSY', ({ load }) => load.busy, percent, { drop: 0, min: 11, max: 20 }),
  figure('MAX', (row) => shareOf(row, 'busy'), percent, { drop: 6 }),
  figure('BACK', ({ load }) => load.backPressured, percent, { drop: 0, min: 11, max: 20 }),
  figure('IDLE', ({ load }) => load.idle, percent, { drop: 8 }),
  figure('IN/S', ({ rates }) => rates.recordsIn, rate, { drop: 2 }),
  figure('OUT/S', ({ rates }) => rates.recordsOut, rate, { drop: 1 }),
  figure('BYTES IN/S', ({ rates }) => rates.bytesIn, bytes, { min: 24, max: 24, drop: 10, wide: true }),
  figure('BYTES OUT/S', ({ rates }) => rates.bytesOut, bytes, { min: 24, max: 24, drop: 11, wide: true }),
  {
    title: 'FOR',
    min: 4,
    max: 4,
    align: 'right',
    drop: 9,
    text: ({ vertex }) => formatAge(vertex.durationMs < 0 ? undefined : vertex.durationMs),
    value: ({ vertex }) => vertex.durationMs,
  },
];
