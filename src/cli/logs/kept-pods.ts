import { DEPLOYMENTS } from '../../kubernetes/model/resources.ts';
import type { KubernetesClient, LogLine } from '../../kubernetes/model/types.ts';
import { mainContainer } from '../../native/main-container.ts';
import type { Pod } from '../../native/pod.ts';
import { clusterFolder, spoolFolder, type SpooledCluster } from '../../spool/places.ts';
import type { Gap } from '../../spool/gap.ts';
import { readSpool, type SpoolBatch, spooledPods, type SpooledPod } from '../../spool/reader.ts';
import { isAbort, Problem } from '../../support/problem.ts';
import { stateFolder } from '../process/folders.ts';
import type { CliIo } from '../process/io.ts';

/** The pods of a cluster that are gone, whose logs a session has kept on this machine; not those of an earlier cluster of the same name. */
export async function keptPods(
  kubernetes: Pick<KubernetesClient, 'get'>,
  cluster: SpooledCluster,
  present: readonly Pod[],
  io: CliIo,
): Promise<readonly SpooledPod[]> {
  const folder = clusterFolder(spoolFolder(stateFolder(io)), cluster);
  const uids = new Set(present.map(({ uid }) => uid));
  const gone = (pods: readonly SpooledPod[]): readonly SpooledPod[] => pods.filter(({ pod }) => !uids.has(pod.uid));
  // Most machines have kept nothing of it: then nobody is asked.
  if (gone(await spooledPods(folder)).length === 0) return [];
  return gone(await spooledPods(folder, await uidOf(kubernetes, cluster, io.signal)));
}

/** Undefined: the Deployment is gone as well, or may not be read. */
async function uidOf(
  kubernetes: Pick<KubernetesClient, 'get'>,
  { namespace, clusterId }: SpooledCluster,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return (await kubernetes.get({ resource: DEPLOYMENTS, namespace, name: clusterId }, { signal })).metadata?.uid;
  } catch (error) {
    if (isAbort(error) || !(error instanceof Problem)) throw error;
    return undefined;
  }
}

export interface KeptRequest {
  /** Undefined: that of Flink. */
  readonly container: string | undefined;
  readonly since: number | undefined;
  readonly until: number | undefined;
  readonly tail: number | undefined;
  /** Whether one of many lines may be wanted; undefined: all are. */
  readonly among: ((lines: string) => boolean) | undefined;
  readonly signal: AbortSignal;
  /** What is missing. */
  readonly onGap: (gap: Gap) => void;
}

/** The kept lines of a pod, a batch at a time. `apart`: lines before them were left out. */
export async function* keptLines(
  { folder, pod, containers }: SpooledPod,
  { container, since: from, until: to, tail, among, signal, onGap }: KeptRequest,
): AsyncGenerator<Pick<SpoolBatch, 'lines' | 'apart'>, void, undefined> {
  const meant = container ?? mainContainer(pod)?.name ?? containers[0];
  if (meant === undefined) return;
  const request = { folder, container: meant, from, to, signal };
  if (tail === undefined) {
    for await (const batch of readSpool({ ...request, among })) {
      for (const gap of batch.gaps) onGap(gap);
      yield batch;
    }
    return;
  }
  let last: LogLine[] = [];
  const missing: Gap[] = [];
  for await (const { lines, gaps } of readSpool({ ...request, backwards: true })) {
    last = [...lines, ...last].slice(-tail);
    missing.unshift(...gaps);
    if (last.length >= tail) break;
  }
  for (const gap of missing) onGap(gap);
  yield { lines: tail === 0 ? [] : last, apart: false };
}
