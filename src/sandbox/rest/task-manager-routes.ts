import type { FlinkCluster } from '../flink/cluster.ts';
import { aggregatedAnswer, metricsAnswer, taskManagerMetrics } from './metrics.ts';
import { fileText, listedFile } from './log-file.ts';
import { internal, restNotFound } from './rest-errors.ts';
import { since23 } from './job-shapes.ts';
import { unresolved } from './path-parts.ts';
import { RestAnswer, type RestCall, type RestRoute } from './rest-route.ts';
import { taskCounts, tasksOn } from './samples.ts';
import { taskNumbers } from './task-numbers.ts';
import type { TaskManager } from '../flink/task-managers.ts';
import { taskManagerThreads } from '../flink/threads.ts';

type Parts = Readonly<Record<string, string>>;

export const taskManagerRoutes: readonly RestRoute[] = [
  {
    method: 'GET',
    pattern: '/taskmanagers',
    run(cluster) {
      const tasks = taskCounts(cluster);
      return { taskmanagers: cluster.taskManagers.all().map((worker) => summary(cluster, worker, tasks.get(worker.name) ?? 0)) };
    },
  },
  { method: 'GET', pattern: '/taskmanagers/metrics', run: (cluster, call) => allMetrics(cluster, call.query) },
  { method: 'GET', pattern: '/taskmanagers/:tm', run: (cluster, _call, parts) => detail(cluster, knownTaskManager(cluster, parts)) },
  { method: 'GET', pattern: '/taskmanagers/:tm/metrics', run: (cluster, call, parts) => metricsOf(cluster, parts, call.query) },
  {
    method: 'GET',
    pattern: '/taskmanagers/:tm/logs',
    run(cluster, _call, parts) {
      const worker = knownTaskManager(cluster, parts);
      return { logs: [listedFile(logFile(worker), worker.console)] };
    },
  },
  { method: 'GET', pattern: '/taskmanagers/:tm/log', run: logOf },
  {
    method: 'GET',
    pattern: '/taskmanagers/:tm/logs/:file',
    run: (cluster, _call, parts) => {
      const worker = knownTaskManager(cluster, parts);
      if (parts['file'] !== logFile(worker)) throw noFile(worker.name, `The file ${parts['file']} does not exist on the TaskExecutor.`);
      return new RestAnswer(200, fileText(worker.console), 'text/plain');
    },
  },
  {
    method: 'GET',
    pattern: '/taskmanagers/:tm/thread-dump',
    run: (cluster, call, parts) => threadDump(cluster, knownTaskManager(cluster, parts), call),
  },
  {
    method: 'GET',
    pattern: '/taskmanagers/:tm/stdout',
    run: (cluster, _call, parts) => {
      throw noFile(knownTaskManager(cluster, parts).name, 'The file STDOUT does not exist on the TaskExecutor.');
    },
  },
];

const MEBIBYTE = 1024 ** 2;

export function knownTaskManager(cluster: FlinkCluster, parts: Parts): TaskManager {
  const worker = cluster.taskManagers.find(parts['tm'] ?? '');
  if (worker === undefined || !worker.registered)
    throw internal(
      `org.apache.flink.runtime.resourcemanager.exceptions.UnknownTaskExecutorException: No TaskExecutor registered under ${parts['tm']}.`,
    );
  return worker;
}

/** On Kubernetes there is one file, which has what the console has. Measured, Flink 2.3.0. */
const logFile = ({ name }: TaskManager): string => `flink--kubernetes-taskmanager-0-${name}.log`;

export const noFile = (taskManager: string, reason: string): Error =>
  internal(`org.apache.flink.util.FlinkException: Failed to transfer file from TaskExecutor ${taskManager}.`, [
    `java.io.FileNotFoundException: ${reason}`,
  ]);

function threadDump(cluster: FlinkCluster, { name }: TaskManager, { faults }: RestCall): unknown {
  const now = cluster.now();
  const tasks = tasksOn(cluster, name).map((one) => ({ ...one, busy: taskNumbers(one.vertex, one.task, now).busy / 1000 }));
  return { threadInfos: taskManagerThreads(tasks, { round: Math.floor(now / 1_000), deadlocked: faults.deadlocked }) };
}

function logOf(cluster: FlinkCluster, _call: unknown, parts: Parts): RestAnswer {
  const worker = cluster.taskManagers.find(parts['tm'] ?? '');
  if (worker === undefined)
    throw restNotFound(`Failed to transfer file from TaskExecutor ${parts['tm']} because it was unknown.`, [
      `org.apache.flink.runtime.resourcemanager.exceptions.UnknownTaskExecutorException: No TaskExecutor registered under ${parts['tm']}.`,
    ]);
  return new RestAnswer(200, fileText(worker.console), 'text/plain');
}

