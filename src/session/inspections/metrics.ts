import { type Aggregate, readMetricBySubtask, readMetricsOfSubtask, readVertexMetrics } from '../../inside/vertex/read-metrics.ts';
import type { SeriesFacts } from '../../inside/vertex/series.ts';
import type { InspectionKind } from './inspection.ts';
import type { VertexOfJob } from './vertex.ts';

/** Metrics by name. */
interface Metrics extends VertexOfJob {
  /** The names that are on the screen: they are read each time, whatever others there are. */
  readonly first?: readonly string[];
}

/** The metrics of a vertex over all its subtasks. */
export interface VertexMetricsSubject extends Metrics {
  readonly kind: 'vertex-metrics';
}

/** One metric in each subtask of a vertex. */
export interface MetricBySubtaskSubject extends Metrics {
  readonly kind: 'metric-by-subtask';
  readonly metric: string;
}

/** The metrics of one subtask. */
export interface SubtaskMetricsSubject extends Metrics {
  readonly kind: 'subtask-metrics';
  readonly subtask: number;
}

/** Flink renews its metrics every 10 s at most (`metrics.fetcher.update-interval`): with a refresh of 3 s, each fourth one is enough. */
const everyFourth = (): number => 4;

export const vertexMetricsInspection: InspectionKind<VertexMetricsSubject, SeriesFacts<Aggregate>> = {
  idOf: ({ job, vertex }) => `${job} ${vertex}`,
  read: ({ job, vertex, first = [] }, { flink, clock, signal, before }) =>
    readVertexMetrics(flink, { jobId: job, vertexId: vertex }, { signal, before, first, now: clock.now() }),
  every: everyFourth,
};

export const metricBySubtaskInspection: InspectionKind<MetricBySubtaskSubject, SeriesFacts<number>> = {
  idOf: ({ job, vertex, metric }) => `${job} ${vertex} ${metric}`,
  read: ({ job, vertex, metric, first = [] }, { flink, clock, signal, before }) =>
    readMetricBySubtask(flink, { jobId: job, vertexId: vertex, metric }, { signal, before, first, now: clock.now() }),
  every: everyFourth,
};

export const subtaskMetricsInspection: InspectionKind<SubtaskMetricsSubject, SeriesFacts<number>> = {
  idOf: ({ job, vertex, subtask }) => `${job} ${vertex} ${subtask}`,
  read: ({ job, vertex, subtask, first = [] }, { flink, clock, signal, before }) =>
    readMetricsOfSubtask(flink, { jobId: job, vertexId: vertex, subtask }, { signal, before, first, now: clock.now() }),
  every: everyFourth,
};
