import type { Accumulator } from '../../flink/vertex-types.ts';
import type { VertexTaskManagersFacts } from '../../session/inspections/vertex.ts';
import type { TopFacts } from '../../inside/vertex/read-top.ts';
import type { VertexFacts } from '../../inside/vertex/vertex-facts.ts';
import { inspectionOf, type Subject } from '../../session/inspections/inspections.ts';
import { type MetricRow, metricRows as rowsOfMetrics } from '../../session/tables/metrics.ts';
import { type SubtaskRow, subtaskRow } from '../../session/tables/subtasks.ts';
import { type TopRow, topRow } from '../../session/tables/top.ts';
import { type VertexTaskManagerRow, vertexTaskManagerRow } from '../../session/tables/vertex-taskmanagers.ts';
import { nearest } from './trail.ts';
import type { Frame } from './ui.ts';

type At = Pick<Frame, 'session' | 'ui'>;

const noRows: readonly never[] = [];

/** Rows are made once for the facts that were read, however often they are drawn. */
function perFacts<Facts extends object, Row>(make: (facts: Facts, clusterId: string) => readonly Row[]) {
  const known = new WeakMap<Facts, readonly Row[]>();
  return (facts: Facts | undefined, { session }: At): readonly Row[] => {
    if (facts === undefined) return noRows;
    const rows = known.get(facts) ?? make(facts, session.target.clusterId);
    known.set(facts, rows);
    return rows;
  };
}

/** What was read of the vertex that one is in, for one of its views. */
export function vertexInspected<Kind extends 'vertex' | 'vertex-taskmanagers' | 'vertex-accumulators' | 'vertex-metrics'>(
  { session, ui }: At,
  kind: Kind,
) {
  const place = nearest(ui.trail, 'vertex');
  if (place === undefined) return undefined;
  return inspectionOf(session, { kind, job: place.job, vertex: place.vertex } as Extract<Subject, { readonly kind: Kind }>);
}

const subtasksOf = perFacts<VertexFacts, SubtaskRow>(({ subtasks }, clusterId) => subtasks.map((one) => subtaskRow(one, clusterId)));
const taskManagersOf = perFacts<VertexTaskManagersFacts, VertexTaskManagerRow>(({ workers }, clusterId) =>
  workers.map((one) => vertexTaskManagerRow(one, clusterId)),
);
const topOf = perFacts<TopFacts, TopRow>(({ vertices, now }) => vertices.map((one) => topRow(one, now)));

export const subtaskRows = (at: At): readonly SubtaskRow[] => subtasksOf(vertexInspected(at, 'vertex')?.facts?.vertex, at);

export const vertexTaskManagerRows = (at: At): readonly VertexTaskManagerRow[] =>
  taskManagersOf(vertexInspected(at, 'vertex-taskmanagers')?.facts, at);

export const accumulatorRows = (at: At): readonly Accumulator[] => vertexInspected(at, 'vertex-accumulators')?.facts ?? noRows;

const metricsOf = perFacts(rowsOfMetrics);

export const metricRows = (at: At): readonly MetricRow[] => metricsOf(vertexInspected(at, 'vertex-metrics')?.facts, at);

/** The metric whose subtasks have charts, and what was read of them; undefined: the charts are over all subtasks. */
export function bySubtaskInspected({ session, ui }: At) {
  const place = nearest(ui.trail, 'vertex');
  if (place?.bySubtask === undefined) return undefined;
  return inspectionOf(session, { kind: 'metric-by-subtask', job: place.job, vertex: place.vertex, metric: place.bySubtask });
}

export function topInspected({ session, ui }: At) {
  const place = nearest(ui.trail, 'top');
  return place === undefined ? undefined : inspectionOf(session, { kind: 'top', job: place.job });
}

export const topRows = (at: At): readonly TopRow[] => topOf(topInspected(at)?.facts, at);
