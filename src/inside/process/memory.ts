import { parseMemory } from '../../config/options/amounts.ts';
import type { MemorySizes, TaskManagerDetail } from '../../flink/process-types.ts';

/** A part of the memory of a process, in bytes. Unknown is undefined. */
export interface MemoryPart {
  readonly name: string;
  /** 1: a part of the last one with 0. */
  readonly depth: 0 | 1;
  readonly configured: number | undefined;
  readonly used: number | undefined;
}

export interface MemoryModel {
  readonly parts: readonly MemoryPart[];
  /** Without metaspace and JVM overhead. */
  readonly totalFlink: number | undefined;
  readonly totalProcess: number | undefined;
}

/** A metric that a process may not report. */
type Metrics = ReadonlyMap<string, number>;

export const memoryMetrics = [
  'Status.JVM.Memory.Heap.Used',
  'Status.JVM.Memory.Direct.MemoryUsed',
  'Status.JVM.Memory.Metaspace.Used',
  'Status.Flink.Memory.Managed.Used',
] as const;

const part = (name: string, depth: 0 | 1, configured: number | undefined, used?: number | undefined): MemoryPart => ({
  name,
  depth,
  configured,
  used,
});

/** Unknown if any of them is. */
const sum = (...sizes: readonly (number | undefined)[]): number | undefined =>
  sizes.reduce<number | undefined>((total, size) => (total === undefined || size === undefined ? undefined : total + size), 0);

/**
 * The memory of a TaskManager. The JVM does not tell framework and task apart, on the heap or off it, and nothing measures the overhead.
 * Source: `TaskExecutorProcessSpec`, Flink 2.3: direct memory is framework and task off-heap and network memory.
 */
export function taskManagerMemory({ memory, heapUsed, directUsed, network }: TaskManagerDetail, metrics: Metrics): MemoryModel {
  const { frameworkHeap, taskHeap, frameworkOffHeap, taskOffHeap, managed, metaspace, overhead }: MemorySizes = memory;
  return {
    parts: [
      part('JVM heap', 0, sum(frameworkHeap, taskHeap), heapUsed),
      part('framework heap', 1, frameworkHeap),
      part('task heap', 1, taskHeap),
      part('managed', 0, managed, metrics.get('Status.Flink.Memory.Managed.Used')),
      part('direct', 0, sum(frameworkOffHeap, taskOffHeap, memory.network), directUsed),
      part('network', 1, memory.network, network.bytesUsed),
      part('framework off-heap', 1, frameworkOffHeap),
      part('task off-heap', 1, taskOffHeap),
      part('metaspace', 0, metaspace, metrics.get('Status.JVM.Memory.Metaspace.Used')),
      part('JVM overhead', 0, overhead),
    ],
    totalFlink: memory.totalFlink,
    totalProcess: memory.totalProcess,
  };
}

/** The memory of the JobManager: it writes the sizes that it was started with into its configuration. */
export function jobManagerMemory(configuration: ReadonlyMap<string, string>, metrics: Metrics): MemoryModel {
  const size = (key: string): number | undefined => sizeOf(configuration.get(`jobmanager.memory.${key}`));
  const [heap, offHeap, metaspace] = [size('heap.size'), size('off-heap.size'), size('jvm-metaspace.size')];
  const [least, most] = [size('jvm-overhead.min'), size('jvm-overhead.max')];
  return {
    parts: [
      part('JVM heap', 0, heap, metrics.get('Status.JVM.Memory.Heap.Used')),
      part('off-heap', 0, offHeap, metrics.get('Status.JVM.Memory.Direct.MemoryUsed')),
      part('metaspace', 0, metaspace, metrics.get('Status.JVM.Memory.Metaspace.Used')),
      // A JobManager that worked the overhead out has written it as both bounds.
      part('JVM overhead', 0, least === most ? most : undefined),
    ],
    totalFlink: sum(heap, offHeap),
    totalProcess: size('process.size'),
  };
}

function sizeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  try {
    return parseMemory(text);
  } catch {
    // What the server's own configuration says is not for this reader to refuse: the size is not known.
    return undefined;
  }
}
