import type { FlinkClient } from '../../flink/types.ts';
import type { AggregatedMetric } from '../../flink/vertex-types.ts';
import type { SubtaskOfVertex } from './read-subtask.ts';
import type { VertexSubject } from './read-vertex.ts';
import { mostRead, namesInTurn, nextSeries, type SeriesFacts } from './series.ts';

/** A metric over all subtasks. */
export type Aggregate = Omit<AggregatedMetric, 'name'>;

interface Reading<Value> {
  readonly signal: AbortSignal;
  readonly before: SeriesFacts<Value> | undefined;
  /** What is looked at. */
  readonly first: readonly string[];
  readonly now: number;
}

const inTurn = <Value>(names: readonly string[], { before, first }: Reading<Value>): readonly string[] =>
  namesInTurn(names, { known: before?.series ?? [], first, most: mostRead });

/** Reads the names of all metrics of a vertex, and of those that are due their values over all subtasks. */
export async function readVertexMetrics(
  flink: Pick<FlinkClient, 'vertexMetricNames' | 'aggregatedMetrics'>,
  { jobId, vertexId }: VertexSubject,
  reading: Reading<Aggregate>,
): Promise<SeriesFacts<Aggregate>> {
  const call = { signal: reading.signal };
  const names = await flink.vertexMetricNames(jobId, vertexId, call);
  const asked = inTurn(names, reading);
  const found = asked.length === 0 ? [] : await flink.aggregatedMetrics(jobId, vertexId, asked, call);
  const read = new Map(found.map(({ name, ...value }) => [name, value]));
  return nextSeries(names, reading.before?.series ?? [], { asked, read, at: reading.now });
}

/** The same of one subtask. */
export async function readMetricsOfSubtask(
  flink: Pick<FlinkClient, 'subtaskMetricNames' | 'subtaskMetrics'>,
  { jobId, vertexId, subtask }: SubtaskOfVertex,
  reading: Reading<number>,
): Promise<SeriesFacts<number>> {
  const call = { signal: reading.signal };
  const names = await flink.subtaskMetricNames(jobId, vertexId, subtask, call);
  const asked = inTurn(names, reading);
  const found = asked.length === 0 ? new Map() : await flink.subtaskMetrics(jobId, vertexId, { names: asked, subtasks: [subtask] }, call);
  const read = new Map(asked.flatMap((name) => pair(name, found.get(name)?.get(subtask))));
  return nextSeries(names, reading.before?.series ?? [], { asked, read, at: reading.now });
}

/** One metric of each subtask of a vertex; the names of the series are the numbers of the subtasks. */
export async function readMetricBySubtask(
  flink: Pick<FlinkClient, 'job' | 'subtaskMetrics'>,
  { jobId, vertexId, metric }: VertexSubject & { readonly metric: string },
  reading: Reading<number>,
): Promise<SeriesFacts<number>> {
  const call = { signal: reading.signal };
  // A rescale changes how many there are.
  const { vertices } = await flink.job(jobId, call);
  const parallelism = vertices.find(({ id }) => id === vertexId)?.parallelism ?? 0;
  const names = Array.from({ length: parallelism }, (_, subtask) => String(subtask));
  const asked = inTurn(names, reading);
  const subtasks = asked.map(Number);
  const found =
    asked.length === 0 ? undefined : (await flink.subtaskMetrics(jobId, vertexId, { names: [metric], subtasks }, call)).get(metric);
  const read = new Map(asked.flatMap((name) => pair(name, found?.get(Number(name)))));
  return nextSeries(names, reading.before?.series ?? [], { asked, read, at: reading.now });
}

const pair = (name: string, value: number | undefined): readonly (readonly [string, number])[] =>
  value === undefined ? [] : [[name, value]];
