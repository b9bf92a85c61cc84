import { Problem } from '../../support/problem.ts';
import { formatDouble } from '../java/java-number.ts';
import type { FlinkConfig, Option } from '../options/types.ts';

/** Resource quantities of a container. */
export interface ContainerResources {
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits: { readonly cpu: string; readonly memory: string };
}

function limitFactor(config: FlinkConfig, option: Option<number>): number {
  const factor = config.get(option) ?? 1;
  if (factor >= 1) return factor;
  throw new Problem('invalid', `${option.key} should be greater or equal to 1.`, {
    hint: `It is ${formatDouble(factor)}; a limit cannot be below its request.`,
  });
}

/** The largest Java `int`. */
const mostMebibytes = 2 ** 31 - 1;

/**
 * Requests and limits for this much memory (bytes) and CPU (cores); memory in whole mebibytes, CPU in Java's notation. Throws a `Problem`
 * for a limit factor below 1. Source: `KubernetesUtils.getResourceRequirements`, Flink 2.3.
 */
export function containerResources(
  config: FlinkConfig,
  bytes: number,
  cpu: number,
  factors: { readonly cpu: Option<number>; readonly memory: Option<number> },
): ContainerResources {
  const cpuFactor = limitFactor(config, factors.cpu);
  const memoryFactor = limitFactor(config, factors.memory);
  const mebibytes = Math.floor(bytes / 2 ** 20);
  return {
    requests: { cpu: formatDouble(cpu), memory: `${mebibytes}Mi` },
    limits: { cpu: formatDouble(cpu * cpuFactor), memory: `${Math.min(Math.trunc(mebibytes * memoryFactor), mostMebibytes)}Mi` },
  };
}
