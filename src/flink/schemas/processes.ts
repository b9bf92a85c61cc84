import * as z from 'zod/mini';
import type { JvmEnvironment, LogFile, MemorySizes, TaskManagerDetail, ThreadInfo } from '../process-types.ts';
import { maybeNumber, number, text } from './values.ts';

/** A size in bytes; a server that does not know one leaves it out, writes `null` or -1. */
const size = z.pipe(
  maybeNumber,
  z.transform((value) => (value === undefined || value < 0 ? undefined : value)),
);

const memory = z.nullish(
  z.object({
    frameworkHeap: size,
    taskHeap: size,
    frameworkOffHeap: size,
    taskOffHeap: size,
    networkMemory: size,
    managedMemory: size,
    jvmMetaspace: size,
    jvmOverhead: size,
    totalFlinkMemory: size,
    totalProcessMemory: size,
  }),
);

const metrics = z.nullish(
  z.object({
    heapUsed: size,
    heapMax: size,
    directUsed: size,
    directMax: size,
    nettyShuffleMemorySegmentsAvailable: size,
    nettyShuffleMemorySegmentsUsed: size,
    nettyShuffleMemorySegmentsTotal: size,
    nettyShuffleMemoryUsed: size,
    nettyShuffleMemoryTotal: size,
    garbageCollectors: z.nullish(z.array(z.object({ name: z.string(), count: size, time: size }))),
  }),
);

/** `GET /taskmanagers/:id`. Versions before 2.3 do not have `assignedTasks`. */
export const taskManagerDetail = z.pipe(
  z.object({
    id: z.string(),
    timeSinceLastHeartbeat: number,
    slotsNumber: number,
    freeSlots: number,
    hardware: z.nullish(z.object({ cpuCores: size, physicalMemory: size })),
    memoryConfiguration: memory,
    allocatedSlots: z.nullish(
      z.array(
        z.object({
          jobId: z.string(),
          assignedTasks: size,
          resource: z.nullish(z.object({ cpuCores: size, taskHeapMemory: size, managedMemory: size, networkMemory: size })),
        }),
      ),
    ),
    metrics,
  }),
  z.transform(({ metrics: reported, ...body }): TaskManagerDetail => {
    // Until a TaskManager has sent its first metrics all of them are 0. No JVM uses 0 bytes of its heap.
    const measured = reported?.heapUsed === 0 ? undefined : reported;
    return {
      id: body.id,
      lastHeartbeat: body.timeSinceLastHeartbeat,
      slots: body.slotsNumber,
      freeSlots: body.freeSlots,
      cpuCores: body.hardware?.cpuCores,
      physicalMemory: body.hardware?.physicalMemory,
      memory: memoryOf(body.memoryConfiguration),
      allocated: (body.allocatedSlots ?? []).map(({ jobId, assignedTasks, resource }) => ({
        jobId,
        tasks: assignedTasks,
        cpuCores: resource?.cpuCores,
        // Slots have mebibytes where everything else has bytes. Source: `ResourceProfileInfo`, Flink 2.3.
        taskHeap: mebibytes(resource?.taskHeapMemory),
        managed: mebibytes(resource?.managedMemory),
        network: mebibytes(resource?.networkMemory),
      })),
      heapUsed: measured?.heapUsed,
      heapMax: measured?.heapMax,
      directUsed: measured?.directUsed,
      directMax: measured?.directMax,
      network: {
        segmentsUsed: measured?.nettyShuffleMemorySegmentsUsed,
        segmentsAvailable: measured?.nettyShuffleMemorySegmentsAvailable,
        segmentsTotal: measured?.nettyShuffleMemorySegmentsTotal,
        bytesUsed: measured?.nettyShuffleMemoryUsed,
        bytesTotal: measured?.nettyShuffleMemoryTotal,
      },
      collectors: (measured?.garbageCollectors ?? []).map(({ name, count, time }) => ({ name, count, timeMs: time })),
    };
  }),
);

const memoryOf = (sizes: z.output<typeof memory>): MemorySizes => ({
  frameworkHeap: sizes?.frameworkHeap,
  taskHeap: sizes?.taskHeap,
  frameworkOffHeap: sizes?.frameworkOffHeap,
  taskOffHeap: sizes?.taskOffHeap,
  network: sizes?.networkMemory,
  managed: sizes?.managedMemory,
  metaspace: sizes?.jvmMetaspace,
  overhead: sizes?.jvmOverhead,
  totalFlink: sizes?.totalFlinkMemory,
  totalProcess: sizes?.totalProcessMemory,
});

const mebibytes = (count: number | undefined): number | undefined => (count === undefined ? undefined : count * 2 ** 20);

/** `GET /jobmanager/environment`. */
export const jvmEnvironment = z.pipe(
  z.object({
    jvm: z.nullish(z.object({ version: text, arch: text, options: z.nullish(z.array(z.string())) })),
    classpath: z.nullish(z.array(z.string())),
  }),
  z.transform(({ jvm, classpath }): JvmEnvironment => ({
    version: jvm?.version,
    architecture: jvm?.arch,
    options: jvm?.options ?? [],
    classpath: classpath ?? [],
  })),
);

/** `GET …/thread-dump`. */
export const threadDump = z.pipe(
  z.object({ threadInfos: z.array(z.object({ threadName: z.string(), stringifiedThreadInfo: z.string() })) }),
  z.transform(({ threadInfos }): readonly ThreadInfo[] =>
    threadInfos.map(({ threadName, stringifiedThreadInfo }) => ({ name: threadName, text: stringifiedThreadInfo })),
  ),
);

/** `GET …/logs`. */
export const logFiles = z.pipe(
  z.object({ logs: z.array(z.object({ name: z.string(), size: number, mtime: maybeNumber })) }),
  z.transform(({ logs }): readonly LogFile[] => logs.map(({ name, size: bytes, mtime }) => ({ name, bytes, changedAt: mtime }))),
);
