import { NODES, PODS } from '../../kubernetes/model/resources.ts';
import type { KubernetesClient, KubernetesObject } from '../../kubernetes/model/types.ts';
import { parseQuantity } from '../../kubernetes/model/quantity.ts';
import type { NodeObject, PodObject } from '../../native/objects.ts';
import { formatBytes, formatCpu } from '../../support/format.ts';
import { isAbort, Problem, sentence } from '../../support/problem.ts';

/** CPU in cores, memory in bytes. */
export interface Size {
  readonly cpu: number;
  readonly memory: number;
}

/** Whether a pod fits onto a node, as far as CPU and memory go; taints and selectors are left to the scheduler. */
export type NodeRoom =
  /** `counted`: what runs on the nodes was subtracted; otherwise it may not be listed. */
  | { readonly kind: 'room'; readonly fitting: number; readonly of: number; readonly counted: boolean }
  /** No node has so much left; `most` is the largest rest of those that are large enough. */
  | { readonly kind: 'full'; readonly most: Size }
  /** No node is large enough even when empty. */
  | { readonly kind: 'small'; readonly most: Size }
  | { readonly kind: 'unknown'; readonly reason: string };

export interface Nodes {
  readonly nodes: readonly NodeObject[] | Problem;
  /** What the pods on each node request; undefined: they may not be listed. */
  readonly inUse: ReadonlyMap<string, Size> | undefined;
}

/** The objects, or why they cannot be listed. */
export async function listed<T>(ask: () => Promise<readonly KubernetesObject[]>): Promise<readonly T[] | Problem> {
  try {
    return (await ask()) as readonly T[];
  } catch (error) {
    if (isAbort(error) || !(error instanceof Problem)) throw error;
    return error;
  }
}

export async function readNodes(kubernetes: Pick<KubernetesClient, 'list'>, signal: AbortSignal): Promise<Nodes> {
  const [nodes, pods] = await Promise.all([
    listed<NodeObject>(() => kubernetes.list(NODES, { signal })),
    listed<PodObject>(() => kubernetes.list(PODS, { signal })),
  ]);
  return { nodes, inUse: pods instanceof Problem ? undefined : requestedOn(pods) };
}

/** What runs on more nodes than these is not listed for one pod: a cluster has thousands of nodes, with a hundred pods each. */
const mostListed = 8;

/**
 * The room for one pod. What runs on a node is asked for only of nodes that are large enough, and only of a few: the pods of all namespaces
 * are never listed. Of more nodes it is known only whether they are large enough.
 */
export async function roomForOne(kubernetes: Pick<KubernetesClient, 'list'>, need: Size, signal: AbortSignal): Promise<NodeRoom> {
  const nodes = await listed<NodeObject>(() => kubernetes.list(NODES, { signal }));
  const empty = nodeRoom({ nodes, inUse: undefined }, need);
  if (nodes instanceof Problem || empty.kind !== 'room' || empty.fitting > mostListed) return empty;
  const large = nodes.filter((node) => nodeRoom({ nodes: [node], inUse: undefined }, need).kind === 'room');
  const pods = await listed<PodObject>(async () => {
    const names = large.flatMap(({ metadata }) => metadata?.name ?? []);
    const lists = names.map((name) => kubernetes.list(PODS, { fieldSelector: `spec.nodeName=${name}`, signal }));
    return (await Promise.all(lists)).flat();
  });
  return nodeRoom({ nodes: large, inUse: pods instanceof Problem ? undefined : requestedOn(pods) }, need);
}

/** The sum of the requests of the pods that run on each node: the scheduler counts requests, not usage. */
function requestedOn(pods: readonly PodObject[]): ReadonlyMap<string, Size> {
  const inUse = new Map<string, Size>();
  for (const { spec, status } of pods) {
    if (spec?.nodeName === undefined || status?.phase === 'Succeeded' || status?.phase === 'Failed') continue;
    const { cpu, memory } = inUse.get(spec.nodeName) ?? { cpu: 0, memory: 0 };
    const more = requestsOf(spec);
    inUse.set(spec.nodeName, { cpu: cpu + more.cpu, memory: memory + more.memory });
  }
  return inUse;
}

/** What the scheduler counts for a pod. */
export const requestsOf = (spec: NonNullable<PodObject['spec']>): Size => ({
  cpu: requestOf(spec, 'cpu'),
  memory: requestOf(spec, 'memory'),
});

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

/** Compares a request with the size of the nodes and the requests on them. */
export function nodeRoom({ nodes, inUse }: Nodes, { cpu, memory }: Size): NodeRoom {
  if (nodes instanceof Problem) return { kind: 'unknown', reason: `could not be checked: ${sentence(nodes)}` };
  const sizes = nodes
    .filter(({ spec }) => spec?.unschedulable !== true)
    .flatMap(({ metadata, status }) => {
      const size = { cpu: parseQuantity(status?.allocatable?.cpu), memory: parseQuantity(status?.allocatable?.memory) };
      return size.cpu === undefined || size.memory === undefined
        ? []
        : [{ name: metadata?.name ?? '', cpu: size.cpu, memory: size.memory }];
    });
  if (sizes.length === 0) return { kind: 'unknown', reason: 'no schedulable node reports its size' };
  const fits = (room: Size): boolean => room.cpu >= cpu && room.memory >= memory;
  const most = (rooms: readonly Size[]): Size => ({
    cpu: Math.max(0, ...rooms.map((room) => room.cpu)),
    memory: Math.max(0, ...rooms.map((room) => room.memory)),
  });
  const large = sizes.filter(fits);
  if (large.length === 0) return { kind: 'small', most: most(sizes) };
  if (inUse === undefined) return { kind: 'room', fitting: large.length, of: sizes.length, counted: false };
  const left = large.map((size) => ({
    cpu: size.cpu - (inUse.get(size.name)?.cpu ?? 0),
    memory: size.memory - (inUse.get(size.name)?.memory ?? 0),
  }));
  const free = left.filter(fits).length;
  return free === 0 ? { kind: 'full', most: most(left) } : { kind: 'room', fitting: free, of: sizes.length, counted: true };
}

export const sizeWords = ({ cpu, memory }: Size): string => `${formatCpu(cpu)} CPU and ${formatBytes(memory)}`;

/** Why no node has room. */
export const shortageWords = ({ kind, most }: Extract<NodeRoom, { readonly kind: 'full' | 'small' }>): string =>
  kind === 'full'
    ? `no node has so much left; one that is large enough has at most ${sizeWords(most)} left`
    : `no node is large enough; a node has at most ${sizeWords(most)}`;
