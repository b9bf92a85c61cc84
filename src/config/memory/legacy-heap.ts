import { Problem } from '../../support/problem.ts';
import * as options from '../options/options-memory.ts';
import type { FlinkConfig, Option } from '../options/types.ts';
import { isAtLeast } from '../options/flink-version.ts';

interface LegacyHeap {
  readonly variable: string;
  readonly size: Option<number>;
  readonly mebibytes: Option<number>;
  readonly processSize: Option<number>;
}

const heaps: readonly LegacyHeap[] = [
  {
    variable: 'FLINK_JM_HEAP',
    size: options.jobManagerLegacyHeap,
    mebibytes: options.jobManagerLegacyHeapMb,
    processSize: options.jobManagerProcessSize,
  },
  {
    variable: 'FLINK_TM_HEAP',
    size: options.taskManagerLegacyHeap,
    mebibytes: options.taskManagerLegacyHeapMb,
    processSize: options.taskManagerProcessSize,
  },
];

type Env = Readonly<Record<string, string | undefined>>;

/** In bytes. */
function configured(config: FlinkConfig, { variable, size, mebibytes }: LegacyHeap, env: Env): number | undefined {
  const text = env[variable];
  if (text !== undefined) return size.type.parse(text, variable);
  if (config.has(size)) return config.get(size);
  const count = config.has(mebibytes) ? (config.get(mebibytes) ?? 0) : undefined;
  if (count !== undefined && count < 0) throw new Problem('invalid', `${mebibytes.key} is ${count}, and should not be negative.`);
  return count === undefined ? undefined : count * 2 ** 20;
}

/**
 * The configuration from which the memory of the processes is computed: up to Flink 1.20, a heap size in the old keys and variables is the
 * size of the whole process if that is not set itself. It is not sent to the cluster. Source: `MemoryBackwardsCompatibilityUtils`, Flink
 * 1.20, as recorded.
 */
export function memoryConfig(
  config: FlinkConfig,
  { flinkVersion, env }: { readonly flinkVersion: string; readonly env: Env },
): FlinkConfig {
  if (isAtLeast(flinkVersion, '2.0')) return config;
  return heaps.reduce((made, heap) => {
    const bytes = made.has(heap.processSize) ? undefined : configured(made, heap, env);
    return bytes === undefined ? made : made.with({ [heap.processSize.key]: `${bytes} b` });
  }, config);
}
