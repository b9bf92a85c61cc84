import { PODS } from '../../kubernetes/model/resources.ts';
import { clusterSelector } from '../../native/names.ts';
import { projectPod } from '../../native/pod-projection.ts';
import type { Pod } from '../types.ts';
import type { FeedContext } from './context.ts';
import { sourceReporter, supervise } from './source-status.ts';

/** Called with pods as soon as they are known. */
export interface PodListener {
  listed(pods: readonly Pod[], position: { readonly first: boolean; readonly last: boolean }): void;
  seen(pods: readonly Pod[]): void;
  gone(pods: readonly Pod[]): void;
}

/**
 * TaskManagers that are deleted together go one after the other: those that go within this time are reported as one change, so they are
 * counted once.
 */
const gatherMs = 150;

/**
 * Collects TaskManagers that went, and passes them on together. A JobManager is passed on immediately, because a failover begins with it.
 */
function gatherGone(
  { clock, signal }: FeedContext,
  tell: (pods: readonly Pod[]) => void,
): { gone(pods: readonly Pod[]): void; flush(): void; before(pods: readonly Pod[]): void } {
  let gathered: Pod[] = [];
  const flush = (): void => {
    const pods = gathered;
    gathered = [];
    if (pods.length > 0) tell(pods);
  };
  return {
    flush,
    gone(pods) {
      const jobManagers = pods.filter(({ role }) => role === 'jobmanager');
      if (jobManagers.length > 0) tell(jobManagers);
      const taskManagers = pods.filter(({ role }) => role !== 'jobmanager');
      if (taskManagers.length === 0) return;
      const first = gathered.length === 0;
      gathered.push(...taskManagers);
      // Only the end of the session ends this wait early; the feed then flushes the rest.
      if (first) void clock.sleep(gatherMs, signal).then(flush, () => undefined);
    },
    // If a name is reused, its older pod goes before the younger one appears.
    before(pods) {
      if (gathered.length > 0 && pods.some(({ name }) => gathered.some((gone) => gone.name === name))) flush();
    },
  };
}

/** Watches the pods of the cluster. */
export function podsFeed(context: FeedContext, listeners: readonly PodListener[]): Promise<void> {
  const { kubernetes, target, queue, clock, signal } = context;
  const source = sourceReporter('pods', queue, clock);
  const going = gatherGone(context, (pods) => {
    queue.tell({ kind: 'pods-gone', at: clock.now(), pods });
    for (const listener of listeners) listener.gone(pods);
  });
  source.status({ state: 'connecting' });
  const work = kubernetes.listAndWatch(
    PODS,
    { namespace: target.namespace, labelSelector: clusterSelector(target.clusterId), signal },
    (raw) => projectPod(raw, target.clusterId),
    {
      page(pods, { first, last }) {
        going.flush();
        queue.tell({ kind: 'pods-listed', at: clock.now(), pods, first, last });
        for (const listener of listeners) listener.listed(pods, { first, last });
      },
      seen(pods) {
        going.before(pods);
        queue.tell({ kind: 'pods-seen', at: clock.now(), pods });
        for (const listener of listeners) listener.seen(pods);
      },
      gone: going.gone,
      status: source.status,
      unreadable: source.unreadable,
    },
  );
  return supervise(work.finally(going.flush), source, signal);
}
