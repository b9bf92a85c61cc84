import { DEPLOYMENTS } from '../../kubernetes/resources.ts';
import type { FeedContext } from './context.ts';
import { sourceTeller, supervise } from './source-status.ts';

/**
 * Watches the Deployment of the cluster, which has the cluster's name: when it is gone and its pods are, the cluster is stopped.
 * Source: `KubernetesUtils.getDeploymentName` and `Fabric8FlinkKubeClient.stopAndCleanupCluster`, Flink 2.3.
 */
export function deploymentFeed({ kubernetes, store, target, teller, clock, signal }: FeedContext): Promise<void> {
  const source = sourceTeller('deployment', teller, clock);
  /** Undefined: not known yet. */
  let there: boolean | undefined;
  const look = (): void => {
    const { podsKnown, listing, pods, stopped } = store.get();
    if (there === false && podsKnown && listing === undefined && pods.size === 0 && !stopped) teller.tell({ kind: 'stopped', at: clock.now() });
  };
  let listed = false;
  const end = store.subscribe((session, before) => {
    if (session.pods !== before.pods || session.podsKnown !== before.podsKnown) look();
  });
  source.status({ state: 'connecting' });
  const work = kubernetes.listAndWatch(
    DEPLOYMENTS,
    { namespace: target.namespace, fieldSelector: `metadata.name=${target.clusterId}`, signal },
    (raw) => raw.metadata?.name,
    {
      page(names, { first, last }) {
        listed = (!first && listed) || names.includes(target.clusterId);
        if (last) there = listed;
        look();
      },
      seen(names) {
        if (names.includes(target.clusterId)) there = true;
      },
      gone(names) {
        if (names.includes(target.clusterId)) there = false;
        look();
      },
      status: source.status,
    },
  );
  return supervise(work, source, signal).finally(end);
}
