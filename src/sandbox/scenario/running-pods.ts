import type { FlinkCluster } from '../flink/cluster.ts';
import type { FlinkWorld } from '../flink/world.ts';
import type { Kubelet } from '../pods/kubelet.ts';

export interface RunningPodServices {
  readonly node: Kubelet;
  readonly world: FlinkWorld;
  /** When the process in a pod began, by the pod's name, if that is in the past. */
  readonly past: Map<string, number>;
}

/** TaskManagers of a cluster that have been running since these times. */
export async function runningTaskManagers(
  { node, world, past }: RunningPodServices,
  cluster: FlinkCluster,
  since: readonly number[],
): Promise<void> {
  for (const at of since) {
    const pod = cluster.taskManagers.createPod();
    if (pod === undefined) continue;
    past.set(pod.metadata.name, at);
    node.adopt(pod, at);
  }
  await world.settled();
}
