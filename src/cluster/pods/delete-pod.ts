import { PODS } from '../../kubernetes/model/resources.ts';
import type { KubernetesClient } from '../../kubernetes/model/types.ts';
import type { Pod } from '../../native/pod.ts';
import { isAbort, isNotFound, Problem } from '../../support/problem.ts';

/** Deletes exactly this pod. Resolves once the server has accepted it, even if the pod was gone by then. */
export async function deleteLivePod(
  kubernetes: Pick<KubernetesClient, 'delete'>,
  { name, shortName, uid }: Pick<Pod, 'name' | 'shortName' | 'uid'>,
  namespace: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await kubernetes.delete({ resource: PODS, namespace, name }, { uid, signal });
  } catch (error) {
    if (isNotFound(error)) return;
    if (isAbort(error) || !(error instanceof Problem) || error.kind !== 'conflict') throw error;
    throw new Problem('conflict', `Pod ${shortName} was replaced by another one of the same name, which was left alone.`, { cause: error });
  }
}
