import { type FoundCluster, findClusters, getCluster } from '../../cluster/find-clusters.ts';
import { findJob, findPod } from '../../commands/model/find-subject.ts';
import { becameRunning, isTerminal, type FlinkClient, type JobOverview } from '../../flink/types.ts';
import { turnstile } from '../../kubernetes/connection/request-limit.ts';
import type { KubernetesClient, Unreadable } from '../../kubernetes/model/types.ts';
import { readPods } from '../../cluster/pods/read-pods.ts';
import { unreadableSentence } from '../../session/job-words.ts';
import { phaseOf } from '../../session/job-phase.ts';
import { type JobRow, jobRow } from '../../session/selectors/jobs.ts';
import { podRow } from '../../session/selectors/pods.ts';
import { clusterColumns } from '../../session/tables/clusters.ts';
import { jobColumns } from '../../session/tables/jobs.ts';
import { podColumns } from '../../session/tables/pods.ts';
import type { Job, Pod, SourceName } from '../../session/types.ts';
import type { Instant } from '../../support/clock.ts';
import { isoTime } from '../../support/machine-text.ts';
import { isAbort, Problem } from '../../support/problem.ts';
import { columnsOf, type Printable } from '../command-line/output.ts';

/** A list in any format. `news`: what is printed of a row once; `--watch` then prints only what is new, and not the list again. */
export type List<T> = Omit<Printable<T>, 'format'> & { readonly news?: (row: T) => string };

export const missing = (source: SourceName, unreadable: Unreadable | undefined): string | undefined =>
  unreadable === undefined ? undefined : unreadableSentence(source, unreadable);

/** The list that `drey clusters` prints: one entry of this form per cluster with `-o json`. */
export async function listClusters(
  kubernetes: KubernetesClient,
  namespace: string | undefined,
  now: Instant,
  signal: AbortSignal,
): Promise<List<FoundCluster>> {
  const { clusters, unreadable } = await findClusters(kubernetes, namespace, signal);
  return {
    missing: missing('deployment', unreadable),
    columns: columnsOf(clusterColumns(namespace === undefined ? 'several' : 'one'), clusters, (row) => row, now),
    rows: clusters,
    name: ({ id }) => id,
    empty: `No Flink clusters in ${namespace === undefined ? 'any namespace' : `namespace ${namespace}. drey clusters -A lists those of all namespaces`}.`,
    data: (row) => ({
      name: row.id,
      namespace: row.namespace,
      kind: row.kind,
      ready: row.ready,
      wanted: row.wanted,
      image: row.image,
      flinkVersion: row.flinkVersion,
      exposure: row.exposure,
      createdAt: isoTime(row.createdAt),
    }),
  };
}

/** The lists are complete: anything that is neither in them nor unreadable does not exist. */
export const allHeard = { podsKnown: true, jobsKnown: true, sources: new Map(), unreadable: new Map<SourceName, Unreadable>() } as const;

/**
 * The list that `drey pods CLUSTER [POD]` prints. Rejects with `not-found` if there is neither a pod nor a cluster, or not the requested
 * pod.
 */
export async function listPods(
  kubernetes: KubernetesClient,
  { clusterId, namespace, only }: { readonly clusterId: string; readonly namespace: string; readonly only: string | undefined },
  now: Instant,
  signal: AbortSignal,
): Promise<List<Pod>> {
  const { items, unreadable } = await readPods(kubernetes, clusterId, namespace, signal);
  // A cluster that is scaled down or cannot start has none either.
  if (items.length === 0 && unreadable === undefined) await getCluster(kubernetes, clusterId, namespace, signal);
  const all = items.toSorted(
    (a, b) => a.role.localeCompare(b.role) || (a.createdAt ?? 0) - (b.createdAt ?? 0) || a.name.localeCompare(b.name),
  );
  const known = {
    ...allHeard,
    unreadable: new Map<SourceName, Unreadable>(unreadable === undefined ? [] : [['pods', unreadable]]),
    pods: new Map(all.map((pod) => [pod.name, pod])),
    gone: [],
    leader: undefined,
    target: { clusterId },
  };
  const rows = only === undefined ? all : [findPod(only, known)];
  return {
    missing: only === undefined ? missing('pods', unreadable) : undefined,
    columns: columnsOf(podColumns, rows, (pod) => podRow(pod, false, undefined, false), now),
    rows,
    name: ({ name }) => name,
    empty: `${clusterId} has no pods.`,
    data: (row) => ({
      name: row.name,
      role: row.role,
      state: row.state,
      message: row.message,
      ready: row.ready,
      restarts: row.restarts,
      node: row.node,
      ip: row.ip,
      createdAt: isoTime(row.createdAt),
      containers: row.containers.map(({ name, image, state, reason, exitCode }) => ({ name, image, state, reason, exitCode })),
    }),
  };
}

