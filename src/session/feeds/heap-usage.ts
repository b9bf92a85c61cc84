import { Problem } from '../../support/problem.ts';
import type { Usage } from '../types.ts';
import type { FeedContext } from './context.ts';

export type PodUsage = readonly [pod: string, usage: Usage];

/** TaskManagers whose heap is requested in one round of the feed, and at the same time. */
const heapsARound = 32;
const flights = 4;

const heapMetrics = ['Status.JVM.Memory.Heap.Used', 'Status.JVM.Memory.Heap.Max', 'Status.JVM.CPU.Load'];

/** Reads the heap and CPU of the JVMs as measured by Flink: of the leading JobManager, and of some TaskManagers in turn. */
export function heapUsage(
  { flink, store, clock, signal }: Pick<FeedContext, 'flink' | 'store' | 'clock' | 'signal'>,
  most = heapsARound,
): () => Promise<readonly PodUsage[]> {
  let turn = 0;

  const heap = async (pod: string, numbers: Promise<ReadonlyMap<string, number>>): Promise<PodUsage | undefined> => {
    const values = await numbers;
    const used = values.get('Status.JVM.Memory.Heap.Used');
    if (used === undefined) return undefined;
    const load = values.get('Status.JVM.CPU.Load');
    const limit = store.get().pods.get(pod)?.cpuLimit;
    // The load is a share of the CPUs that the JVM sees: those of the limit, if there is one.
    const cpu = load === undefined || limit === undefined || load < 0 ? undefined : load * limit;
    return [pod, { cpu, memory: used, memoryMax: values.get('Status.JVM.Memory.Heap.Max'), source: 'heap', at: clock.now() }];
  };

  const ofTaskManager = (id: string): Promise<PodUsage | undefined> =>
    heap(id, flink.taskManagerMetrics(id, heapMetrics, { signal })).catch((error: unknown) => {
      // A TaskManager that was released meanwhile has no figures.
      if (error instanceof Problem && error.kind === 'not-found') return undefined;
      throw error;
    });

  return async () => {
    const { leader } = store.get();
    const master = leader === undefined ? undefined : await heap(leader, flink.jobManagerMetrics(heapMetrics, { signal }));
    const ids = (await flink.taskManagers({ signal })).map(({ id }) => id);
    const queue = ids.length <= most ? ids : [...ids, ...ids].slice(turn % ids.length).slice(0, most);
    turn += most;
    const found = [master];
    const one = async (): Promise<void> => {
      for (let id = queue.shift(); id !== undefined; id = queue.shift()) found.push(await ofTaskManager(id));
    };
    await Promise.all(Array.from({ length: flights }, one));
    return found.filter((usage) => usage !== undefined);
  };
}
