import type { FlinkCluster } from '../flink/cluster.ts';
import type { FlinkJob } from '../flink/job.ts';
import type { TaskManager } from '../flink/task-managers.ts';

/** Metric name to value. Values are text on the wire. */
export type Metrics = ReadonlyMap<string, string | number>;

const MEBIBYTE = 1024 ** 2;

export function jobMetrics(job: FlinkJob, now: number): Metrics {
  const book = job.checkpoints;
  const latest = book.latestCompleted;
  const running = job.status === 'RUNNING' ? now - (job.stamps.get('RUNNING') ?? now) : 0;
  const restarting = job.status === 'RESTARTING' ? now - (job.stamps.get('RESTARTING') ?? now) : 0;
  return new Map<string, string | number>([
    ['numRestarts', job.restarts],
    ['fullRestarts', job.restarts],
    ['numRescales', job.rescales],
    ['uptime', running],
    ['downtime', restarting],
    ['runningTime', running],
    ['restartingTime', restarting],
    ['initializingTime', 0],
    ['deployingTime', 0],
    ['createdTime', 0],
    ['failingTime', 0],
    ['cancellingTime', 0],
    ['allSubTasksRunningOrFinishedTime', running],
    ['numberOfCompletedCheckpoints', book.completed],
    ['numberOfFailedCheckpoints', book.failed],
    ['numberOfInProgressCheckpoints', book.inProgress.length],
    ['totalNumberOfCheckpoints', book.total],
    ['lastCheckpointDuration', latest === undefined ? -1 : latest.endedAt - latest.triggeredAt],
    ['lastCheckpointSize', latest?.bytes ?? -1],
    ['lastCheckpointFullSize', latest?.bytes ?? -1],
    ['lastCheckpointMetadataSize', latest === undefined ? -1 : 9_363],
    ['lastCheckpointProcessedData', 0],
    ['lastCheckpointPersistedData', 0],
    ['lastCompletedCheckpointId', latest?.id ?? -1],
    ['lastCheckpointCompletedTimestamp', latest?.endedAt ?? -1],
    ['lastCheckpointExternalPath', latest?.path ?? 'n/a'],
    ['lastCheckpointRestoreTimestamp', book.restored?.at ?? -1],
  ]);
}

export function jobManagerMetrics(cluster: FlinkCluster, now: number): Metrics {
  const workers = cluster.taskManagers.all();
  const total = workers.reduce((sum, worker) => sum + worker.slots, 0);
  return new Map<string, string | number>([
    ['numRunningJobs', [...cluster.jobs.values()].filter((job) => !job.ended).length],
    ['numRegisteredTaskManagers', workers.length],
    ['numPendingTaskManagers', 0],
    ['taskSlotsTotal', total],
    ['taskSlotsAvailable', total - workers.reduce((sum, worker) => sum + worker.taken.size, 0)],
    ...jvm(now - cluster.startedAt, now, 1_024 * MEBIBYTE, 0.3),
  ]);
}

export function taskManagerMetrics(worker: TaskManager, now: number): Metrics {
  const load = worker.slots === 0 ? 0 : worker.taken.size / worker.slots;
  const segments = 4_096;
  const used = Math.round(segments * 0.1 * load);
  return new Map<string, string | number>([
    ['Status.Flink.Memory.Managed.Total', 512 * MEBIBYTE],
    ['Status.Flink.Memory.Managed.Used', Math.round(128 * MEBIBYTE * load)],
    ['Status.Shuffle.Netty.TotalMemory', 128 * MEBIBYTE],
    ['Status.Shuffle.Netty.UsedMemory', used * 32_768],
    ['Status.Shuffle.Netty.AvailableMemory', (segments - used) * 32_768],
    ['Status.Shuffle.Netty.TotalMemorySegments', segments],
    ['Status.Shuffle.Netty.UsedMemorySegments', used],
    ['Status.Shuffle.Netty.AvailableMemorySegments', segments - used],
    ['Status.Shuffle.Netty.RequestedMemoryUsage', Math.round(10 * load)],
    ...jvm(now - worker.registeredAt, now, 512 * MEBIBYTE, 0.15 + load * 0.5),
  ]);
}

