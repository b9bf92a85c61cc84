import type { FlinkCluster } from '../flink/cluster.ts';
import type { FlinkJob } from '../flink/job.ts';
import { taskStates, type Task } from '../flink/tasks.ts';

export const since23 = (cluster: FlinkCluster): boolean =>
  Number(cluster.settings.version.split('.')[0]) > 2 || /^2\.[3-9]/.test(cluster.settings.version);
export const since20 = (cluster: FlinkCluster): boolean => Number(cluster.settings.version.split('.')[0]) >= 2;

/** One entry of `GET /jobs/overview`. */
export function jobSummary(cluster: FlinkCluster, job: FlinkJob): Record<string, unknown> {
  const now = Date.now();
  const tasks = job.tasks;
  const order = [
    'running',
    'canceling',
    'canceled',
    'total',
    'created',
    'scheduled',
    'deploying',
    'reconciling',
    'finished',
    'initializing',
    'failed',
  ];
  return {
    jid: job.id,
    name: job.name,
    ...(since23(cluster) ? { jobType: job.request.graph.type, schedulerType: 'Default' } : {}),
    'start-time': job.startTime,
    'end-time': job.endTime,
    duration: (job.endTime < 0 ? now : job.endTime) - job.startTime,
    state: job.status,
    'last-modification': job.lastModification,
    tasks: Object.fromEntries(
      order.map((key) => [key, key === 'total' ? tasks.length : tasks.filter((task) => task.state === key.toUpperCase()).length]),
    ),
    ...(since20(cluster) ? { 'pending-operators': 0 } : {}),
  };
}

/** Number of tasks by upper-case state. */
export const countsOf = (states: readonly Task['state'][]): Record<string, number> =>
  Object.fromEntries(taskStates.map((state) => [state, states.filter((one) => one === state).length]));

/** The plan of a job, or of a program that has not been run. */
export function planOf(job: Pick<FlinkJob, 'id' | 'name' | 'vertices' | 'request'>): Record<string, unknown> {
  const nodes = job.vertices.map((vertex) => {
    const { input } = vertex.graph;
    const from = input === undefined ? undefined : job.vertices[input.from];
    return {
      id: vertex.id,
      operator: '',
      parallelism: vertex.tasks.length,
      operator_strategy: '',
      description: vertex.graph.description,
      optimizer_properties: {},
      ...(from === undefined || input === undefined
        ? {}
        : { inputs: [{ id: from.id, num: 0, exchange: 'pipelined_bounded', ship_strategy: input.ship }] }),
    };
  });
  return { jid: job.id, name: job.name, type: job.request.graph.type, nodes: nodes.toReversed() };
}
