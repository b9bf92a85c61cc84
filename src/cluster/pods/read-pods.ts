import { PODS } from '../../kubernetes/model/resources.ts';
import type { KubernetesClient, ReadableList } from '../../kubernetes/model/types.ts';
import { clusterSelector } from '../../native/names.ts';
import { projectPod } from '../../native/pod-projection.ts';
import type { Pod } from '../../native/pod.ts';

/** The pods of a cluster, without those that cannot be read. */
export const readPods = (
  kubernetes: Pick<KubernetesClient, 'listReadable'>,
  clusterId: string,
  namespace: string,
  signal: AbortSignal,
): Promise<ReadableList<Pod>> =>
  kubernetes.listReadable(PODS, { namespace, labelSelector: clusterSelector(clusterId), signal }, (pod) => projectPod(pod, clusterId));