/** `load` 0 to 1. The heap follows a sawtooth. */
function jvm(upMs: number, now: number, heap: number, load: number): [string, number][] {
  const period = 20_000 / (0.2 + load);
  const fill = 0.22 + 0.5 * ((now % period) / period) * (0.4 + load);
  const collections = Math.floor(upMs / period);
  return [
    ['Status.JVM.CPU.Load', Number((0.02 + load * (0.18 + 0.08 * Math.sin(now / 9_000))).toFixed(6))],
    ['Status.JVM.CPU.Time', Math.round(upMs * 1e6 * load * 0.4)],
    ['Status.JVM.Memory.Heap.Used', Math.round(heap * Math.min(0.94, fill))],
    ['Status.JVM.Memory.Heap.Committed', heap],
    ['Status.JVM.Memory.Heap.Max', heap],
    ['Status.JVM.Memory.NonHeap.Used', 96 * MEBIBYTE],
    ['Status.JVM.Memory.NonHeap.Committed', 101 * MEBIBYTE],
    ['Status.JVM.Memory.NonHeap.Max', 704 * MEBIBYTE],
    ['Status.JVM.Memory.Metaspace.Used', 65 * MEBIBYTE],
    ['Status.JVM.Memory.Metaspace.Committed', 66 * MEBIBYTE],
    ['Status.JVM.Memory.Metaspace.Max', 256 * MEBIBYTE],
    ['Status.JVM.Memory.Direct.Count', 45],
    ['Status.JVM.Memory.Direct.MemoryUsed', 14_406_453],
    ['Status.JVM.Memory.Direct.TotalCapacity', 14_406_451],
    ['Status.JVM.Memory.Mapped.Count', 0],
    ['Status.JVM.Memory.Mapped.MemoryUsed', 0],
    ['Status.JVM.Memory.Mapped.TotalCapacity', 0],
    ['Status.JVM.Threads.Count', 81],
    ['Status.JVM.ClassLoader.ClassesLoaded', 13_270],
    ['Status.JVM.ClassLoader.ClassesUnloaded', 0],
    ['Status.JVM.FileDescriptor.Open', 98],
    ['Status.JVM.FileDescriptor.Max', 1_048_576],
    ...['All', 'G1_Young_Generation'].flatMap((name): [string, number][] => [
      [`Status.JVM.GarbageCollector.${name}.Count`, collections],
      [`Status.JVM.GarbageCollector.${name}.Time`, collections * 9],
      [`Status.JVM.GarbageCollector.${name}.TimeMsPerSecond`, Number((load * 4).toFixed(1))],
    ]),
    ['Status.JVM.GarbageCollector.G1_Old_Generation.Count', 0],
    ['Status.JVM.GarbageCollector.G1_Old_Generation.Time', 0],
    ['Status.JVM.GarbageCollector.G1_Old_Generation.TimeMsPerSecond', 0],
  ];
}

/** Without `get` only names; with it names and values, without unknown names. */
export function metricsAnswer(metrics: Metrics, query: URLSearchParams): readonly Readonly<Record<string, string>>[] {
  const wanted = query.get('get');
  if (wanted === null) return [...metrics.keys()].map((id) => ({ id }));
  return wanted.split(',').flatMap((id) => {
    const value = metrics.get(id);
    return value === undefined ? [] : [{ id, value: String(value) }];
  });
}

const AGGREGATES = ['min', 'max', 'avg', 'sum', 'skew'];

/**
 * Metrics aggregated over components. A name whose values are no numbers is left out; if one has no value, the whole answer is empty.
 * Source: AbstractAggregatingMetricsHandler, Flink 2.3.
 */
export function aggregatedAnswer(
  all: readonly Metrics[],
  query: URLSearchParams,
): readonly Readonly<Record<string, unknown>>[] | { readonly badAggregate: string } {
  const wanted = query.get('get');
  if (wanted === null) return [...new Set(all.flatMap((one) => [...one.keys()]))].map((id) => ({ id }));
  const kinds = (query.get('agg') ?? AGGREGATES.join(',')).toLowerCase().split(',');
  const bad = kinds.find((kind) => !AGGREGATES.includes(kind));
  if (bad !== undefined) return { badAggregate: bad };
  const found = wanted.split(',').map((id) => ({ id, values: all.flatMap((one) => (one.has(id) ? [Number(one.get(id))] : [])) }));
  if (found.some(({ values }) => values.length === 0)) return [];
  const numeric = found.filter(({ values }) => values.every((value) => !Number.isNaN(value)));
  return numeric.map(({ id, values }) => {
    const sum = values.reduce((total, value) => total + value, 0);
    const avg = sum / values.length;
    const skew =
      avg === 0 ? 0 : Math.min(100, (values.reduce((total, value) => total + Math.abs(value - avg), 0) / values.length / avg) * 100);
    const by: Readonly<Record<string, number>> = { min: Math.min(...values), max: Math.max(...values), avg, sum, skew };
    return { id, ...Object.fromEntries(AGGREGATES.filter((kind) => kinds.includes(kind)).map((kind) => [kind, by[kind]])) };
  });
}
