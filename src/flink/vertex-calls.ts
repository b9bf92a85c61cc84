import type { Calls } from './calls.ts';
import type { Call } from './call.ts';
import { jobPath } from './job-calls.ts';
import { metricQueries } from './metric-query.ts';
import { metrics } from './schemas/cluster.ts';
import { aggregatedMetrics, metricNames } from './schemas/metrics.ts';
import { subtaskAttempt, vertexAccumulators, vertexDetail, vertexTaskManagers, vertexTimeShares } from './schemas/vertices.ts';
import type { AggregatedMetric, VertexCalls } from './vertex-types.ts';

const vertexPath = (jobId: string, vertexId: string): string => `${jobPath(jobId)}/vertices/${encodeURIComponent(vertexId)}`;

/**
 * Metrics that are not numbers. Asked to aggregate one, the JobManager writes a warning with a stack trace into its log each time. Source:
 * `TaskIOMetricGroup` and `AbstractAggregatingMetricsHandler`, Flink 2.3.
 */
const flinksTexts: ReadonlySet<string> = new Set(['isBackPressured']);

/** The calls that read the inside of one vertex, and metrics by name. */
export function vertexCalls(calls: Calls): VertexCalls {
  /** Values of the form `3.numRecordsIn`, by name and subtask. */
  const bySubtask = async (path: string, queries: readonly string[], call: Call | undefined) => {
    const values = new Map<string, Map<number, number>>();
    for (const query of queries) {
      for (const [id, value] of await calls.get(`${path}/metrics?get=${query}`, metrics, call)) {
        const dot = id.indexOf('.');
        const name = id.slice(dot + 1);
        const known = values.get(name) ?? new Map<number, number>();
        values.set(name, known.set(Number(id.slice(0, dot)), value));
      }
    }
    return values;
  };
  /** Metrics of vertices that turned out to be texts. */
  const texts = new Set<string>();
  return {
    vertex: (jobId, vertexId, call) => calls.get(vertexPath(jobId, vertexId), vertexDetail, call),
    vertexTimeShares: (jobId, vertexId, call) => calls.get(`${vertexPath(jobId, vertexId)}/backpressure`, vertexTimeShares, call),
    subtaskAttempt: (jobId, vertexId, { subtask, attempt }, call) =>
      calls.get(`${vertexPath(jobId, vertexId)}/subtasks/${subtask}/attempts/${attempt}`, subtaskAttempt, call),
    async vertexWatermarks(jobId, vertexId, call) {
      const rows = await calls.get(`${vertexPath(jobId, vertexId)}/watermarks`, metrics, call);
      return new Map([...rows].map(([id, value]) => [Number.parseInt(id, 10), value]));
    },
    vertexTaskManagers: (jobId, vertexId, call) => calls.get(`${vertexPath(jobId, vertexId)}/taskmanagers`, vertexTaskManagers, call),
    vertexAccumulators: (jobId, vertexId, call) => calls.get(`${vertexPath(jobId, vertexId)}/accumulators`, vertexAccumulators, call),
    jobMetricNames: (jobId, call) => calls.get(`${jobPath(jobId)}/metrics`, metricNames, call),
    vertexMetricNames: (jobId, vertexId, call) => calls.get(`${vertexPath(jobId, vertexId)}/subtasks/metrics`, metricNames, call),
    subtaskMetricNames: (jobId, vertexId, subtask, call) =>
      calls.get(`${vertexPath(jobId, vertexId)}/subtasks/${subtask}/metrics`, metricNames, call),
    subtaskMetrics: (jobId, vertexId, { names, subtasks }, call) =>
      bySubtask(vertexPath(jobId, vertexId), metricQueries(subtasks.flatMap((subtask) => names.map((name) => `${subtask}.${name}`))), call),
    async aggregatedMetrics(jobId, vertexId, names, call) {
      const path = vertexPath(jobId, vertexId);
      const found: AggregatedMetric[] = [];
      for (const query of metricQueries(names.filter((name) => !flinksTexts.has(name) && !texts.has(`${path} ${name}`)))) {
        const answer = await calls.get(`${path}/subtasks/metrics?get=${query}`, aggregatedMetrics, call);
        found.push(...answer);
        const numbers = new Set(answer.map(({ name }) => name));
        // If a metric had no value there would be no answer at all, so one that is left out is a text.
        if (answer.length > 0)
          for (const name of query.split(',').map(decodeURIComponent)) if (!numbers.has(name)) texts.add(`${path} ${name}`);
      }
      return found;
    },
  };
}
