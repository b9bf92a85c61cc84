import type { Random } from '../random.ts';
import type { Timeline } from '../timeline.ts';
import type { ApiObject } from '../api/objects.ts';
import { PODS } from '../api/resources.ts';
import type { Deletion } from '../api/deletion.ts';
import type { ObjectStore } from '../api/store.ts';
import type { ContainerLog } from '../pods/container-log.ts';
import type { Workload } from '../pods/kubelet.ts';
import { flinkCluster, type FlinkCluster } from './cluster.ts';
import { settingsOf } from './settings.ts';

/** All Flink clusters of the sandbox: what runs in its pods. */
export interface FlinkWorld extends Workload, Disposable {
  /** The cluster whose JobManager runs in this pod. */
  ofPod(uid: string): FlinkCluster | undefined;
  find(namespace: string, clusterId: string): FlinkCluster | undefined;
  all(): readonly FlinkCluster[];
  /** Resolves when pods that were started so far have their processes. */
  settled(): Promise<void>;
}

export interface WorldServices {
  readonly store: ObjectStore;
  readonly timeline: Timeline;
  readonly random: Random;
  readonly deletion: Deletion;
  /** When the process of a pod that starts now is to have started: the past for a story that is on its way. */
  readonly startOf: (pod: ApiObject) => number;
}

const isFlink = (pod: ApiObject): boolean => pod.metadata.labels?.['type'] === 'flink-native-kubernetes';
const keyOf = (pod: ApiObject): string => `${pod.metadata.namespace}/${pod.metadata.labels?.['app']}`;

export function flinkWorld({ store, timeline, random, deletion, startOf }: WorldServices): FlinkWorld {
  const clusters = new Map<string, FlinkCluster>();
  const attempts = new Map<string, number>();
  const remembered = new Map<string, FlinkCluster>();
  const savepoints = new Set<string>();
  let chain = Promise.resolve();

  const startJobManager = async (pod: ApiObject, console: ContainerLog): Promise<void> => {
    const key = keyOf(pod);
    const settings = await settingsOf(store, pod.metadata.labels?.['app'] ?? '', pod);
    if (console.ended || clusters.has(key)) return;
    const attempt = (attempts.get(key) ?? 0) + 1;
    attempts.set(key, attempt);
    const ha = (settings.text('high-availability.type') ?? 'NONE').toLowerCase() === 'kubernetes';
    const before = remembered.get(key);
    const recovered = ha && before !== undefined ? [...before.jobs.values()].filter((job) => !job.ended) : [];
    const at = startOf(pod);
    const cluster = flinkCluster({ store, timeline, random, deletion }, { settings, leader: pod, console, attempt, recovered, savepoints, at });
    clusters.set(key, cluster);
    for (const worker of before?.taskManagers.all() ?? []) {
      const workerPod = store.list(PODS, pod.metadata.namespace).find((one) => one.metadata.name === worker.name);
      if (workerPod !== undefined && workerPod.metadata.deletionTimestamp === undefined) cluster.taskManagers.started(workerPod, worker.console, timeline.now());
    }
    remembered.set(key, cluster);
  };

  return {
    started(pod, console) {
      if (!isFlink(pod)) return;
      const { component } = pod.metadata.labels ?? {};
      if (component === 'jobmanager') chain = chain.then(() => startJobManager(pod, console));
      else if (component === 'taskmanager') chain = chain.then(() => clusters.get(keyOf(pod))?.taskManagers.started(pod, console, startOf(pod)));
    },
    stopped(pod, how) {
      if (!isFlink(pod)) return;
      const cluster = clusters.get(keyOf(pod));
      if (cluster === undefined) return;
      if (cluster.leader.metadata.uid === pod.metadata.uid) {
        clusters.delete(keyOf(pod));
        cluster[Symbol.dispose]();
        return;
      }
      const reason = how === 'deleted' ? `Pod terminated, container termination statuses: [flink-main-container(exitCode=143, reason=Error, message=null)], pod status: Failed(reason=null, message=null)` : `Pod terminated, container termination statuses: [flink-main-container(exitCode=137, reason=OOMKilled, message=null)], pod status: Failed(reason=null, message=null)`;
      cluster.taskManagers.lost(pod.metadata.name, reason, cluster.jobs.values());
    },
    ofPod: (uid) => [...clusters.values()].find((cluster) => cluster.leader.metadata.uid === uid),
    find: (namespace, clusterId) => clusters.get(`${namespace}/${clusterId}`),
    all: () => [...clusters.values()],
    settled: () => chain,
    [Symbol.dispose]() {
      for (const cluster of clusters.values()) cluster[Symbol.dispose]();
    },
  };
}
