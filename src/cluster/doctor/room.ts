import { type ContainerResources, containerResources } from '../../config/memory/container-resources.ts';
import { memoryConfig } from '../../config/memory/legacy-heap.ts';
import { jobManagerMemory, taskManagerMemory } from '../../config/memory/memory.ts';
import type { ResourceQuotaObject } from '../../native/objects.ts';
import {
  jobManagerCpu,
  jobManagerCpuLimitFactor,
  jobManagerMemoryLimitFactor,
  taskManagerCpu,
  taskManagerCpuLimitFactor,
  taskManagerMemoryLimitFactor,
} from '../../config/options/options-kubernetes.ts';
import { numberOfTaskSlots, taskManagerCpuCores } from '../../config/options/options-memory.ts';
import type { FlinkConfig } from '../../config/options/types.ts';
import type { KubernetesClient, ResourceType } from '../../kubernetes/model/types.ts';
import { formatBytes, formatCpu } from '../../support/format.ts';
import { Problem, sentence } from '../../support/problem.ts';
import { parseQuantity } from '../../kubernetes/model/quantity.ts';
import { listed, nodeRoom, type Nodes, readNodes, shortageWords } from '../pods/node-room.ts';
import type { Finding } from './finding.ts';

/** The resources that one pod requests. Side containers of a pod template come on top. */
export interface PodDemand {
  readonly who: 'JobManager' | 'TaskManager';
  readonly resources: ContainerResources;
}

/**
 * The requests of a JobManager and of a TaskManager; a `Problem` if the configuration does not define them. Source:
 * `TaskExecutorProcessUtils.getCpuCoresWithFallback`, Flink 2.3.
 */
export function podDemands(given: FlinkConfig, context: Parameters<typeof memoryConfig>[1]): readonly PodDemand[] | Problem {
  try {
    const config = memoryConfig(given, context);
    const amount = config.get(taskManagerCpu) ?? 0;
    const cores = config.get(taskManagerCpuCores) ?? (amount > 0 ? amount : (config.get(numberOfTaskSlots) ?? 1));
    return [
      {
        who: 'JobManager',
        resources: containerResources(config, jobManagerMemory(config).total, config.get(jobManagerCpu) ?? 1, {
          cpu: jobManagerCpuLimitFactor,
          memory: jobManagerMemoryLimitFactor,
        }),
      },
      {
        who: 'TaskManager',
        resources: containerResources(config, taskManagerMemory(config).total, cores, {
          cpu: taskManagerCpuLimitFactor,
          memory: taskManagerMemoryLimitFactor,
        }),
      },
    ];
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

const QUOTAS: ResourceType = { group: '', version: 'v1', plural: 'resourcequotas', kind: 'ResourceQuota', namespaced: true };

/** Checks whether the pods fit into the quotas of the namespace, and each onto a node. */
export async function roomFor(
  kubernetes: Pick<KubernetesClient, 'list'>,
  namespace: string,
  demands: readonly PodDemand[] | Problem,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  if (demands instanceof Problem) return [unknown('Room for the pods', sentence(demands))];
  const [quotas, nodes] = await Promise.all([
    listed<ResourceQuotaObject>(() => kubernetes.list(QUOTAS, { namespace, signal })),
    readNodes(kubernetes, signal),
  ]);
  return [
    ...(quotas instanceof Problem
      ? [unknown('Quota', `could not be checked: ${sentence(quotas)}`)]
      : quotas.length === 0
        ? [{ about: 'Quota', state: 'ok', detail: 'none is set', optional: false } as const]
        : quotas.map((quota) => quotaFinding(quota, demands, namespace))),
    ...demands.map((demand) => nodeFinding(nodes, demand)),
  ];
}

const unknown = (about: string, detail: string): Finding => ({ about, state: 'unknown', detail, optional: false });

/** Names as they are in a quota. Source: "Resource Quotas", Kubernetes documentation. */
function taken(name: string, demands: readonly PodDemand[]): number | undefined {
  const sum = (value: (resources: ContainerResources) => string): number =>
    demands.reduce((all, { resources }) => all + (parseQuantity(value(resources)) ?? 0), 0);
  switch (name) {
    case 'pods':
    case 'count/pods':
      return demands.length;
    case 'cpu':
    case 'requests.cpu':
      return sum(({ requests }) => requests.cpu);
    case 'memory':
    case 'requests.memory':
      return sum(({ requests }) => requests.memory);
    case 'limits.cpu':
      return sum(({ limits }) => limits.cpu);
    case 'limits.memory':
      return sum(({ limits }) => limits.memory);
    default:
      return undefined;
  }
}

const amountOf = (name: string, amount: number): string =>
  name.endsWith('memory') ? formatBytes(amount) : name.endsWith('cpu') ? formatCpu(amount) : String(amount);

function quotaFinding({ metadata, spec, status }: ResourceQuotaObject, demands: readonly PodDemand[], namespace: string): Finding {
  const name = metadata?.name ?? '';
  const about = `Quota ${name}`;
  if ((spec?.scopes ?? []).length > 0 || spec?.scopeSelector !== undefined) return unknown(about, 'counts for some pods only (scopes)');
  const short = Object.entries(status?.hard ?? {}).flatMap(([resource, hard]) => {
    const [most, used, need] = [parseQuantity(hard), parseQuantity(status?.used?.[resource] ?? '0'), taken(resource, demands)];
    if (most === undefined || used === undefined || need === undefined || used + need <= most) return [];
    return [
      `${resource}: ${amountOf(resource, Math.max(0, most - used))} left of ${amountOf(resource, most)}, and ${amountOf(resource, need)} needed`,
    ];
  });
  if (short.length === 0) return { about, state: 'ok', detail: 'leaves room for a JobManager and a TaskManager', optional: false };
  return {
    about,
    state: 'missing',
    detail: `no room for a JobManager and a TaskManager: ${short.join('; ')}`,
    optional: false,
    advice: `ask for less, delete what is not needed in ${namespace}, or have the quota raised`,
  };
}

/** Compares the request of a pod with what the nodes have. */
function nodeFinding(nodes: Nodes, { who, resources: { requests } }: PodDemand): Finding {
  const need = { cpu: parseQuantity(requests.cpu) ?? 0, memory: parseQuantity(requests.memory) ?? 0 };
  const about = `Nodes for a ${who} (${formatCpu(need.cpu)} CPU, ${formatBytes(need.memory)})`;
  const room = nodeRoom(nodes, need);
  const missing = { about, state: 'missing', optional: false } as const;
  switch (room.kind) {
    case 'unknown':
      return unknown(about, room.reason);
    case 'room': {
      const detail = room.counted
        ? `room on ${room.fitting} of ${room.of}`
        : `large enough when empty: ${room.fitting} of ${room.of} (what runs on them may not be listed)`;
      return { about, state: 'ok', detail, optional: false };
    }
    case 'full':
      return {
        ...missing,
        detail: shortageWords(room),
        advice: 'ask for less, delete what is not needed, or add a node (a cluster autoscaler may do that)',
      };
    case 'small': {
      const prefix = who === 'JobManager' ? 'jobmanager' : 'taskmanager';
      return {
        ...missing,
        detail: shortageWords(room),
        advice: `lower kubernetes.${prefix}.cpu.amount or ${prefix}.memory.process.size, or add a node (a cluster autoscaler may do that)`,
      };
    }
  }
}
