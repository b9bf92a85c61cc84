import { type ContainerResources, containerResources } from '../../config/memory/container-resources.ts';
import { memoryConfig } from '../../config/memory/legacy-heap.ts';
import { jobManagerMemory, taskManagerMemory } from '../../config/memory/memory.ts';
import type { NodeObject, PodObject, ResourceQuotaObject } from '../../native/objects.ts';
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
import { NODES, PODS } from '../../kubernetes/model/resources.ts';
import type { KubernetesClient, KubernetesObject, ResourceType } from '../../kubernetes/model/types.ts';
import { formatBytes, formatCpu } from '../../support/format.ts';
import { isAbort, Problem, sentence } from '../../support/problem.ts';
import { parseQuantity } from '../../kubernetes/model/quantity.ts';
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
  const [quotas, nodes, pods] = await Promise.all([
    listed<ResourceQuotaObject>(() => kubernetes.list(QUOTAS, { namespace, signal })),
    listed<NodeObject>(() => kubernetes.list(NODES, { signal })),
    listed<PodObject>(() => kubernetes.list(PODS, { signal })),
  ]);
  const inUse = pods instanceof Problem ? undefined : requestedOn(pods);
  return [
    ...(quotas instanceof Problem
      ? [unknown('Quota', `could not be checked: ${sentence(quotas)}`)]
      : quotas.length === 0
        ? [{ about: 'Quota', state: 'ok', detail: 'none is set', optional: false } as const]
        : quotas.map((quota) => quotaFinding(quota, demands, namespace))),
    ...demands.map((demand) => nodeFinding(nodes, inUse, demand)),
  ];
}

const unknown = (about: string, detail: string): Finding => ({ about, state: 'unknown', detail, optional: false });

async function listed<T>(ask: () => Promise<readonly KubernetesObject[]>): Promise<readonly T[] | Problem> {
  try {
    return (await ask()) as readonly T[];
  } catch (error) {
    if (isAbort(error) || !(error instanceof Problem)) throw error;
    return error;
  }
}

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

interface Size {
  readonly cpu: number;
  readonly memory: number;
}

/** The sum of the requests of the pods that run on each node: the scheduler counts requests, not usage. */
function requestedOn(pods: readonly PodObject[]): ReadonlyMap<string, Size> {
  const inUse = new Map<string, Size>();
  for (const { spec, status } of pods) {
    if (spec?.nodeName === undefined || status?.phase === 'Succeeded' || status?.phase === 'Failed') continue;
    const { cpu, memory } = inUse.get(spec.nodeName) ?? { cpu: 0, memory: 0 };
    inUse.set(spec.nodeName, { cpu: cpu + requestOf(spec, 'cpu'), memory: memory + requestOf(spec, 'memory') });
  }
  return inUse;
}

/**
 * Containers and sidecars run together, the other init containers one after the other before them. Source: "Init Containers: Resource
 * sharing", Kubernetes documentation.
 */
function requestOf({ containers = [], initContainers = [], overhead }: NonNullable<PodObject['spec']>, name: 'cpu' | 'memory'): number {
  const amount = ({ resources }: (typeof containers)[number]): number => parseQuantity(resources?.requests?.[name]) ?? 0;
  const sidecars = initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always');
  const together = [...containers, ...sidecars].reduce((sum, each) => sum + amount(each), 0);
  return Math.max(together, ...initContainers.map(amount)) + (parseQuantity(overhead?.[name]) ?? 0);
}

/** Compares the size of the nodes and the requests on them (undefined: unknown); taints and selectors are left to the scheduler. */
function nodeFinding(
  nodes: readonly NodeObject[] | Problem,
  inUse: ReadonlyMap<string, Size> | undefined,
  { who, resources: { requests } }: PodDemand,
): Finding {
  const [cpu, memory] = [parseQuantity(requests.cpu) ?? 0, parseQuantity(requests.memory) ?? 0];
  const about = `Nodes for a ${who} (${formatCpu(cpu)} CPU, ${formatBytes(memory)})`;
  if (nodes instanceof Problem) return unknown(about, `could not be checked: ${sentence(nodes)}`);
  const sizes = nodes
    .filter(({ spec }) => spec?.unschedulable !== true)
    .flatMap(({ metadata, status }) => {
      const size = { cpu: parseQuantity(status?.allocatable?.cpu), memory: parseQuantity(status?.allocatable?.memory) };
      return size.cpu === undefined || size.memory === undefined
        ? []
        : [{ name: metadata?.name ?? '', cpu: size.cpu, memory: size.memory }];
    });
  if (sizes.length === 0) return unknown(about, 'no schedulable node reports its size');
  const fitting = (rooms: readonly Size[]): number => rooms.filter((room) => room.cpu >= cpu && room.memory >= memory).length;
  const most = (rooms: readonly Size[]): string =>
    `${formatCpu(Math.max(0, ...rooms.map((room) => room.cpu)))} CPU and ${formatBytes(Math.max(0, ...rooms.map((room) => room.memory)))}`;
  const large = fitting(sizes);
  if (large > 0 && inUse === undefined)
    return {
      about,
      state: 'ok',
      detail: `large enough when empty: ${large} of ${sizes.length} (what runs on them may not be listed)`,
      optional: false,
    };
  const left = sizes.map((size) => ({
    cpu: size.cpu - (inUse?.get(size.name)?.cpu ?? 0),
    memory: size.memory - (inUse?.get(size.name)?.memory ?? 0),
  }));
  if (large > 0 && fitting(left) > 0) return { about, state: 'ok', detail: `room on ${fitting(left)} of ${sizes.length}`, optional: false };
  if (large > 0) {
    return {
      about,
      state: 'missing',
      detail: `no node has so much left; a node has at most ${most(left)} left`,
      optional: false,
      advice: 'ask for less, delete what is not needed, or add a node (a cluster autoscaler may do that)',
    };
  }
  const prefix = who === 'JobManager' ? 'jobmanager' : 'taskmanager';
  return {
    about,
    state: 'missing',
    detail: `no node is large enough; a node has at most ${most(sizes)}`,
    optional: false,
    advice: `lower kubernetes.${prefix}.cpu.amount or ${prefix}.memory.process.size, or add a node (a cluster autoscaler may do that)`,
  };
}