/** Resources of `slots` of a worker, in MiB. */
function resource(worker: TaskManager, slots: number): Record<string, unknown> {
  const part = slots / worker.slots;
  return {
    cpuCores: slots,
    taskHeapMemory: Math.floor(384 * part),
    taskOffHeapMemory: 0,
    managedMemory: Math.floor(512 * part),
    networkMemory: Math.floor(128 * part),
    extendedResources: {},
  };
}

function summary(cluster: FlinkCluster, worker: TaskManager, assignedTasks: number): Record<string, unknown> {
  const free = worker.slots - worker.taken.size;
  const now = cluster.now();
  return {
    id: worker.name,
    path: 'pekko.tcp://flink@10.244.0.7:6122/user/rpc/taskmanager_0',
    dataPort: 6121,
    jmxPort: -1,
    // Despite its name, the time of the last heartbeat. They come every ten seconds.
    timeSinceLastHeartbeat: now - ((now - worker.registeredAt) % 10_000),
    slotsNumber: worker.slots,
    freeSlots: free,
    ...(since23(cluster) ? { assignedTasks } : {}),
    totalResource: resource(worker, worker.slots),
    freeResource: resource(worker, free),
    hardware: { cpuCores: worker.slots, physicalMemory: 1_728 * MEBIBYTE, freeMemory: 512 * MEBIBYTE, managedMemory: 512 * MEBIBYTE },
    memoryConfiguration: {
      frameworkHeap: 128 * MEBIBYTE,
      taskHeap: 402_653_174,
      frameworkOffHeap: 128 * MEBIBYTE,
      taskOffHeap: 0,
      networkMemory: 134_217_730,
      managedMemory: 536_870_920,
      jvmMetaspace: 256 * MEBIBYTE,
      jvmOverhead: 192 * MEBIBYTE,
      totalFlinkMemory: 1_280 * MEBIBYTE,
      totalProcessMemory: 1_728 * MEBIBYTE,
    },
  };
}

function detail(cluster: FlinkCluster, worker: TaskManager): unknown {
  const metrics = taskManagerMetrics(worker, cluster.now());
  const tasks = tasksOn(cluster, worker.name);
  const of = (name: string): number => Number(metrics.get(name) ?? 0);
  return {
    ...summary(cluster, worker, tasks.length),
    allocatedSlots: [...worker.taken].map(([slot, jobId]) => ({
      jobId,
      resource: resource(worker, 1),
      ...(since23(cluster) ? { assignedTasks: tasks.filter(({ job, task }) => job.id === jobId && task.slot?.index === slot).length } : {}),
    })),
    metrics: {
      heapUsed: of('Status.JVM.Memory.Heap.Used'),
      heapCommitted: of('Status.JVM.Memory.Heap.Committed'),
      heapMax: of('Status.JVM.Memory.Heap.Max'),
      nonHeapUsed: of('Status.JVM.Memory.NonHeap.Used'),
      nonHeapCommitted: of('Status.JVM.Memory.NonHeap.Committed'),
      nonHeapMax: of('Status.JVM.Memory.NonHeap.Max'),
      directCount: of('Status.JVM.Memory.Direct.Count'),
      directUsed: of('Status.JVM.Memory.Direct.MemoryUsed'),
      directMax: of('Status.JVM.Memory.Direct.TotalCapacity'),
      mappedCount: 0,
      mappedUsed: 0,
      mappedMax: 0,
      nettyShuffleMemorySegmentsAvailable: of('Status.Shuffle.Netty.AvailableMemorySegments'),
      nettyShuffleMemorySegmentsUsed: of('Status.Shuffle.Netty.UsedMemorySegments'),
      nettyShuffleMemorySegmentsTotal: of('Status.Shuffle.Netty.TotalMemorySegments'),
      nettyShuffleMemoryAvailable: of('Status.Shuffle.Netty.AvailableMemory'),
      nettyShuffleMemoryUsed: of('Status.Shuffle.Netty.UsedMemory'),
      nettyShuffleMemoryTotal: of('Status.Shuffle.Netty.TotalMemory'),
      garbageCollectors: ['All', 'G1_Young_Generation', 'G1_Old_Generation'].map((name) => ({
        name,
        count: of(`Status.JVM.GarbageCollector.${name}.Count`),
        time: of(`Status.JVM.GarbageCollector.${name}.Time`),
      })),
    },
  };
}

function metricsOf(cluster: FlinkCluster, parts: Parts, query: URLSearchParams): unknown {
  const worker = cluster.taskManagers.find(parts['tm'] ?? '');
  return worker === undefined ? [] : metricsAnswer(taskManagerMetrics(worker, cluster.now()), query);
}

function allMetrics(cluster: FlinkCluster, query: URLSearchParams): unknown {
  const names = query.get('taskmanagers')?.split(',');
  const workers = cluster.taskManagers.all().filter((worker) => names === undefined || names.includes(worker.name));
  const answer = aggregatedAnswer(
    workers.map((worker) => taskManagerMetrics(worker, cluster.now())),
    query,
  );
  if ('badAggregate' in answer) throw unresolved('query', 'agg', answer.badAggregate);
  return answer;
}
