import { option } from './option.ts';
import { doubleType, intType, memoryType } from './values.ts';

// Source: `JobManagerOptions` and `TaskManagerOptions`, Flink 2.3.

const mebibytes = (count: number): number => count * 2 ** 20;

export const jobManagerProcessSize = option('jobmanager.memory.process.size', memoryType, 'All memory of the JobManager container');
export const jobManagerFlinkSize = option(
  'jobmanager.memory.flink.size',
  memoryType,
  'Memory of the JobManager without metaspace and JVM overhead',
);
export const jobManagerHeapSize = option('jobmanager.memory.heap.size', memoryType, 'JVM heap of the JobManager');
export const jobManagerOffHeapSize = option('jobmanager.memory.off-heap.size', memoryType, 'Off-heap memory of the JobManager', {
  default: mebibytes(128),
});
export const jobManagerMetaspaceSize = option('jobmanager.memory.jvm-metaspace.size', memoryType, 'JVM metaspace of the JobManager', {
  default: mebibytes(256),
});
export const jobManagerOverheadMin = option('jobmanager.memory.jvm-overhead.min', memoryType, 'Least JVM overhead of the JobManager', {
  default: mebibytes(192),
});
export const jobManagerOverheadMax = option('jobmanager.memory.jvm-overhead.max', memoryType, 'Most JVM overhead of the JobManager', {
  default: mebibytes(1024),
});
export const jobManagerOverheadFraction = option(
  'jobmanager.memory.jvm-overhead.fraction',
  doubleType,
  'JVM overhead of the JobManager as a part of its process memory',
  { default: 0.1 },
);

export const taskManagerProcessSize = option('taskmanager.memory.process.size', memoryType, 'All memory of a TaskManager container');
export const taskManagerFlinkSize = option(
  'taskmanager.memory.flink.size',
  memoryType,
  'Memory of a TaskManager without metaspace and JVM overhead',
);
export const frameworkHeapSize = option(
  'taskmanager.memory.framework.heap.size',
  memoryType,
  'JVM heap of a TaskManager for Flink itself',
  { default: mebibytes(128) },
);
export const frameworkOffHeapSize = option(
  'taskmanager.memory.framework.off-heap.size',
  memoryType,
  'Off-heap memory of a TaskManager for Flink itself',
  { default: mebibytes(128) },
);
export const taskHeapSize = option('taskmanager.memory.task.heap.size', memoryType, 'JVM heap of a TaskManager for tasks');
export const taskOffHeapSize = option('taskmanager.memory.task.off-heap.size', memoryType, 'Off-heap memory of a TaskManager for tasks', {
  default: 0,
});
export const managedSize = option('taskmanager.memory.managed.size', memoryType, 'Managed memory of a TaskManager', {
  deprecated: ['taskmanager.memory.size'],
});
export const managedFraction = option('taskmanager.memory.managed.fraction', doubleType, 'Managed memory as a part of the Flink memory', {
  default: 0.4,
});
export const networkMin = option('taskmanager.memory.network.min', memoryType, 'Least network memory of a TaskManager', {
  default: mebibytes(64),
  deprecated: ['taskmanager.network.memory.min'],
});
export const networkMax = option('taskmanager.memory.network.max', memoryType, 'Most network memory of a TaskManager; default: no limit', {
  deprecated: ['taskmanager.network.memory.max'],
});
export const networkFraction = option('taskmanager.memory.network.fraction', doubleType, 'Network memory as a part of the Flink memory', {
  default: 0.1,
  deprecated: ['taskmanager.network.memory.fraction'],
});
export const taskManagerMetaspaceSize = option('taskmanager.memory.jvm-metaspace.size', memoryType, 'JVM metaspace of a TaskManager', {
  default: mebibytes(256),
});
export const taskManagerOverheadMin = option('taskmanager.memory.jvm-overhead.min', memoryType, 'Least JVM overhead of a TaskManager', {
  default: mebibytes(192),
});
export const taskManagerOverheadMax = option('taskmanager.memory.jvm-overhead.max', memoryType, 'Most JVM overhead of a TaskManager', {
  default: mebibytes(1024),
});
export const taskManagerOverheadFraction = option(
  'taskmanager.memory.jvm-overhead.fraction',
  doubleType,
  'JVM overhead of a TaskManager as a part of its process memory',
  { default: 0.1 },
);

// Source: `MemoryBackwardsCompatibilityUtils`, Flink 1.20; Flink 2.0 has dropped them.
export const jobManagerLegacyHeap = option('jobmanager.heap.size', memoryType, 'All memory of the JobManager container, up to Flink 1.20');
export const jobManagerLegacyHeapMb = option('jobmanager.heap.mb', intType, 'The same in mebibytes, up to Flink 1.20');
export const taskManagerLegacyHeap = option('taskmanager.heap.size', memoryType, 'All memory of a TaskManager container, up to Flink 1.20');
export const taskManagerLegacyHeapMb = option('taskmanager.heap.mb', intType, 'The same in mebibytes, up to Flink 1.20');

export const taskManagerCpuCores = option('taskmanager.cpu.cores', doubleType, 'Cores of a TaskManager, before any other setting');
export const numberOfTaskSlots = option('taskmanager.numberOfTaskSlots', intType, 'Slots of a TaskManager', { default: 1 });
