import type { AggregatedMetric } from '../../flink/vertex-types.ts';
import type { Aggregate } from '../../inside/vertex/read-metrics.ts';
import type { Series, SeriesFacts } from '../../inside/vertex/series.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatAge } from '../../support/format.ts';
import type { Column } from './column.ts';

/** How a metric of many subtasks becomes one number. */
export const aggregations = ['min', 'max', 'avg', 'sum', 'skew'] as const;
export type Aggregation = (typeof aggregations)[number];

/** A number of any size: whole ones in full, others with the digits that matter. */
export function formatFigure(value: number | undefined): string {
  if (value === undefined) return '-';
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 1_000 ? String(Math.round(value)) : String(Number(value.toPrecision(4)));
}

const nameColumn: Column<{ readonly name: string }> = {
  title: 'METRIC',
  min: 20,
  max: 80,
  drop: 0,
  cut: 'middle',
  text: ({ name }) => oneLine(name),
};

/** Skew is a percentage, and in no unit of the metric. */
const aggregationColumn = (aggregation: Aggregation, index: number): Column<AggregatedMetric> => ({
  title: aggregation.toUpperCase(),
  min: 5,
  max: 14,
  align: 'right',
  drop: index + 1,
  descending: true,
  text: (row) => {
    const value = row[aggregation];
    return aggregation === 'skew' && value !== undefined ? `${formatFigure(value)}%` : formatFigure(value);
  },
  value: (row) => row[aggregation],
});

export const metricColumns = (shown: readonly Aggregation[]): readonly Column<AggregatedMetric>[] => [
  nameColumn,
  ...shown.map(aggregationColumn),
];

/** How much older a value is than the newest one; undefined: it was never read. */
export interface Aged {
  readonly ageMs: number | undefined;
}

/** So many metrics are read in turn that values have different ages. */
const ageColumn: Column<Aged> = {
  title: 'AGE',
  min: 4,
  max: 5,
  align: 'right',
  drop: 6,
  descending: true,
  optional: ({ ageMs }) => ageMs !== 0,
  text: ({ ageMs }) => formatAge(ageMs),
  value: ({ ageMs }) => ageMs,
};

const ageOf = ({ at }: SeriesFacts<unknown>, { readAt }: Series<unknown>): number | undefined =>
  readAt === undefined ? undefined : at - readAt;

/** A metric of a vertex on the screen. */
export interface MetricRow extends AggregatedMetric, Aged {
  readonly series: Series<Aggregate>;
}

const noAggregate: Aggregate = { min: undefined, max: undefined, avg: undefined, sum: undefined, skew: undefined };

export const metricRows = (facts: SeriesFacts<Aggregate>): readonly MetricRow[] =>
  facts.series.map((series) => ({ name: series.name, ...(series.value ?? noAggregate), ageMs: ageOf(facts, series), series }));

export const shownMetricColumns: readonly Column<MetricRow>[] = [...metricColumns(aggregations), ageColumn];

/** A metric of one subtask, or of the job. */
export interface ValueRow {
  readonly name: string;
  readonly subtask: number | undefined;
  readonly value: number | undefined;
}

/** A metric of a subtask on the screen. */
export interface SubtaskMetricRow extends ValueRow, Aged {
  readonly series: Series<number>;
}

export const subtaskMetricRows = (facts: SeriesFacts<number>): readonly SubtaskMetricRow[] =>
  facts.series.map((series) => ({ name: series.name, subtask: undefined, value: series.value, ageMs: ageOf(facts, series), series }));

export const valueColumns: readonly Column<ValueRow>[] = [
  nameColumn,
  {
    title: '#',
    min: 3,
    max: 5,
    align: 'right',
    drop: 0,
    optional: ({ subtask }) => subtask !== undefined,
    text: ({ subtask }) => String(subtask),
    value: ({ subtask }) => subtask,
  },
  {
    title: 'VALUE',
    min: 8,
    max: 20,
    align: 'right',
    drop: 0,
    descending: true,
    text: ({ value }) => formatFigure(value),
    value: ({ value }) => value,
  },
];

export const subtaskMetricColumns: readonly Column<SubtaskMetricRow>[] = [...valueColumns, ageColumn];
