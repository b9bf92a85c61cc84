import { parseQuantity } from '../../kubernetes/model/quantity.ts';
import { POD_METRICS } from '../../kubernetes/model/resources.ts';
import { clusterSelector } from '../../native/names.ts';
import type { PodMetricsObject } from '../../native/objects.ts';
import { isAbort, Problem, toProblem } from '../../support/problem.ts';
import { wakerWithMemory } from '../../support/waiting.ts';
import type { Usage } from '../types.ts';
import type { FeedContext } from './context.ts';
import { sourceTeller } from './source-status.ts';

/** metrics-server measures every 15 s. */
const periodMs = 15_000;
const unfocusedPeriodMs = 60_000;
/** After this the metrics API is asked for again where it did not answer. */
const metricsRetryMs = 300_000;
/** Flink measures only while somebody asks: the first answer after a quiet time is empty, and the next one is not. */
const soonMs = 2_000;
const soonTries = 3;
/** TaskManagers whose heap is asked for in one round, and at the same time. */
const heapsARound = 32;
const flights = 4;

const heapMetrics = ['Status.JVM.Memory.Heap.Used', 'Status.JVM.Memory.Heap.Max', 'Status.JVM.CPU.Load'];

export interface UsageFeed {
  readonly done: Promise<void>;
  refresh(): void;
  setFocus(focused: boolean): void;
}

type Entry = readonly [pod: string, usage: Usage];

/** CPU and memory of the pods: from the metrics API where it answers, else the heap as Flink measures it. */
export function usageFeed({ kubernetes, flink, store, target, teller, clock, signal }: FeedContext): UsageFeed {
  const source = sourceTeller('usage', teller, clock);
  const pause = wakerWithMemory(clock);
  let focused = true;
  let metricsAt = Number.NEGATIVE_INFINITY;
  let turn = 0;
  let soon = soonTries;

  const fromMetrics = async (): Promise<readonly Entry[] | undefined> => {
    if (clock.monotonic() < metricsAt) return undefined;
    try {
      const items = await kubernetes.list<PodMetricsObject>(POD_METRICS, {
        namespace: target.namespace,
        labelSelector: clusterSelector(target.clusterId),
        signal,
      });
      const at = clock.now();
      return items.map((item) => [item.metadata?.name ?? '', sum(item, at)]);
    } catch (error) {
      // No metrics-server, no right to it, or one that does not work: Flink's own figures do. A lost connection is an error of this round.
      if (!(error instanceof Problem) || error.kind === 'unreachable' || error.kind === 'unauthorized') throw error;
      metricsAt = clock.monotonic() + metricsRetryMs;
      return undefined;
    }
  };

  const heap = async (pod: string, numbers: Promise<ReadonlyMap<string, number>>): Promise<Entry | undefined> => {
    const values = await numbers;
    const used = values.get('Status.JVM.Memory.Heap.Used');
    if (used === undefined) return undefined;
    const load = values.get('Status.JVM.CPU.Load');
    const limit = store.get().pods.get(pod)?.cpuLimit;
    // A load is a share of what the JVM sees: of the limit where there is one.
    const cpu = load === undefined || limit === undefined || load < 0 ? undefined : load * limit;
    return [pod, { cpu, memory: used, memoryMax: values.get('Status.JVM.Memory.Heap.Max'), source: 'heap', at: clock.now() }];
  };

  const fromFlink = async (): Promise<readonly Entry[]> => {
    const { leader } = store.get();
    const entries: Entry[] = [];
    const master = leader === undefined ? undefined : await heap(leader, flink.jobManagerMetrics(heapMetrics, { signal }));
    if (master !== undefined) entries.push(master);
    const ids = (await flink.taskManagers({ signal })).map(({ id }) => id);
    const queue = ids.length <= heapsARound ? ids : [...ids, ...ids].slice(turn % ids.length).slice(0, heapsARound);
    turn += heapsARound;
    const one = async (): Promise<void> => {
      for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
        const entry = await heap(id, flink.taskManagerMetrics(id, heapMetrics, { signal })).catch((error: unknown) => {
          // A TaskManager that was released meanwhile has no figures.
          if (error instanceof Problem && error.kind === 'not-found') return undefined;
          throw error;
        });
        if (entry !== undefined) entries.push(entry);
      }
    };
    await Promise.all(Array.from({ length: flights }, one));
    return entries;
  };

  const run = async (): Promise<void> => {
    source.status({ state: 'connecting' });
    // The first frame needs none of this.
    await store.until(({ podsKnown }) => podsKnown, signal);
    for (;;) {
      if (store.get().stopped) await store.until(({ stopped }) => !stopped, signal);
      let next = focused ? periodMs : unfocusedPeriodMs;
      try {
        const usage = (await fromMetrics()) ?? (await fromFlink());
        teller.tell({ kind: 'usage', at: clock.now(), usage });
        source.answered();
        // Who leads may be known a moment after the pods are.
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
      // The wait was ended: so was the session.
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

function sum({ containers = [] }: PodMetricsObject, at: number): Usage {
  let cpu = 0;
  let memory = 0;
  for (const { usage } of containers) {
    cpu += parseQuantity(usage?.['cpu']) ?? 0;
    memory += parseQuantity(usage?.['memory']) ?? 0;
  }
  return { cpu, memory, memoryMax: undefined, source: 'metrics.k8s.io', at };
}
