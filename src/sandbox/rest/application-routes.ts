import type { FlinkCluster } from '../flink/cluster.ts';
import type { FlinkJob } from '../flink/job.ts';
import { internal, refused, NotARoute } from './rest-errors.ts';
import { jobSummary, since23 } from './job-shapes.ts';
import { idPart } from './path-parts.ts';
import { RestAnswer, type RestRoute } from './rest-route.ts';

/** Applications, known since 2.3: a job that was run through `/jars/:id/run` has one of the same id. */
const guarded = (route: RestRoute): RestRoute => ({
  ...route,
  run(cluster, call, parts) {
    if (!since23(cluster)) throw new NotARoute(call.method, call.request.url ?? call.path, false);
    return route.run(cluster, call, parts);
  },
});

export const applicationRoutes: readonly RestRoute[] = (
  [
    {
      method: 'GET',
      pattern: '/applications/overview',
      run: (cluster) => ({ applications: [...cluster.jobs.values()].map((job) => summary(job, cluster.now())) }),
    },
    {
      method: 'GET',
      pattern: '/applications/:application',
      run: (cluster, _call, parts) => detail(cluster, known(cluster, parts['application'])),
    },
    {
      method: 'GET',
      pattern: '/applications/:application/exceptions',
      run: (cluster, _call, parts) => exceptions(known(cluster, parts['application'])),
    },
    {
      method: 'POST',
      pattern: '/applications/:application/cancel',
      run: (cluster, _call, parts) => cancel(cluster, idPart('applicationid', parts['application'])),
    },
  ] satisfies readonly RestRoute[]
).map(guarded);

const statusOf = (job: FlinkJob): string =>
  job.ended ? job.status : job.status === 'CANCELLING' ? 'CANCELING' : job.status === 'FAILING' ? 'FAILING' : 'RUNNING';
const unknown = (id: string): string =>
  `org.apache.flink.runtime.messages.FlinkApplicationNotFoundException: Could not find Flink application (${id})`;

function summary(job: FlinkJob, now: number): Record<string, unknown> {
  return {
    id: job.id,
    name: `SingleJobApplication(${job.name})`,
    'start-time': job.startTime,
    'end-time': job.endTime,
    duration: (job.endTime < 0 ? now : job.endTime) - job.startTime,
    status: statusOf(job),
    jobs: { [job.status]: 1 },
  };
}

function known(cluster: FlinkCluster, part: string | undefined): FlinkJob {
  const id = idPart('applicationid', part);
  const job = cluster.jobs.get(id);
  if (job === undefined) throw internal(unknown(id));
  return job;
}

function detail(cluster: FlinkCluster, job: FlinkJob): unknown {
  const { jobs: _jobs, ...scalars } = summary(job, cluster.now());
  const ended = (status: string): number => (job.status === status ? job.endTime : 0);
  return {
    ...scalars,
    timestamps: {
      CREATED: job.startTime,
      FAILING: 0,
      FAILED: ended('FAILED'),
      RUNNING: job.startTime,
      CANCELED: ended('CANCELED'),
      CANCELING: 0,
      FINISHED: ended('FINISHED'),
    },
    jobs: [jobSummary(cluster, job)],
  };
}

const exceptions = (job: FlinkJob): unknown => ({
  exceptionHistory: {
    entries:
      job.status !== 'FAILED'
        ? []
        : job.failures.slice(0, 1).map((failure) => ({
            exceptionName: failure.exceptionName,
            stacktrace: failure.stacktrace,
            timestamp: failure.at,
            jobId: job.id,
          })),
  },
});

function cancel(cluster: FlinkCluster, id: string): RestAnswer {
  const job = cluster.jobs.get(id);
  if (job === undefined || job.ended) throw refused(404, 'Application could not be found.', [unknown(id)]);
  job.cancel();
  return new RestAnswer(202, {});
}
