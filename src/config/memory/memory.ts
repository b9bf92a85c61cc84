import { Problem } from '../../support/problem.ts';
import { describeMemory } from '../options/amounts.ts';
import { checkRest, multiply, partBeside, partOf, readRange } from '../options/fraction.ts';
import * as options from '../options/options-memory.ts';
import { processMemory, type MemorySizes, type ProcessMemory } from './process-memory.ts';
import type { FlinkConfig, Option } from '../options/types.ts';

// Source: `JobManagerFlinkMemoryUtils`, `TaskExecutorFlinkMemoryUtils`, `JobManagerProcessUtils` and `TaskExecutorProcessUtils`, Flink 2.3.

const size = (config: FlinkConfig, option: Option<number>): number => config.get(option) ?? 0;

const jobManager: ProcessMemory = {
  fineGrained: [options.jobManagerHeapSize],
  flinkSize: options.jobManagerFlinkSize,
  processSize: options.jobManagerProcessSize,
  metaspace: options.jobManagerMetaspaceSize,
  overhead: { min: options.jobManagerOverheadMin, max: options.jobManagerOverheadMax, fraction: options.jobManagerOverheadFraction },
  fromFineGrained(config) {
    const heap = size(config, options.jobManagerHeapSize);
    const offHeap = size(config, options.jobManagerOffHeapSize);
    if (!config.has(options.jobManagerFlinkSize)) return heap + offHeap;
    const flink = size(config, options.jobManagerFlinkSize);
    if (config.has(options.jobManagerOffHeapSize) && heap + offHeap !== flink) {
      throw new Problem(
        'invalid',
        `Sum of the configured JVM Heap Memory (${describeMemory(heap)}) and the configured Off-heap Memory (${describeMemory(offHeap)}) does not match the configured Total Flink Memory (${describeMemory(flink)}).`,
        {
          hint: 'Configure only one of them: JVM Heap or Total Flink Memory.',
        },
      );
    }
    if (heap > flink)
      throw new Problem(
        'invalid',
        `The configured JVM Heap Memory (${describeMemory(heap)}) exceeds the configured Total Flink Memory (${describeMemory(flink)}).`,
      );
    return flink;
  },
  checkFlinkMemory(config, flink) {
    const offHeap = size(config, options.jobManagerOffHeapSize);
    if (flink > offHeap) return;
    throw new Problem(
      'invalid',
      `The configured or derived Total Flink Memory (${describeMemory(flink)}) does not exceed the configured Off-heap Memory (${describeMemory(offHeap)}), so that nothing is left for the JVM heap.`,
    );
  },
};

/** Throws if the parts add up to more than the whole. */
function checkSum(parts: readonly (readonly [string, number])[], flink: number): number {
  const sum = parts.reduce((total, [, bytes]) => total + bytes, 0);
  if (sum <= flink) return sum;
  const named = parts.map(([name, bytes]) => `${name} (${describeMemory(bytes)})`);
  throw new Problem(
    'invalid',
    `Sum of configured ${named.slice(0, -1).join(', ')} and ${named.at(-1)} exceed configured Total Flink Memory (${describeMemory(flink)}).`,
  );
}

function managedMemory(config: FlinkConfig, flink: number): number {
  if (config.has(options.managedSize)) return size(config, options.managedSize);
  const fraction = Math.fround(size(config, options.managedFraction));
  if (!(fraction >= 0 && fraction < 1))
    throw new Problem('invalid', `Configured Managed Memory fraction (${fraction}) must be at least 0 and below 1.`);
  return multiply(flink, fraction);
}

const network = (config: FlinkConfig) =>
  readRange(config, 'Network Memory', options.networkMin, options.networkMax, options.networkFraction);

function partsWithTaskHeap(config: FlinkConfig, managed: number): readonly (readonly [string, number])[] {
  return [
    ['Framework Heap Memory', size(config, options.frameworkHeapSize)],
    ['Framework Off-Heap Memory', size(config, options.frameworkOffHeapSize)],
    ['Task Heap Memory', size(config, options.taskHeapSize)],
    ['Task Off-Heap Memory', size(config, options.taskOffHeapSize)],
    ['Managed Memory', managed],
  ];
}

const taskManager: ProcessMemory = {
  fineGrained: [options.taskHeapSize, options.managedSize],
  flinkSize: options.taskManagerFlinkSize,
  processSize: options.taskManagerProcessSize,
  metaspace: options.taskManagerMetaspaceSize,
  overhead: { min: options.taskManagerOverheadMin, max: options.taskManagerOverheadMax, fraction: options.taskManagerOverheadFraction },
  fromFineGrained(config) {
    const parts = partsWithTaskHeap(config, size(config, options.managedSize));
    if (!config.has(options.taskManagerFlinkSize)) {
      const sum = parts.reduce((total, [, bytes]) => total + bytes, 0);
      return sum + partBeside(sum, network(config));
    }
    const flink = size(config, options.taskManagerFlinkSize);
    checkRest(flink - checkSum(parts, flink), network(config));
    return flink;
  },
  checkFlinkMemory(config, flink) {
    const managed = managedMemory(config, flink);
    if (config.has(options.taskHeapSize)) {
      checkRest(flink - checkSum(partsWithTaskHeap(config, managed), flink), network(config));
      return;
    }
    checkSum(
      [
        ['Framework Heap Memory', size(config, options.frameworkHeapSize)],
        ['Framework Off-Heap Memory', size(config, options.frameworkOffHeapSize)],
        ['Task Off-Heap Memory', size(config, options.taskOffHeapSize)],
        ['Managed Memory', managed],
        ['Network Memory', partOf(flink, network(config))],
      ],
      flink,
    );
  },
};

/** Memory of the JobManager. Throws a `Problem` of kind `invalid` for options that are missing or contradict each other. */
export function jobManagerMemory(config: FlinkConfig): MemorySizes {
  return processMemory(config, jobManager);
}

/** Memory of a TaskManager, which the client only checks. Throws a `Problem` of kind `invalid`. */
export function taskManagerMemory(config: FlinkConfig): MemorySizes {
  try {
    return processMemory(config, taskManager);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem('invalid', `TaskManager memory configuration failed: ${error.message}`, {
      cause: error,
      hint: error.hint,
    });
  }
}
