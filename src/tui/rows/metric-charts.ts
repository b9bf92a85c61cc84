import { withGaps, type Series } from '../../inside/vertex/series.ts';
import { type Aggregation, formatFigure } from '../../session/tables/metrics.ts';
import type { Aggregate } from '../../inside/vertex/read-metrics.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatAge } from '../../support/format.ts';
import { pad } from '../../support/text-width.ts';
import type { Look } from '../look/look.ts';
import { chartLines } from './chart.ts';

/** A chart with its title. */
export interface Charted {
  readonly title: string;
  /** What the number is of: `max`. */
  readonly by: string;
  readonly value: number | undefined;
  readonly points: readonly (number | undefined)[];
  /** The points of the charts that it is compared with. */
  readonly among?: readonly (number | undefined)[];
  /** From its first point to its last one. */
  readonly spanMs: number;
}

const spanOf = ({ past }: Series<unknown>): number => (past.at(-1)?.at ?? 0) - (past[0]?.at ?? 0);

/** A metric over all subtasks. */
export const aggregateChart = (series: Series<Aggregate>, by: Exclude<Aggregation, 'skew'>): Charted => ({
  title: series.name,
  by,
  value: series.value?.[by],
  points: withGaps(series.past, (value) => value[by]),
  spanMs: spanOf(series),
});

/** A metric of one subtask. */
export const valueChart = (series: Series<number>, title: string): Charted => ({
  title,
  by: '',
  value: series.value,
  points: withGaps(series.past, (value) => value),
  spanMs: spanOf(series),
});

/** The same metric of several subtasks, on one scale. */
export function comparedCharts(series: readonly Series<number>[]): readonly Charted[] {
  const charts = series.map((one) => valueChart(one, `#${one.name}`));
  const among = charts.flatMap(({ points }) => points);
  return charts.map((chart) => ({ ...chart, among }));
}

/** A chart beside another one has at least this many cells. */
const leastWidth = 38;
const leastHeight = 4;
const mostHeight = 9;

interface Room {
  readonly width: number;
  readonly height: number;
}

/** How charts stand: as few beside each other as fit, so that each is as wide as possible. */
function gridOf(count: number, { width, height }: Room): { readonly columns: number; readonly rows: number } {
  const mostColumns = Math.max(1, Math.floor(width / leastWidth));
  const mostRows = Math.max(1, Math.floor(height / (leastHeight + 1)));
  const columns = Math.min(mostColumns, Math.max(1, Math.ceil(count / mostRows)));
  return { columns, rows: Math.min(mostRows, Math.max(1, Math.ceil(count / columns))) };
}

/** As many charts as fit, beside and below each other, each with a title and a scale. */
export function chartGrid(charts: readonly Charted[], room: Room, look: Look): readonly string[] {
  const { columns, rows } = gridOf(charts.length, room);
  const width = Math.floor((room.width - 1) / columns);
  const height = Math.max(1, Math.min(mostHeight, Math.floor(room.height / rows) - 1));
  return Array.from({ length: rows }, (_, row) => {
    const blocks = charts.slice(row * columns, (row + 1) * columns).map((chart) => chartBlock(chart, { width: width - 1, height }, look));
    return Array.from({ length: height + 1 }, (__, line) =>
      blocks
        .map((block) => ` ${pad(block[line] ?? '', width - 1, 'end', look.glyphs.ellipsis)}`)
        .join('')
        .trimEnd(),
    );
  }).flat();
}

function chartBlock(
  { title, by, value, points, among = [], spanMs }: Charted,
  { width, height }: Room,
  { theme, ascii }: Look,
): readonly string[] {
  const facts = [by, formatFigure(value), spanMs > 0 ? `over ${formatAge(spanMs)}` : ''].filter((fact) => fact !== '');
  const right = facts.join(' ');
  const name = oneLine(title);
  const room = Math.max(8, width - right.length - 1);
  const shown = name.length > room ? `…${name.slice(1 - room)}` : name;
  return [
    `${theme.paint('accent', shown)} ${theme.paint('muted', right)}`,
    ...chartLines(points, { width, height, ascii, format: formatFigure, among }),
  ];
}
