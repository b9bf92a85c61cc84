import type { FlinkCluster } from '../flink/cluster.ts';
import type { FlinkJob } from '../flink/job.ts';
import { countStates, taskStates } from '../flink/tasks.ts';

export const since23 = (cluster: FlinkCluster): boolean =>
  Number(cluster.settings.version.split('.')[0]) > 2 || /^2\.[3-9]/.test(cluster.settings.version);
export const since20 = (cluster: FlinkCluster): boolean => Number(cluster.settings.version.split('.')[0]) >= 2;

/** All vertices of a job share their slots. */
export const SHARING_GROUP = 'e4cccd93646004785b5a65a806e1a560';

export const schedulerOf = (job: FlinkJob): string =>
  job.adaptive ? 'Adaptive' : job.request.graph.type === 'BATCH' ? 'AdaptiveBatch' : 'Default';

/** One entry of `GET /jobs/overview`. */
export function jobSummary(cluster: FlinkCluster, job: FlinkJob): Record<string, unknown> {
  const now = cluster.now();
  const { tasks } = job;
  const counts = countStates(tasks);
  return {
    jid: job.id,
    name: job.name,
    ...(since23(cluster) ? { jobType: job.request.graph.type, schedulerType: schedulerOf(job) } : {}),
    'start-time': job.startTime,
    'end-time': job.endTime,
    duration: (job.endTime < 0 ? now : job.endTime) - job.startTime,
    state: job.status,
    'last-modification': job.lastModification,
    tasks: { total: tasks.length, ...Object.fromEntries(taskStates.map((state) => [state.toLowerCase(), counts[state]])) },
    ...(since20(cluster) ? { 'pending-operators': 0 } : {}),
  };
}

/** The plan of a job, or of a program that has not been run. */
export function planOf(job: Pick<FlinkJob, 'id' | 'name' | 'vertices' | 'request'>): Record<string, unknown> {
  const nodes = job.vertices.map(({ id, tasks, graph: { description, inputs } }) => ({
    id,
    operator: '',
    parallelism: tasks.length,
    operator_strategy: '',
    description,
    optimizer_properties: {},
    ...(inputs === undefined
      ? {}
      : {
          inputs: inputs.map(({ from, ship }, num) => ({
            id: job.vertices[from]?.id,
            num,
            exchange: 'pipelined_bounded',
            ship_strategy: ship,
          })),
        }),
  }));
  return { jid: job.id, name: job.name, type: job.request.graph.type, nodes: nodes.toReversed() };
}
