import { DEPLOYMENTS } from '../../kubernetes/model/resources.ts';
import type { KubernetesObject } from '../../kubernetes/model/types.ts';
import { stamp } from '../../native/objects.ts';
import type { DeploymentFacts } from '../types.ts';
import type { FeedContext } from './context.ts';
import { sourceReporter, supervise } from './source-status.ts';

/**
 * Watches the Deployment of the cluster, which has the cluster's name: once it and its pods are gone, the cluster is stopped. Source:
 * `KubernetesUtils.getDeploymentName` and `Fabric8FlinkKubeClient.stopAndCleanupCluster`, Flink 2.3.
 */
export function deploymentFeed({ kubernetes, store, target, queue, clock, signal }: FeedContext): Promise<void> {
  const source = sourceReporter('deployment', queue, clock);
  /** Undefined: not known yet. */
  let there: boolean | undefined;
  const look = (): void => {
    const { podsKnown, listing, pods, unreadable, stopped } = store.get();
    if (there === false && podsKnown && listing === undefined && pods.size === 0 && !unreadable.has('pods') && !stopped)
      queue.tell({ kind: 'stopped', at: clock.now() });
  };
  let listed = false;
  let unread = false;
  let last: DeploymentFacts | undefined;
  const tell = (facts: DeploymentFacts | undefined): void => {
    if (facts === undefined || (last?.uid === facts.uid && last.gone === facts.gone)) return;
    last = facts;
    queue.tell({ kind: 'deployment', at: clock.now(), deployment: facts });
  };
  const isIt = (each: Seen): boolean => each.name === target.clusterId;
  const end = store.subscribe((session, before) => {
    if (session.pods !== before.pods || session.podsKnown !== before.podsKnown || session.unreadable !== before.unreadable) look();
  });
  source.status({ state: 'connecting' });
  const work = kubernetes.listAndWatch(
    DEPLOYMENTS,
    { namespace: target.namespace, fieldSelector: `metadata.name=${target.clusterId}`, signal },
    project,
    {
      page(deployments, position) {
        const found = deployments.find(isIt);
        listed = (!position.first && listed) || found !== undefined;
        tell(found?.facts);
        if (position.last) {
          // An object that cannot be read may be the Deployment.
          there = listed || (unread ? undefined : false);
          if (there === false && last !== undefined) tell({ ...last, gone: true });
        }
        look();
      },
      seen(deployments) {
        const found = deployments.findLast(isIt);
        if (found === undefined) return;
        there = true;
        tell(found.facts);
      },
      gone(deployments) {
        const found = deployments.findLast(isIt);
        if (found === undefined) return;
        there = false;
        tell({ ...found.facts, gone: true });
        look();
      },
      unreadable(objects) {
        unread = objects !== undefined;
        // It is unknown whether it exists; if it is no longer odd, it is gone unless it is seen now.
        there = unread ? undefined : false;
        source.unreadable(objects);
      },
      status: source.status,
    },
  );
  return supervise(work, source, signal).finally(end);
}

interface Seen {
  readonly name: string;
  readonly facts: DeploymentFacts;
}

function project({ metadata = {} }: KubernetesObject): Seen {
  return { name: metadata.name ?? '', facts: { uid: metadata.uid ?? '', createdAt: stamp(metadata.creationTimestamp), gone: false } };
}
