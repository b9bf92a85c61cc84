import { PODS } from '../../kubernetes/resources.ts';
import { projectPod } from '../pod-projection.ts';
import type { Pod } from '../types.ts';
import type { FeedContext } from './context.ts';
import { oddObjects } from './odd-objects.ts';
import { sourceTeller, supervise } from './source-status.ts';

/** Others that want to know of pods as soon as they are known. */
export interface PodListener {
  listed(pods: readonly Pod[], position: { readonly first: boolean; readonly last: boolean }): void;
  seen(pods: readonly Pod[]): void;
  gone(pods: readonly Pod[]): void;
}

/** The labels of every pod of a cluster. Source: `KubernetesUtils.getCommonLabels`, Flink 2.3. */
export const podSelector = (clusterId: string): string => `app=${clusterId},type=flink-native-kubernetes`;

/** Watches the pods of the cluster. */
export function podsFeed({ kubernetes, target, teller, clock, signal }: FeedContext, listeners: readonly PodListener[]): Promise<void> {
  const source = sourceTeller('pods', teller, clock);
  source.status({ state: 'connecting' });
  const work = kubernetes.listAndWatch(
    PODS,
    { namespace: target.namespace, labelSelector: podSelector(target.clusterId), signal },
    (raw) => projectPod(raw, target.clusterId),
    {
      page(pods, { first, last }) {
        teller.tell({ kind: 'pods-listed', at: clock.now(), pods, first, last });
        for (const listener of listeners) listener.listed(pods, { first, last });
      },
      seen(pods) {
        teller.tell({ kind: 'pods-seen', at: clock.now(), pods });
        for (const listener of listeners) listener.seen(pods);
      },
      gone(pods) {
        teller.tell({ kind: 'pods-gone', at: clock.now(), pods });
        for (const listener of listeners) listener.gone(pods);
      },
      status: source.status,
      odd: oddObjects(teller, clock),
    },
  );
  return supervise(work, source, signal);
}
