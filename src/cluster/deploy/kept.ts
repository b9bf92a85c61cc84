import { CONFIG_MAPS } from '../../kubernetes/model/resources.ts';
import type { KubernetesClient } from '../../kubernetes/model/types.ts';
import { clusterSelector } from '../../native/names.ts';
import { isAbort, Problem } from '../../support/problem.ts';

/**
 * Names of the ConfigMaps that outlive the cluster: those with its high-availability data have no owner. Empty as well if they may not be
 * listed: the cluster is deleted anyway, but the ConfigMaps that stay cannot be named. Source: `KubernetesLeaderElectionHaServices`, Flink
 * 2.3.
 */
export async function keptByHighAvailability(
  kubernetes: Pick<KubernetesClient, 'list'>,
  { clusterId, namespace }: { readonly clusterId: string; readonly namespace: string },
  signal: AbortSignal,
): Promise<readonly string[]> {
  try {
    const maps = await kubernetes.list(CONFIG_MAPS, { namespace, labelSelector: clusterSelector(clusterId), signal });
    return maps.filter(({ metadata }) => (metadata?.ownerReferences ?? []).length === 0).flatMap(({ metadata }) => metadata?.name ?? []);
  } catch (error) {
    if (isAbort(error) || !(error instanceof Problem)) throw error;
    return [];
  }
}
