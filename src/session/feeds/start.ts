import type { FlinkClient } from '../../flink/types.ts';
import type { KubernetesClient } from '../../kubernetes/model/types.ts';
import type { Clock } from '../../support/clock.ts';
import { lifetime } from '../../support/waiting.ts';
import type { Feeds, SessionStore, Target } from '../types.ts';
import type { FeedContext } from './context.ts';
import { deploymentFeed } from './deployment-feed.ts';
import { eventsFeed } from './events-feed.ts';
import { flinkFeed } from './flink-feed.ts';
import { inspectionsFeed } from './inspections-feed.ts';
import { LeaderFeed } from './leader-feed.ts';
import { LogFeed, type LogFeedOptions } from './log-feed.ts';
import { podsFeed } from './pods-feed.ts';
import { createChangeQueue } from './change-queue.ts';
import { usageFeed } from './usage-feed.ts';

export interface StartFeeds {
  readonly store: SessionStore;
  readonly kubernetes: KubernetesClient;
  readonly flink: FlinkClient;
  readonly target: Target;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** For the jitter of retries. */
  readonly random?: () => number;
  readonly logs?: LogFeedOptions;
  /** Nothing else of the cluster is read; undefined: everything. */
  readonly reads?: 'pods' | undefined;
}

/** Starts all feeds. The sources are independent: one that is denied or lost does not hold up the others. */
export function startFeeds({
  store,
  kubernetes,
  flink,
  target,
  clock,
  signal,
  random = Math.random,
  reads,
  logs: logOptions,
}: StartFeeds): Feeds {
  const life = lifetime(signal);

  const queue = createChangeQueue(store, clock, life.signal);
  const context: FeedContext = { store, kubernetes, flink, target, clock, random, signal: life.signal, queue };
  const logs = new LogFeed(context, logOptions);
  const leader = new LeaderFeed(context);
  const all = reads === undefined;
  const usage = all ? usageFeed(context) : undefined;
  const rest = all ? flinkFeed(context) : undefined;
  const inspections = inspectionsFeed(context, logs);
  // Collected now: rejections are examined once all have ended.
  const done = Promise.allSettled([
    podsFeed(context, [leader, logs]),
    leader.done,
    ...(all ? [deploymentFeed(context), eventsFeed(context)] : []),
    rest?.done,
    usage?.done,
  ]);

  // The route to the endpoint may be gone, or back: try it now instead of waiting for the next try.
  const unsubscribe = store.subscribe((session, before) => {
    const [now, then] = [session.sources.get('pods')?.state, before.sources.get('pods')?.state];
    const turned = then !== undefined && now !== then && (now === 'live' || now === 'lost');
    if (turned || (session.leader !== before.leader && session.sources.get('flink')?.state !== 'live')) rest?.refresh();
    if (session.logPatterns !== before.logPatterns) logs.readBy(session.logPatterns);
  });

  return {
    logs,
    refresh() {
      kubernetes.retryNow();
      rest?.refresh();
      usage?.refresh();
      leader.refresh();
      inspections.refresh();
      logs.retry();
    },
    setFocus(focused) {
      rest?.setFocus(focused);
      usage?.setFocus(focused);
      inspections.setFocus(focused);
    },
    inspect: inspections.inspect,
    async [Symbol.asyncDispose]() {
      life.end();
      unsubscribe();
      await done;
      await inspections.idle();
      await logs.idle();
      queue.flush();
    },
  };
}
