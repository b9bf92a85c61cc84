import { jobManagerMemory, taskManagerMemory } from '../../config/memory.ts';
import { executionAttached } from '../../config/options-cluster.ts';
import { numberOfTaskSlots } from '../../config/options-memory.ts';
import * as options from '../../config/options-kubernetes.ts';
import { Problem } from '../../support/problem.ts';
import { isHighlyAvailable } from './effective-config.ts';
import type { Context } from './types.ts';

const maxClusterId = 45;

function checkClusterId(clusterId: string): void {
  if (clusterId.trim() === '') throw new Problem('invalid', 'kubernetes.cluster-id must not be blank.', { hint: 'Set it to a name, or leave it out to get a generated one.' });
  if (clusterId.length > maxClusterId) throw new Problem('invalid', `kubernetes.cluster-id must be no more than 45 characters. '${clusterId}' has ${clusterId.length}.`);
  if (!/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(clusterId)) {
    throw new Problem('invalid', `kubernetes.cluster-id '${clusterId}' is no name for a Service.`, { hint: "Use lower-case letters, digits and '-', a letter first, a letter or digit last." });
  }
}

function checkNamespace(namespace: string): void {
  if (namespace.trim() === '') throw new Problem('invalid', 'kubernetes.namespace must not be blank.');
  if (namespace.length > 63 || !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(namespace)) {
    throw new Problem('invalid', `kubernetes.namespace '${namespace}' is no name of a namespace.`, { hint: "Use at most 63 lower-case letters, digits and '-', a letter or digit at both ends." });
  }
}

/** What Flink's client checks of a configuration before it makes objects, and what the API server would refuse. Throws a `Problem` of kind `invalid`. */
export function checkConfig({ config, clusterId, namespace, mode }: Context): void {
  if (mode === 'session') config.get(executionAttached);
  checkClusterId(clusterId);
  checkNamespace(namespace);
  jobManagerMemory(config);
  taskManagerMemory(config);
  config.get(numberOfTaskSlots);
  const replicas = config.get(options.jobManagerReplicas) ?? 1;
  if (replicas < 1) throw new Problem('invalid', `'${options.jobManagerReplicas.key}' should not be configured less than one.`);
  if (replicas > 1 && !isHighlyAvailable(config)) {
    throw new Problem('invalid', 'High availability should be enabled when starting standby JobManagers.', {
      hint: `Set high-availability.type to kubernetes and high-availability.storageDir, or ${options.jobManagerReplicas.key} to 1.`,
    });
  }
}
