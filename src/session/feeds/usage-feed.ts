import { parseQuantity } from '../../kubernetes/model/quantity.ts';
import { POD_METRICS } from '../../kubernetes/model/resources.ts';
import { clusterSelector } from '../../native/names.ts';
import type { PodMetricsObject } from '../../native/objects.ts';
import { isAbort, Problem, toProblem } from '../../support/problem.ts';
import { wakerWithMemory } from '../../support/waiting.ts';
import type { Usage } from '../types.ts';
import type { FeedContext } from './context.ts';
import { heapUsage, type PodUsage } from './heap-usage.ts';
import { sourceReporter } from './source-status.ts';

/** metrics-server measures every 15 s. */
const periodMs = 15_000;
const unfocusedPeriodMs = 60_000;
/** When to try the metrics API again after it did not answer. */
const metricsRetryMs = 300_000;
/** Flink measures only while it is asked: the first answer after a quiet time is empty, the next one is not. */
const soonMs = 2_000;
const soonTries = 3;
export interface UsageFeed {
  readonly done: Promise<void>;
  refresh(): void;
  setFocus(focused: boolean): void;
}

/** CPU and memory of the pods: from the metrics API if it answers, otherwise the heap as measured by Flink. */
export function usageFeed(context: FeedContext): UsageFeed {
  const { kubernetes, store, target, queue, clock, signal } = context;
  const source = sourceReporter('usage', queue, clock);
  const pause = wakerWithMemory(clock);
  const heaps = heapUsage(context);
  let focused = true;
  let metricsAt = Number.NEGATIVE_INFINITY;
  let soon = soonTries;

  const fromMetrics = async (): Promise<readonly PodUsage[] | undefined> => {
    if (clock.monotonic() < metricsAt) return undefined;
    try {
      const items = await kubernetes.list<PodMetricsObject>(POD_METRICS, {
        namespace: target.namespace,
        labelSelector: clusterSelector(target.clusterId),
        signal,
      });
      const at = clock.now();
      return items.map((item) => [item.metadata?.name ?? '', measuredUsage(item, at)]);
    } catch (error) {
      // No metrics-server, no right to use it, or a broken one: use Flink's own figures. A lost connection is an error of this round.
      if (!(error instanceof Problem) || error.kind === 'unreachable' || error.kind === 'unauthorized') throw error;
      metricsAt = clock.monotonic() + metricsRetryMs;
      return undefined;
    }
  };

  const run = async (): Promise<void> => {
    source.status({ state: 'connecting' });
    // The first frame needs none of this.
    await store.until(({ podsKnown }) => podsKnown, signal);
    for (;;) {
      if (store.get().stopped) await store.until(({ stopped }) => !stopped, signal);
      let next = focused ? periodMs : unfocusedPeriodMs;
      try {
        const usage = (await fromMetrics()) ?? (await heaps());
        queue.tell({ kind: 'usage', at: clock.now(), usage });
        source.answered();
        // The leader may become known a moment after the pods.
        if (usage.some(([pod, { source: from }]) => from !== 'heap' || pod === store.get().leader)) soon = soonTries;
        else if (soon > 0) {
          soon -= 1;
          next = soonMs;
        }
      } catch (error) {
        if (signal.aborted || isAbort(error)) return;
        source.failed(toProblem(error), clock.now() + periodMs);
      }
      await pause.sleep(next, signal);
    }
  };

  return {
    done: run().catch((error: unknown) => {
      // The session ended during the wait.
      if (!signal.aborted) throw error;
    }),
    refresh() {
      metricsAt = Number.NEGATIVE_INFINITY;
      pause.wake();
    },
    setFocus(next) {
      if (next && !focused) pause.wake();
      focused = next;
    },
  };
}

/** The sum over the containers of a pod. */
export function measuredUsage({ containers = [] }: PodMetricsObject, at: number): Usage {
  let cpu = 0;
  let memory = 0;
  for (const { usage } of containers) {
    cpu += parseQuantity(usage?.cpu) ?? 0;
    memory += parseQuantity(usage?.memory) ?? 0;
  }
  return { cpu, memory, memoryMax: undefined, source: 'metrics.k8s.io', at };
}
