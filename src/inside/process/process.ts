import type { AllocatedSlot, Collector, NetworkBuffers, TaskManagerDetail } from '../../flink/process-types.ts';
import type { Instant } from '../../support/clock.ts';
import { jobManagerMemory, memoryMetrics, type MemoryModel, taskManagerMemory } from './memory.ts';

/** What a process does with its memory, its processors and its slots at one moment. */
export interface ProcessFigures {
  readonly at: Instant;
  readonly memory: MemoryModel;
  /** The share of the machine's processors that the JVM uses, 0 to 1. */
  readonly cpuLoad: number | undefined;
  readonly threads: number | undefined;
  readonly openFiles: number | undefined;
  readonly mostOpenFiles: number | undefined;
  /** Since the process started: all of them first, then each. */
  readonly collectors: readonly Collector[];
  /** The share of time that went into garbage collection lately, 0 to 1. */
  readonly collecting: number | undefined;
  /** Of a TaskManager. */
  readonly network: NetworkBuffers | undefined;
  readonly slots: Slots | undefined;
}

export interface Slots {
  readonly total: number;
  readonly free: number;
  readonly allocated: readonly AllocatedSlot[];
}

const collectorCount = 'Status.JVM.GarbageCollector.All.Count';
const collectorTime = 'Status.JVM.GarbageCollector.All.Time';
/** Over the last minute, as the process counts it. */
const collectorPace = 'Status.JVM.GarbageCollector.All.TimeMsPerSecond';
const cpuLoad = 'Status.JVM.CPU.Load';
const threadCount = 'Status.JVM.Threads.Count';
const openFiles = 'Status.JVM.FileDescriptor.Open';
const mostOpenFiles = 'Status.JVM.FileDescriptor.Max';

/** The metrics that `taskManagerFigures` and `jobManagerFigures` read; one request has room for all. */
export const processMetrics: readonly string[] = [
  ...memoryMetrics,
  collectorCount,
  collectorTime,
  collectorPace,
  cpuLoad,
  threadCount,
  openFiles,
  mostOpenFiles,
];

type Metrics = ReadonlyMap<string, number>;

export const taskManagerFigures = (
  detail: TaskManagerDetail,
  metrics: Metrics,
  at: Instant,
  before?: ProcessFigures | undefined,
): ProcessFigures => ({
  ...jvmFigures(metrics, at, { collectors: allFirst(detail.collectors), before }),
  memory: taskManagerMemory(detail, metrics),
  network: detail.network,
  slots: { total: detail.slots, free: detail.freeSlots, allocated: detail.allocated },
});

export const jobManagerFigures = (
  configuration: ReadonlyMap<string, string>,
  metrics: Metrics,
  at: Instant,
  before?: ProcessFigures | undefined,
): ProcessFigures => ({
  ...jvmFigures(metrics, at, {
    collectors: [{ name: 'All', count: metrics.get(collectorCount), timeMs: metrics.get(collectorTime) }],
    before,
  }),
  memory: jobManagerMemory(configuration, metrics),
  network: undefined,
  slots: undefined,
});

const allFirst = (collectors: readonly Collector[]): readonly Collector[] =>
  collectors.toSorted((one, other) => Number(other.name === 'All') - Number(one.name === 'All'));

function jvmFigures(
  metrics: Metrics,
  at: Instant,
  { collectors, before }: { readonly collectors: readonly Collector[]; readonly before: ProcessFigures | undefined },
): Omit<ProcessFigures, 'memory' | 'network' | 'slots'> {
  const pace = metrics.get(collectorPace);
  return {
    at,
    cpuLoad: metrics.get(cpuLoad),
    threads: metrics.get(threadCount),
    openFiles: metrics.get(openFiles),
    mostOpenFiles: metrics.get(mostOpenFiles),
    collectors,
    collecting: collectingBetween(before, { at, collectors }) ?? (pace === undefined ? undefined : pace / 1000),
  };
}

/** From the time that was collected between two reads; undefined without an earlier one, or if the process started anew in between. */
function collectingBetween(before: ProcessFigures | undefined, now: Pick<ProcessFigures, 'at' | 'collectors'>): number | undefined {
  const [earlier, later] = [before?.collectors[0], now.collectors[0]];
  if (before === undefined || earlier?.timeMs === undefined || later?.timeMs === undefined || earlier.name !== later.name) return undefined;
  const [collected, passed] = [later.timeMs - earlier.timeMs, now.at - before.at];
  return passed <= 0 || collected < 0 ? undefined : Math.min(1, collected / passed);
}
