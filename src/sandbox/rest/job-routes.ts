import type { FlinkCluster } from '../flink/cluster.ts';
import type { FlinkJob } from '../flink/job.ts';
import { jobStatuses } from '../flink/job-types.ts';
import { environment } from './cluster-routes.ts';
import { exceptionsAnswer } from './exceptions.ts';
import { jobMetrics, metricsAnswer, aggregatedAnswer } from './metrics.ts';
import { ioMetrics, taskNumbers } from './task-numbers.ts';
import { refused } from './rest-errors.ts';
import { RestAnswer, type RestRoute } from './rest-route.ts';
import { planOf, SHARING_GROUP, schedulerOf, since20, since23 } from './job-shapes.ts';
import { idPart, jobPart, presentJob, unknownJob, unresolved } from './path-parts.ts';
import { jobAccumulatorsAnswer } from './vertex-answers.ts';
import { aggregateState, countStates, isEnded } from '../flink/tasks.ts';

/** `/jobs/:job` and below, except for checkpoints and vertices. */
export const jobRoutes: readonly RestRoute[] = [
  { method: 'GET', pattern: '/jobs/metrics', run: (cluster, call) => aggregatedJobs(cluster, call.query) },
  { method: 'GET', pattern: '/jobs/:job', run: (cluster, _call, parts) => detail(cluster, jobPart(cluster, parts)) },
  { method: 'GET', pattern: '/jobs/:job/plan', run: (cluster, _call, parts) => ({ plan: planOf(jobPart(cluster, parts)) }) },
  { method: 'GET', pattern: '/jobs/:job/config', run: (cluster, _call, parts) => configuration(cluster, jobPart(cluster, parts)) },
  { method: 'GET', pattern: '/jobs/:job/status', run: (cluster, _call, parts) => ({ status: presentJob(cluster, parts).status }) },
  {
    method: 'GET',
    pattern: '/jobs/:job/exceptions',
    run: (cluster, call, parts) => exceptionsAnswer(cluster, jobPart(cluster, parts), call.query),
  },
  {
    method: 'GET',
    pattern: '/jobs/:job/accumulators',
    run(cluster, _call, parts) {
      const job = jobPart(cluster, parts);
      return jobAccumulatorsAnswer(job.vertices.map((vertex) => ({ cluster, job, vertex, now: cluster.now() })));
    },
  },
  {
    method: 'GET',
    pattern: '/jobs/:job/metrics',
    run: (cluster, call, parts) => metrics(cluster, idPart('jobid', parts['job']), call.query),
  },
  {
    method: 'GET',
    pattern: '/jobs/:job/execution-result',
    run: (cluster, _call, parts) => executionResult(cluster, idPart('jobid', parts['job'])),
  },
  {
    method: 'PATCH',
    pattern: '/jobs/:job',
    run: (cluster, call, parts) => cancel(cluster, idPart('jobid', parts['job']), call.query.get('mode') ?? 'cancel'),
  },
  {
    method: 'GET',
    pattern: '/jobs/:job/yarn-cancel',
    run: (cluster, _call, parts) => cancel(cluster, idPart('jobid', parts['job']), 'cancel'),
  },
  {
    method: 'GET',
    pattern: '/jobs/:job/jobmanager/environment',
    run: (cluster, _call, parts) => (jobPart(cluster, parts), environment(cluster)),
  },
  {
    method: 'GET',
    pattern: '/jobs/:job/jobmanager/config',
    run: (cluster) => [...cluster.settings.entries()].map(([key, value]) => ({ key, value })),
  },
];

