import { requestsOf } from '../../cluster/pods/node-room.ts';
import { PODS, POD_METRICS } from '../../kubernetes/model/resources.ts';
import { clusterSelector } from '../../native/names.ts';
import type { PodMetricsObject, PodObject } from '../../native/objects.ts';
import { readPod } from '../../native/pod-projection.ts';
import { heapUsage, type PodUsage } from '../../session/feeds/heap-usage.ts';
import { measuredUsage } from '../../session/feeds/usage-feed.ts';
import type { PodUse } from '../../session/tables/pod-usage.ts';
import { Problem, sentence } from '../../support/problem.ts';
import type { CommandContext } from '../model/types.ts';

/** What the pods use, and why some of it is not known. */
export interface PodsInUse {
  readonly pods: readonly PodUse[];
  readonly missing: readonly string[];
}

/** Flink measures only while it is asked: its first answer after a quiet time is empty. */
const measuredAfterMs = 2_000;

/** CPU and memory as metrics-server measures them, the heap as Flink does; the pod that uses most CPU first. */
export async function podsInUse(context: CommandContext): Promise<PodsInUse> {
  const { clock, kubernetes, signal, store } = context;
  const { clusterId, namespace } = store.get().target;
  const where = { namespace, labelSelector: clusterSelector(clusterId), signal };
  const [pods, metrics, heaps] = await Promise.all([
    kubernetes.list<PodObject>(PODS, where),
    orProblem(kubernetes.list<PodMetricsObject>(POD_METRICS, where)),
    orProblem(heapsOf(context)),
  ]);
  const at = clock.now();
  const measured = new Map(metrics instanceof Problem ? [] : metrics.map((item) => [item.metadata?.name, measuredUsage(item, at)]));
  const heapOf = new Map(heaps instanceof Problem ? [] : heaps);
  const used = pods.map((object): PodUse => {
    const { name, shortName, cpuLimit, memoryLimit } = readPod(object, clusterId);
    const requests = object.spec === undefined ? undefined : requestsOf(object.spec);
    const usage = measured.get(name);
    const heap = heapOf.get(name);
    return {
      name,
      shortName,
      cpu: { used: usage?.cpu, request: requests?.cpu, limit: cpuLimit },
      memory: { used: usage?.memory, request: requests?.memory, limit: memoryLimit },
      heap: heap === undefined ? undefined : { used: heap.memory, max: heap.memoryMax },
    };
  });
  return {
    pods: used.toSorted((a, b) => (b.cpu.used ?? -1) - (a.cpu.used ?? -1) || a.name.localeCompare(b.name)),
    missing: [
      ...(metrics instanceof Problem ? [`CPU and memory are not known: metrics-server does not answer. ${sentence(metrics)}`] : []),
      ...(heaps instanceof Problem ? [`The heap is not known. ${sentence(heaps)}`] : []),
    ],
  };
}

async function heapsOf(context: CommandContext): Promise<readonly PodUsage[]> {
  const { clock, mode, signal } = context;
  const read = heapUsage(context, Number.POSITIVE_INFINITY);
  const first = await read();
  if (mode === 'tui' || first.length > 1) return first;
  await clock.sleep(measuredAfterMs, signal);
  return read();
}

async function orProblem<T>(asked: Promise<T>): Promise<T | Problem> {
  try {
    return await asked;
  } catch (error) {
    // The rest is worth showing; the reason is shown with it.
    if (error instanceof Problem) return error;
    throw error;
  }
}

/** The documented form for programs: cores, and bytes. */
export const podUseData = ({ name, cpu, memory, heap }: PodUse) => ({
  name,
  cpu: { used: cpu.used ?? null, request: cpu.request ?? null, limit: cpu.limit ?? null },
  memory: { used: memory.used ?? null, request: memory.request ?? null, limit: memory.limit ?? null },
  heap: heap === undefined ? null : { used: heap.used, max: heap.max ?? null },
});
