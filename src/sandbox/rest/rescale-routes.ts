import { isRecord, type JsonObject } from '../api/objects.ts';
import type { FlinkCluster } from '../flink/cluster.ts';
import type { FlinkJob } from '../flink/job.ts';
import type { Bounds, RescaleEntry } from '../flink/rescaling.ts';
import type { VertexRun } from '../flink/tasks.ts';
import { SHARING_GROUP, since23 } from './job-shapes.ts';
import { jobPart, presentJob, unknownJob } from './path-parts.ts';
import { bodyRecord } from './request-body.ts';
import { internal, refused, NotARoute } from './rest-errors.ts';
import type { RestCall, RestRoute } from './rest-route.ts';
import { spread } from './spread.ts';

type Parts = Readonly<Record<string, string>>;

/** The history is known since 2.3. */
const ofRescales = (below: string, answer: (job: FlinkJob, parts: Parts) => unknown): RestRoute => ({
  method: 'GET',
  pattern: `/jobs/:job/rescales/${below}`,
  run(cluster, call, parts) {
    if (!since23(cluster)) throw new NotARoute(call.method, call.request.url ?? call.path, false);
    return answer(withHistory(jobPart(cluster, parts)), parts);
  },
});

/** What the adaptive scheduler may do, and what it did. */
export const rescaleRoutes: readonly RestRoute[] = [
  {
    method: 'GET',
    pattern: '/jobs/:job/resource-requirements',
    run: (cluster, _call, parts) => {
      const job = adaptiveJob(cluster, parts);
      return Object.fromEntries(
        job.rescaling.bounds.map(({ lower, upper }, index) => [
          job.vertices[index]?.id,
          { parallelism: { lowerBound: lower, upperBound: upper } },
        ]),
      );
    },
  },
  { method: 'PUT', pattern: '/jobs/:job/resource-requirements', run: update },
  ofRescales('config', configuration),
  ofRescales('overview', overview),
  ofRescales('summary', summary),
  ofRescales('history', ({ rescaling }) => rescaling.history.map(entryOf)),
  ofRescales('details/:rescale', details),
];

function adaptiveJob(cluster: FlinkCluster, parts: Parts): FlinkJob {
  const job = presentJob(cluster, parts);
  if (job.ended) throw internal(unknownJob(job.id));
  if (job.adaptive) return job;
  throw internal(
    'java.lang.UnsupportedOperationException: The DefaultScheduler does not support changing the parallelism without a job restart. This feature is currently only expected to work with the AdaptiveScheduler.',
  );
}

function withHistory(job: FlinkJob): FlinkJob {
  if (job.adaptive && job.rescaling.times.history > 0) return job;
  throw refused(
    404,
    `The job \`${job.id}\` has not enabled the \`Adaptive\` scheduler, or it has been enabled but the value of configuration option \`web.adaptive-scheduler.rescale-history.size\` has not been set to greater than \`0\`.`,
  );
}

/** Accepted is not done: the scheduler acts when it can. Source of the sentences: Dispatcher.validateMaxParallelism, measured with Flink 2.3.0. */
async function update(cluster: FlinkCluster, call: RestCall, parts: Parts): Promise<unknown> {
  const body = await bodyRecord(call.request, 'JobResourceRequirementsBody');
  const job = adaptiveJob(cluster, parts);
  const asked = job.vertices.map((vertex) => ({ vertex, bounds: boundsOf(body, vertex) }));
  const wrong = asked.flatMap(({ vertex, bounds }) => problemsOf(vertex, bounds));
  if (wrong.length > 0) throw refused(400, wrong.join('\n'));
  job.rescaling.update(asked.flatMap(({ bounds }) => bounds ?? []));
  return {};
}

function boundsOf(body: JsonObject, { id }: VertexRun): Bounds | undefined {
  const requirement = body[id];
  const parallelism = isRecord(requirement) ? requirement['parallelism'] : undefined;
  return isRecord(parallelism) ? { lower: Number(parallelism['lowerBound']), upper: Number(parallelism['upperBound']) } : undefined;
}

const MAX_PARALLELISM = 128;

function problemsOf({ id, graph }: VertexRun, bounds: Bounds | undefined): readonly string[] {
  if (bounds === undefined) return [`The request is incomplete, missing job vertex [${id}] resource requirements.`];
  const { lower, upper } = bounds;
  const most = graph.single === true ? 1 : MAX_PARALLELISM;
  if (!(lower > 0 && upper > 0))
    return [`Both, the requested lower bound [${lower}] and upper bound [${upper}] for job vertex [${id}] must be greater than zero.`];
  if (lower > upper) return [`The requested lower bound [${lower}] for job vertex [${id}] is higher than the upper bound [${upper}].`];
  return upper > most ? [`The newly requested parallelism ${upper} for the job vertex ${id} exceeds its maximum parallelism ${most}.`] : [];
}

