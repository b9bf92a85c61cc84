import { DEPLOYMENTS } from '../../kubernetes/model/resources.ts';
import type { KubernetesClient } from '../../kubernetes/model/types.ts';
import { isAbort, isNotFound, Problem, sentence } from '../../support/problem.ts';

export interface KillTarget {
  readonly clusterId: string;
  readonly namespace: string;
  /** Delete only the Deployment with this uid: a newer cluster of the same name is left alone. */
  readonly uid?: string | undefined;
}

/**
 * Deletes the Deployment in the background; the garbage collector removes what it owns. Resolves once the server has accepted it, even if
 * nothing was left to delete. Source: `KubernetesClusterDescriptor.killCluster`, Flink 2.3.
 */
export async function killCluster(kubernetes: Pick<KubernetesClient, 'delete'>, target: KillTarget, signal?: AbortSignal): Promise<void> {
  const { clusterId, namespace, uid } = target;
  try {
    await kubernetes.delete({ resource: DEPLOYMENTS, namespace, name: clusterId }, { propagation: 'Background', uid, signal });
  } catch (error) {
    if (isNotFound(error)) return;
    if (isAbort(error)) throw error;
    const kind = error instanceof Problem ? error.kind : 'protocol';
    if (kind === 'conflict' && uid !== undefined) {
      throw new Problem(
        'conflict',
        `Cluster ${clusterId} in namespace ${namespace} was replaced by another one of the same name, which was left alone.`,
        { cause: error },
      );
    }
    throw new Problem(kind, `Could not kill Kubernetes cluster ${clusterId}: ${sentence(error)}`, { cause: error });
  }
}