function detail(cluster: FlinkCluster, job: FlinkJob): unknown {
  const now = cluster.now();
  const ended = job.endTime < 0 ? now : job.endTime;
  return {
    jid: job.id,
    ...(since23(cluster) ? { 'application-id': job.id } : {}),
    name: job.name,
    isStoppable: false,
    state: job.status,
    'job-type': job.request.graph.type,
    ...(since23(cluster) ? { schedulerType: schedulerOf(job) } : {}),
    'start-time': job.startTime,
    'end-time': job.endTime,
    duration: ended - job.startTime,
    maxParallelism: -1,
    now,
    timestamps: Object.fromEntries(jobStatuses.map((status) => [status, job.stamps.get(status) ?? 0])),
    vertices: job.vertices.map((vertex) => {
      const starts = vertex.tasks.flatMap((task) => task.stamps.get('DEPLOYING') ?? []);
      const start = starts.length === 0 ? -1 : Math.min(...starts);
      const done = vertex.tasks.every((task) => isEnded(task.state));
      const end = done ? Math.max(...vertex.tasks.map((task) => task.stamps.get(task.state) ?? 0)) : -1;
      return {
        id: vertex.id,
        slotSharingGroupId: SHARING_GROUP,
        name: vertex.graph.name,
        maxParallelism: 128,
        parallelism: vertex.tasks.length,
        status: aggregateState(vertex.tasks),
        'start-time': start,
        'end-time': end,
        duration: start < 0 ? -1 : (end < 0 ? now : end) - start,
        tasks: countStates(vertex.tasks),
        metrics: ioMetrics(vertex.tasks.map((task) => taskNumbers(vertex, task, now))),
      };
    }),
    'status-counts': countStates(job.vertices.map((vertex) => ({ state: aggregateState(vertex.tasks) }))),
    plan: planOf(job),
    ...(since20(cluster) ? { 'pending-operators': 0 } : {}),
  };
}

function configuration(cluster: FlinkCluster, job: FlinkJob): unknown {
  const { parallelism, configuration: user } = job.request;
  return {
    jid: job.id,
    name: job.name,
    'execution-config': {
      ...(since20(cluster) ? {} : { 'execution-mode': 'PIPELINED' }),
      'restart-strategy': 'Cluster level default restart strategy',
      'job-parallelism': parallelism,
      'object-reuse-mode': false,
      'user-config': user,
    },
  };
}

function metrics(cluster: FlinkCluster, id: string, query: URLSearchParams): unknown {
  const job = cluster.jobs.get(id);
  return job === undefined ? [] : metricsAnswer(jobMetrics(job, cluster.now()), query);
}

function aggregatedJobs(cluster: FlinkCluster, query: URLSearchParams): unknown {
  const ids = query.get('jobs')?.split(',');
  const jobs = [...cluster.jobs.values()].filter((job) => ids === undefined || ids.includes(job.id));
  const answer = aggregatedAnswer(
    jobs.map((job) => jobMetrics(job, cluster.now())),
    query,
  );
  if ('badAggregate' in answer) throw unresolved('query', 'agg', answer.badAggregate);
  return answer;
}

function executionResult(cluster: FlinkCluster, id: string): unknown {
  const job = cluster.jobs.get(id);
  if (job === undefined)
    throw refused(404, unknownJob(id), [`java.util.concurrent.CompletionException: ${unknownJob(id)}`, unknownJob(id)]);
  if (!job.ended) return { status: { id: 'IN_PROGRESS' } };
  const failure = job.status === 'FAILED' ? job.failures[0] : undefined;
  return {
    status: { id: 'COMPLETED' },
    'job-execution-result': {
      id: job.id,
      ...(since23(cluster) ? { name: job.name } : {}),
      'application-status': job.status === 'FINISHED' ? 'SUCCEEDED' : job.status,
      'accumulator-results': {},
      'net-runtime': job.endTime - job.startTime,
      ...(failure === undefined
        ? {}
        : { 'failure-cause': { class: failure.exceptionName, 'stack-trace': failure.stacktrace, 'serialized-throwable': '' } }),
      ...(since23(cluster) ? { 'application-id': job.id, 'start-time': job.startTime, 'end-time': job.endTime } : {}),
    },
  };
}

function cancel(cluster: FlinkCluster, id: string, mode: string): RestAnswer {
  const job = cluster.jobs.get(id);
  if (mode.toLowerCase() === 'stop')
    throw refused(
      308,
      'The termination mode "stop" has been removed. For an ungraceful shutdown, please use "cancel" instead. For a graceful shutdown, please use "jobs/:jobId/stop" instead.',
    );
  if (mode.toLowerCase() !== 'cancel') throw unresolved('query', 'mode', mode);
  if (job === undefined) throw refused(404, 'Job could not be found.', [unknownJob(id)]);
  if (job.ended && job.status !== 'CANCELED')
    throw refused(409, `Job cancellation failed because the job has already reached another terminal state (${job.status}).`);
  job.cancel();
  return new RestAnswer(202, {});
}