function configuration({ rescaling: { times } }: FlinkJob): unknown {
  return {
    rescaleHistoryMax: times.history,
    schedulerExecutionMode: null,
    submissionResourceWaitTimeoutInMillis: 300_000,
    submissionResourceStabilizationTimeoutInMillis: 10_000,
    slotIdleTimeoutInMillis: 50_000,
    executingCooldownTimeoutInMillis: times.cooldown,
    executingResourceStabilizationTimeoutInMillis: times.stabilization,
    maximumDelayForTriggeringRescaleInMillis: 30_000,
    rescaleOnFailedCheckpointCount: 2,
  };
}

/** An entry of a list: what it did to vertices and slots is in its details. */
const entryOf = (entry: RescaleEntry): Record<string, unknown> => ({
  rescaleUuid: entry.id,
  resourceRequirementsUuid: entry.requirements,
  rescaleAttemptId: 1,
  vertices: {},
  slots: {},
  schedulerStates: [],
  startTimestampInMillis: entry.startedAt,
  endTimestampInMillis: entry.end?.at ?? null,
  terminalState: entry.end?.state ?? null,
  triggerCause: entry.trigger,
  terminatedReason: entry.end?.reason ?? null,
});

const ending = (job: FlinkJob, state: string): readonly RescaleEntry[] => job.rescaling.history.filter(({ end }) => end?.state === state);

const countsOf = (job: FlinkJob): unknown => ({
  ignored: ending(job, 'IGNORED').length,
  inProgress: job.rescaling.history.filter(({ end }) => end === undefined).length,
  completed: ending(job, 'COMPLETED').length,
  failed: 0,
});

function overview(job: FlinkJob): unknown {
  const newest = (state: string): unknown => {
    const [entry] = ending(job, state);
    return entry === undefined ? null : entryOf(entry);
  };
  return {
    rescalesCounts: countsOf(job),
    latest: { completed: newest('COMPLETED'), failed: null, ignored: newest('IGNORED') },
  };
}

function summary(job: FlinkJob): unknown {
  const durations = (entries: readonly RescaleEntry[]): unknown =>
    spread(entries.flatMap(({ startedAt, end }) => (end === undefined ? [] : [end.at - startedAt])));
  return {
    rescalesCounts: countsOf(job),
    rescalesDurationStatsInMillis: durations(job.rescaling.history),
    completedRescalesDurationStatsInMillis: durations(ending(job, 'COMPLETED')),
    ignoredRescalesDurationStatsInMillis: durations(ending(job, 'IGNORED')),
    failedRescalesDurationStatsInMillis: durations([]),
  };
}

const UNKNOWN_PROFILE = {
  cpuCores: -1,
  taskHeapMemory: -1,
  taskOffHeapMemory: -1,
  managedMemory: -1,
  networkMemory: -1,
  extendedResources: {},
};
const SLOT_PROFILE = {
  cpuCores: 1,
  taskHeapMemory: 96,
  taskOffHeapMemory: 0,
  managedMemory: 128,
  networkMemory: 32,
  extendedResources: {},
};

function details(job: FlinkJob, parts: Parts): unknown {
  const entry = job.rescaling.history.find(({ id }) => id === parts['rescale']);
  if (entry === undefined) throw refused(404, `Could not find rescale statistics for rescale ${parts['rescale']}.`);
  const group = { slotSharingGroupId: SHARING_GROUP, slotSharingGroupName: 'default' };
  const most = (numbers: readonly number[]): number => Math.max(0, ...numbers);
  return {
    ...entryOf(entry),
    vertices: Object.fromEntries(
      job.vertices.map(({ id, graph }, index) => [
        id,
        {
          jobVertexId: id,
          jobVertexName: graph.name,
          ...group,
          desiredParallelism: entry.wanted[index]?.upper,
          sufficientParallelism: entry.wanted[index]?.lower,
          preRescaleParallelism: entry.before[index],
          postRescaleParallelism: entry.after[index],
        },
      ]),
    ),
    slots: {
      [SHARING_GROUP]: {
        ...group,
        requestResourceProfile: UNKNOWN_PROFILE,
        desiredSlots: most(entry.wanted.map(({ upper }) => upper)),
        minimalRequiredSlots: most(entry.wanted.map(({ lower }) => lower)),
        preRescaleSlots: most(entry.before),
        postRescaleSlots: most(entry.after),
        acquiredResourceProfile: SLOT_PROFILE,
      },
    },
    schedulerStates: statesOf(entry),
  };
}

/** The states that the scheduler went through; it restarts for 170 ms before it makes the new graph. */
function statesOf({ startedAt, restartedAt, end }: RescaleEntry): readonly unknown[] {
  const state = (name: string, from: number, to: number): unknown => ({
    state: name,
    enterTimestampInMillis: from,
    leaveTimestampInMillis: to,
    durationInMillis: to - from,
    stringifiedException: null,
  });
  if (restartedAt === undefined) return [state('Executing', startedAt, end?.at ?? startedAt)];
  const done = end?.at ?? restartedAt;
  const made = Math.min(done, restartedAt + 170);
  return [
    state('Executing', startedAt, restartedAt),
    state('Restarting', restartedAt, made),
    state('CreatingExecutionGraph', made, done),
    state('Executing', done, done),
  ];
}
