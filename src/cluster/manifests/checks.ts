import { memoryConfig } from '../../config/memory/legacy-heap.ts';
import { jobManagerMemory, taskManagerMemory } from '../../config/memory/memory.ts';
import { parseInteger } from '../../config/java/java-number.ts';
import { executionAttached, externalResources } from '../../config/options/options-cluster.ts';
import { numberOfTaskSlots, taskManagerCpuCores } from '../../config/options/options-memory.ts';
import * as options from '../../config/options/options-kubernetes.ts';
import type { FlinkConfig, Option } from '../../config/options/types.ts';
import { valueText } from '../../config/options/values.ts';
import { isAtLeast } from '../../config/options/flink-version.ts';
import { Problem } from '../../support/problem.ts';
import { isHighlyAvailable } from './effective-config.ts';
import { checkClusterId, checkMetadata, checkNamespace } from './names-check.ts';
import type { Context } from './types.ts';

/** Options that Flink's client reads before its first request. Source: `FlinkKubeClientFactory` and `Fabric8FlinkKubeClient`, Flink 2.3. */
const readFirst: readonly Option<unknown>[] = [
  options.transactionalInitialRetryDelay,
  options.transactionalMaxRetries,
  options.transactionalMaxRetryDelay,
];

/** Throws a `Problem` for settings of the Kubernetes client with which Flink's client does not start, whether or not the cluster exists. */
export function checkClientOptions(config: FlinkConfig): void {
  for (const option of readFirst) config.get(option);
  const threads = config.get(options.clientIoPoolSize) ?? 0;
  if (threads < 0) throw new Problem('invalid', `${options.clientIoPoolSize.key} is ${threads}, and should not be negative.`);
}

/** Options that the client reads before it sends anything, whether or not they matter: it fails on a value that cannot be read. */
const readByClient: readonly Option<unknown>[] = [options.nodePortAddressType, options.persistentVolumeClaimReadOnly];

function checkTaskManagerCpu(config: FlinkConfig): void {
  const slots = config.get(numberOfTaskSlots) ?? 1;
  const cores = config.has(taskManagerCpuCores) ? (config.get(taskManagerCpuCores) ?? 0) : slots;
  if (!(cores > 0 && cores < Infinity)) {
    throw new Problem(
      'invalid',
      `TaskManagers need a positive number of CPU cores, and ${config.has(taskManagerCpuCores) ? taskManagerCpuCores.key : numberOfTaskSlots.key} is ${cores}.`,
    );
  }
}

/** Source: `ExternalResourceUtils.getExternalResourceAmountMap`, Flink 2.3, which ignores an amount that is not positive. */
function checkExternalResources(config: FlinkConfig): void {
  for (const name of config.get(externalResources) ?? []) {
    const key = `external-resource.${name}.amount`;
    const amount = config.raw(key);
    if (amount !== undefined && parseInteger(valueText(amount)) === undefined)
      throw new Problem('invalid', `${key} is '${valueText(amount)}', which is not a whole number.`);
  }
}

/** The checks of Flink's client before it builds objects, and those of the API server. Throws a `Problem` of kind `invalid`. */
export function checkConfig(context: Context): void {
  const { config, clusterId, namespace, mode } = context;
  if (mode === 'session') config.get(executionAttached);
  checkClientOptions(config);
  checkClusterId(clusterId);
  checkNamespace(namespace);
  checkMetadata(config, context.flinkVersion);
  jobManagerMemory(memoryConfig(config, context));
  taskManagerMemory(memoryConfig(config, context));
  checkTaskManagerCpu(config);
  checkExternalResources(config);
  const cpu = config.get(options.jobManagerCpu) ?? 1;
  if (!(cpu >= 0 && cpu < Infinity))
    throw new Problem('invalid', `${options.jobManagerCpu.key} is ${cpu}, and should be a number of cores.`);
  for (const option of readByClient) {
    if (option.since === undefined || isAtLeast(context.flinkVersion, option.since)) config.get(option);
  }
  const replicas = config.get(options.jobManagerReplicas) ?? 1;
  if (replicas < 1) throw new Problem('invalid', `'${options.jobManagerReplicas.key}' should not be configured less than one.`);
  if (replicas > 1 && !isHighlyAvailable(config)) {
    throw new Problem('invalid', 'High availability should be enabled when starting standby JobManagers.', {
      hint: `Set high-availability.type to kubernetes and high-availability.storageDir, or ${options.jobManagerReplicas.key} to 1.`,
    });
  }
}
