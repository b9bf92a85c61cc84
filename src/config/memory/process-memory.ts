import { Problem } from '../../support/problem.ts';
import { describeMemory } from '../options/amounts.ts';
import { checkRest, partBeside, partOf, readRange } from '../options/fraction.ts';
import type { FlinkConfig, Option } from '../options/types.ts';

/** How the memory of one kind of process is configured. */
export interface ProcessMemory {
  /** The options that together define the Flink memory, if all of them are set. */
  readonly fineGrained: readonly Option<number>[];
  readonly flinkSize: Option<number>;
  readonly processSize: Option<number>;
  readonly metaspace: Option<number>;
  readonly overhead: { readonly min: Option<number>; readonly max: Option<number>; readonly fraction: Option<number> };
  /** Computes the Flink memory from the fine-grained options. */
  readonly fromFineGrained: (config: FlinkConfig) => number;
  /** Throws a `Problem` if the Flink memory is too small for its parts. */
  readonly checkFlinkMemory: (config: FlinkConfig, flink: number) => void;
}

export interface MemorySizes {
  /** In bytes, like all of these. */
  readonly total: number;
  readonly flink: number;
  readonly metaspace: number;
  readonly overhead: number;
}

/** Adds metaspace and overhead to a known Flink memory. */
function aroundFlink(config: FlinkConfig, process: ProcessMemory, flink: number): MemorySizes {
  const metaspace = config.get(process.metaspace) ?? 0;
  const range = readRange(config, 'JVM Overhead', process.overhead.min, process.overhead.max, process.overhead.fraction);
  const total = config.has(process.processSize) ? config.get(process.processSize) : undefined;
  if (total === undefined) {
    const overhead = partBeside(flink + metaspace, range);
    return { total: flink + metaspace + overhead, flink, metaspace, overhead };
  }
  if (total < flink + metaspace) {
    throw new Problem(
      'invalid',
      `The configured Total Process Memory size (${describeMemory(total)}) is less than the sum of the derived Total Flink Memory size (${describeMemory(flink)}) and the configured or default JVM Metaspace size (${describeMemory(metaspace)}).`,
      {
        hint: `Set ${process.flinkSize.key} or ${process.processSize.key}, not both; the configuration file may hold the other one.`,
      },
    );
  }
  const overhead = total - flink - metaspace;
  checkRest(overhead, range);
  return { total, flink, metaspace, overhead };
}

/** Splits a known total; the rest is Flink memory. */
function insideTotal(config: FlinkConfig, process: ProcessMemory, total: number): MemorySizes {
  const metaspace = config.get(process.metaspace) ?? 0;
  const overhead = partOf(total, readRange(config, 'JVM Overhead', process.overhead.min, process.overhead.max, process.overhead.fraction));
  if (metaspace + overhead > total) {
    throw new Problem(
      'invalid',
      `Sum of configured JVM Metaspace (${describeMemory(metaspace)}) and JVM Overhead (${describeMemory(overhead)}) exceed configured Total Process Memory (${describeMemory(total)}).`,
    );
  }
  const flink = total - metaspace - overhead;
  process.checkFlinkMemory(config, flink);
  return { total, flink, metaspace, overhead };
}

/**
 * All memory of a process, from the options that are set: the fine-grained ones, otherwise the Flink size, otherwise the process size.
 * Throws a `Problem` of kind `invalid` that shows the sums. Source: `ProcessMemoryUtils`, Flink 2.3.
 */
export function processMemory(config: FlinkConfig, process: ProcessMemory): MemorySizes {
  if (process.fineGrained.every((option) => config.has(option))) return aroundFlink(config, process, process.fromFineGrained(config));
  const flink = config.has(process.flinkSize) ? config.get(process.flinkSize) : undefined;
  if (flink !== undefined) {
    process.checkFlinkMemory(config, flink);
    return aroundFlink(config, process, flink);
  }
  const total = config.has(process.processSize) ? config.get(process.processSize) : undefined;
  if (total !== undefined) return insideTotal(config, process, total);
  const fine = process.fineGrained.map((option) => option.key).join(' and ');
  throw new Problem(
    'invalid',
    `Either required fine-grained memory (${fine}), or Total Flink Memory size (${process.flinkSize.key}), or Total Process Memory size (${process.processSize.key}) need to be configured explicitly.`,
    {
      hint: `Most clusters set ${process.processSize.key} alone, for example to ${process.processSize.key.startsWith('job') ? '1600m' : '1728m'}.`,
    },
  );
}
