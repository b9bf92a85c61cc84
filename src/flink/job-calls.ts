import { readTimeoutMs, type Calls } from './calls.ts';
import { metricQueries } from './metric-query.ts';
import { anything } from './schemas/values.ts';
import { clusterConfiguration, dashboardConfig, metrics, overview, taskManagers } from './schemas/cluster.ts';
import { accumulators, executionResult, jobConfiguration, jobExceptions, jobsOverview } from './schemas/jobs.ts';
import { jobDetail } from './schemas/job-detail.ts';
import { vertexTaskManagers } from './schemas/vertices.ts';
import type { Call } from './call.ts';
import type { FlinkClient } from './types.ts';

type ReadCalls = Pick<
  FlinkClient,
  | 'overview'
  | 'config'
  | 'clusterConfiguration'
  | 'jobs'
  | 'job'
  | 'jobTaskManagers'
  | 'jobConfiguration'
  | 'exceptions'
  | 'jobMetrics'
  | 'taskManagers'
  | 'taskManagerMetrics'
  | 'jobManagerMetrics'
  | 'executionResult'
  | 'answer'
  | 'cancelJob'
>;

/** The calls that read a cluster and its jobs, and the one that changes a job immediately: cancel. */
export function jobCalls(calls: Calls): ReadCalls {
  const metricsOf = async (path: string, names: readonly string[], call: Call | undefined) => {
    const values = new Map<string, number>();
    for (const portion of metricQueries(names)) {
      for (const [name, value] of await calls.get(`${path}/metrics?get=${portion}`, metrics, call)) values.set(name, value);
    }
    return values;
  };
  return {
    overview: (call) => calls.get('/overview', overview, call),
    config: (call) => calls.get('/config', dashboardConfig, call),
    answer: (path, call) => calls.get(path, anything, call),
    clusterConfiguration: (call) => calls.get('/jobmanager/config', clusterConfiguration, call),
    jobs: (call) => calls.get('/jobs/overview', jobsOverview, call),
    job: (id, call) => calls.get(jobPath(id), jobDetail, call),
    async jobTaskManagers(id, call) {
      const { vertices } = await calls.get(jobPath(id), jobDetail, call);
      const found = await Promise.all(
        vertices.map((vertex) => calls.get(`${jobPath(id)}/vertices/${vertex.id}/taskmanagers`, vertexTaskManagers, call)),
      );
      return [...new Set(found.flat().flatMap((one) => one.id ?? []))].toSorted();
    },
    jobConfiguration: (id, call) => calls.get(`${jobPath(id)}/config`, jobConfiguration, call),
    exceptions: (id, call) => calls.get(`${jobPath(id)}/exceptions`, jobExceptions, call),
    taskManagers: (call) => calls.get('/taskmanagers', taskManagers, call),
    jobMetrics: (id, names, call) => metricsOf(jobPath(id), names, call),
    taskManagerMetrics: (id, names, call) => metricsOf(`/taskmanagers/${encodeURIComponent(id)}`, names, call),
    jobManagerMetrics: (names, call) => metricsOf('/jobmanager', names, call),
    async executionResult(id, call) {
      const result = await calls.get(`${jobPath(id)}/execution-result`, executionResult, call);
      if (result === undefined || Object.keys(result.accumulators).length === 0) return result;
      return {
        ...result,
        accumulators: { ...result.accumulators, ...(await calls.get(`${jobPath(id)}/accumulators`, accumulators, call)) },
      };
    },
    async cancelJob(id, call) {
      // Flink accepts cancelling a cancelled job: safe to repeat.
      await calls.send(
        { method: 'PATCH', path: `${jobPath(id)}?mode=cancel`, json: {}, schema: anything, repeatable: true, timeoutMs: readTimeoutMs },
        call,
      );
    },
  };
}

export const jobPath = (id: string): string => `/jobs/${encodeURIComponent(id)}`;
