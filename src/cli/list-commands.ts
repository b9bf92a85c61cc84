import { type FoundCluster, findClusters, getCluster } from '../cluster/find.ts';
import { findJob, findPod } from '../commands/find.ts';
import type { FlinkClient, JobOverview } from '../flink/types.ts';
import { isTerminal } from '../flink/types.ts';
import { projected } from '../kubernetes/odd-objects.ts';
import { PODS } from '../kubernetes/resources.ts';
import type { KubernetesClient } from '../kubernetes/types.ts';
import { phaseOf } from '../session/job-phase.ts';
import { projectPod } from '../session/pod-projection.ts';
import type { Pod } from '../session/types.ts';
import type { Instant } from '../support/clock.ts';
import { formatAge, formatDuration } from '../support/format.ts';
import { Problem } from '../support/problem.ts';
import type { Column, Printable } from './output.ts';

/** A list in any format. */
export type List<T> = Omit<Printable<T>, 'format'>;

/** What `drey clusters` prints: one entry of this form per cluster with `-o json`. */
export async function listClusters(kubernetes: KubernetesClient, namespace: string | undefined, now: Instant, signal: AbortSignal): Promise<List<FoundCluster>> {
  const clusters = await findClusters(kubernetes, namespace, signal);
  const columns: readonly Column<FoundCluster>[] = [
    ...(namespace === undefined ? [{ title: 'NAMESPACE', value: (row: FoundCluster) => row.namespace }] : []),
    { title: 'NAME', value: (row) => row.id },
    { title: 'KIND', value: (row) => row.kind },
    { title: 'READY', value: (row) => `${row.ready}/${row.wanted}` },
    { title: 'FLINK', value: (row) => row.flinkVersion ?? '-' },
    { title: 'AGE', moving: true, value: (row) => (row.createdAt === undefined ? '-' : formatAge(now - row.createdAt)) },
    { title: 'EXPOSED', value: (row) => row.exposure ?? '-', wide: true },
    { title: 'IMAGE', value: (row) => row.image ?? '-', wide: true },
  ];
  return {
    columns, rows: clusters, name: ({ id }) => id, empty: `No Flink clusters in ${namespace === undefined ? 'any namespace' : `namespace ${namespace}. drey clusters -A lists those of all namespaces`}.`,
    data: (row) => ({
      name: row.id, namespace: row.namespace, kind: row.kind, ready: row.ready, wanted: row.wanted, image: row.image,
      flinkVersion: row.flinkVersion, exposure: row.exposure, createdAt: stamp(row.createdAt),
    }),
  };
}

/** Both lists are whole: what is not in them is not there. */
const allHeard = { podsKnown: true, jobsKnown: true, sources: new Map() } as const;

/** What `drey pods CLUSTER [POD]` prints. Rejects with `not-found` if there is neither a pod nor a cluster, or not the one that is named. */
export async function listPods(kubernetes: KubernetesClient, { clusterId, namespace, only }: { readonly clusterId: string; readonly namespace: string; readonly only: string | undefined }, now: Instant, signal: AbortSignal): Promise<List<Pod>> {
  const raw = await kubernetes.list(PODS, { namespace, labelSelector: `app=${clusterId},type=flink-native-kubernetes`, signal });
  // A cluster that is scaled down or cannot start has none, too.
  if (raw.length === 0) await getCluster(kubernetes, clusterId, namespace, signal);
  const all = raw.map((pod) => projected(pod, (whole) => projectPod(whole, clusterId))).toSorted((a, b) => a.role.localeCompare(b.role) || a.createdAt - b.createdAt || a.name.localeCompare(b.name));
  const known = { ...allHeard, pods: new Map(all.map((pod) => [pod.name, pod])), gone: [], leader: undefined, target: { clusterId } };
  const columns: readonly Column<Pod>[] = [
    { title: 'NAME', value: (row) => row.name },
    { title: 'ROLE', value: (row) => row.role },
    { title: 'READY', value: (row) => `${row.ready}/${row.containers.filter(({ init }) => !init).length}` },
    { title: 'STATE', value: (row) => row.state },
    { title: 'RESTARTS', value: (row) => String(row.restarts) },
    { title: 'AGE', moving: true, value: (row) => formatAge(now - row.createdAt) },
    { title: 'IP', value: (row) => row.ip ?? '-', wide: true },
    { title: 'NODE', value: (row) => row.node ?? '-', wide: true },
    { title: 'MESSAGE', value: (row) => row.message ?? '', wide: true },
  ];
  return {
    columns, rows: only === undefined ? all : [findPod(only, known)], name: ({ name }) => name, empty: `${clusterId} has no pods.`,
    data: (row) => ({
      name: row.name, role: row.role, state: row.state, message: row.message, ready: row.ready, restarts: row.restarts, node: row.node, ip: row.ip,
      createdAt: stamp(row.createdAt), containers: row.containers.map(({ name, image, state, reason, exitCode }) => ({ name, image, state, reason, exitCode })),
    }),
  };
}

/** What `drey jobs CLUSTER [JOB]` prints: newest first. Rejects if the job that is named is not there, or may be several. */
export async function listJobs(flink: FlinkClient, { clusterId, only }: { readonly clusterId: string; readonly only: string | undefined }, signal: AbortSignal): Promise<List<JobOverview>> {
  const jobs = (await flink.jobs({ signal })).toSorted((a, b) => b.startTime - a.startTime);
  const columns: readonly Column<JobOverview>[] = [
    { title: 'ID', value: (row) => row.id },
    { title: 'NAME', value: (row) => row.name },
    { title: 'STATE', value: phaseOf },
    { title: 'TASKS', value: (row) => `${row.tasks.byState[isTerminal(row.state) ? 'finished' : 'running'] ?? 0}/${row.tasks.total}` },
    { title: 'DURATION', moving: true, value: (row) => formatDuration(row.durationMs) },
    { title: 'STARTED', value: (row) => stamp(row.startTime) ?? '-', wide: true },
    { title: 'ENDED', value: (row) => stamp(row.endTime) ?? '-', wide: true },
  ];
  return {
    columns, rows: only === undefined ? jobs : [findJob(only, { ...allHeard, jobs, target: { clusterId } }, 'all')], name: ({ id }) => id, empty: `${clusterId} has no jobs.`,
    data: (row) => ({
      id: row.id, name: row.name, state: row.state, phase: phaseOf(row), startTime: stamp(row.startTime), endTime: stamp(row.endTime), durationMs: row.durationMs,
      tasks: { total: row.tasks.total, ...row.tasks.byState },
    }),
  };
}

/** The cluster that is meant where none is named: the only one of the namespace. */
export async function onlyCluster(kubernetes: KubernetesClient, namespace: string, signal: AbortSignal): Promise<string> {
  const clusters = await findClusters(kubernetes, namespace, signal);
  const [only] = clusters;
  if (only === undefined) throw new Problem('not-found', `There is no Flink cluster in namespace ${namespace}.`, { hint: 'drey clusters -A lists those of all namespaces.' });
  if (clusters.length > 1) throw new Problem('usage', `Namespace ${namespace} has ${clusters.length} Flink clusters: ${clusters.map(({ id }) => id).join(', ')}.`, { hint: 'Name one of them.' });
  return only.id;
}

/** ISO 8601 in UTC; undefined where there is no such moment (Flink says -1). */
const stamp = (at: Instant | undefined): string | undefined => (at === undefined || at < 0 ? undefined : new Date(at).toISOString());