/** Jobs to ask for at the same time. */
const flights = 4;

/**
 * The jobs, those that run with the details that a table shows. A part that fails leaves its cell empty: the rest of the list is still
 * useful.
 */
async function withDetails(flink: FlinkClient, jobs: readonly JobOverview[], signal: AbortSignal): Promise<readonly Job[]> {
  const gate = turnstile(flights);
  const orNothing = async <T>(question: Promise<T>): Promise<T | undefined> => {
    try {
      return await question;
    } catch (error) {
      if (signal.aborted || isAbort(error)) throw error;
      return undefined;
    }
  };
  return await Promise.all(
    jobs.map(async (job): Promise<Job> => {
      if (isTerminal(job.state)) return { ...job, checkpoints: undefined, restarts: undefined, exceptions: [] };
      const leave = await gate.enter(signal);
      try {
        const [checkpoints, numbers] = await Promise.all([
          orNothing(flink.checkpoints(job.id, { signal })),
          orNothing(flink.jobMetrics(job.id, ['numRestarts'], { signal })),
        ]);
        const restarts = numbers?.get('numRestarts');
        const runningSince = (restarts ?? 0) > 0 ? await orNothing(flink.job(job.id, { signal }).then(becameRunning)) : undefined;
        return { ...job, checkpoints, restarts, runningSince, exceptions: [] };
      } finally {
        leave();
      }
    }),
  );
}

interface JobsAsked {
  readonly clusterId: string;
  readonly only: string | undefined;
  /** A table is printed, whose columns need more than the list of jobs. */
  readonly table: boolean;
}

/** The list that `drey jobs CLUSTER [JOB]` prints: newest first. Rejects if the requested job does not exist, or is ambiguous. */
export async function listJobs(
  flink: FlinkClient,
  { clusterId, only, table }: JobsAsked,
  now: Instant,
  signal: AbortSignal,
): Promise<List<JobOverview>> {
  const all = (await flink.jobs({ signal })).toSorted((a, b) => b.startTime - a.startTime);
  const jobs = only === undefined ? all : [findJob(only, { ...allHeard, jobs: all, target: { clusterId } }, 'all')];
  const known = new Map((table ? await withDetails(flink, jobs, signal) : []).map((job) => [job.id, job]));
  const rowOf = (job: JobOverview): JobRow =>
    jobRow(known.get(job.id) ?? { ...job, checkpoints: undefined, restarts: undefined, exceptions: [] });
  return {
    columns: columnsOf(jobColumns, jobs, rowOf, now),
    rows: jobs,
    name: ({ id }) => id,
    empty: `${clusterId} has no jobs.`,
    data: (row) => ({
      id: row.id,
      name: row.name,
      state: row.state,
      phase: phaseOf(row),
      startTime: isoTime(row.startTime),
      endTime: isoTime(row.endTime),
      durationMs: row.durationMs,
      tasks: { total: row.tasks.total, ...row.tasks.byState },
    }),
  };
}

/** The cluster to use if none is named: the only one in the namespace. */
export async function onlyCluster(kubernetes: KubernetesClient, namespace: string, signal: AbortSignal): Promise<string> {
  const { clusters, unreadable } = await findClusters(kubernetes, namespace, signal);
  if (unreadable !== undefined)
    throw new Problem('protocol', unreadableSentence('deployment', unreadable), { hint: 'Name the cluster that is meant.' });
  const [only] = clusters;
  if (only === undefined)
    throw new Problem('not-found', `There is no Flink cluster in namespace ${namespace}.`, {
      hint: 'drey clusters -A lists those of all namespaces.',
    });
  if (clusters.length > 1)
    throw new Problem(
      'usage',
      `Namespace ${namespace} has ${clusters.length} Flink clusters: ${clusters.map(({ id }) => id).join(', ')}.`,
      { hint: 'Name one of them.' },
    );
  return only.id;
}
