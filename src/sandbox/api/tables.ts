import { isRecord, numberOf, recordOf, recordsOf, textOf, type ApiObject } from './objects.ts';
import type { Resource } from './resources.ts';

interface Column {
  readonly name: string;
  readonly cell: (object: ApiObject, now: number) => string | number;
  /** Shown with `-o wide` only. */
  readonly wide?: boolean;
}

const NAME: Column = { name: 'Name', cell: (object) => object.metadata.name };
const AGE: Column = { name: 'Age', cell: (object, now) => age(object.metadata.creationTimestamp, now) };

const COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  Pod: [
    NAME,
    {
      name: 'Ready',
      cell: (pod) => `${containers(pod).filter((one) => one['ready'] === true).length}/${recordsOf(pod['spec'], 'containers').length}`,
    },
    { name: 'Status', cell: podStatus },
    { name: 'Restarts', cell: (pod) => containers(pod).reduce((sum, one) => sum + (numberOf(one, 'restartCount') ?? 0), 0) },
    AGE,
    { name: 'IP', wide: true, cell: (pod) => textOf(pod['status'], 'podIP') ?? '<none>' },
    { name: 'Node', wide: true, cell: (pod) => textOf(pod['spec'], 'nodeName') ?? '<none>' },
  ],
  Deployment: [
    NAME,
    { name: 'Ready', cell: (one) => `${numberOf(one['status'], 'readyReplicas') ?? 0}/${numberOf(one['spec'], 'replicas') ?? 1}` },
    { name: 'Up-to-date', cell: (one) => numberOf(one['status'], 'updatedReplicas') ?? 0 },
    { name: 'Available', cell: (one) => numberOf(one['status'], 'availableReplicas') ?? 0 },
    AGE,
  ],
  ReplicaSet: [
    NAME,
    { name: 'Desired', cell: (one) => numberOf(one['spec'], 'replicas') ?? 0 },
    { name: 'Current', cell: (one) => numberOf(one['status'], 'replicas') ?? 0 },
    { name: 'Ready', cell: (one) => numberOf(one['status'], 'readyReplicas') ?? 0 },
    AGE,
  ],
  Service: [
    NAME,
    { name: 'Type', cell: (one) => textOf(one['spec'], 'type') ?? 'ClusterIP' },
    { name: 'Cluster-IP', cell: (one) => textOf(one['spec'], 'clusterIP') ?? '<none>' },
    { name: 'External-IP', cell: () => '<none>' },
    {
      name: 'Port(s)',
      cell: (one) =>
        recordsOf(one['spec'], 'ports')
          .map((port) => `${String(port['port'])}${port['nodePort'] === undefined ? '' : `:${String(port['nodePort'])}`}/TCP`)
          .join(','),
    },
    AGE,
  ],
  ConfigMap: [NAME, { name: 'Data', cell: (one) => Object.keys(recordOf(one, 'data')).length }, AGE],
  Secret: [
    NAME,
    { name: 'Type', cell: (one) => textOf(one, 'type') ?? 'Opaque' },
    { name: 'Data', cell: (one) => Object.keys(recordOf(one, 'data')).length },
    AGE,
  ],
  Event: [
    { name: 'Last Seen', cell: (one, now) => age(textOf(one, 'lastTimestamp') ?? one.metadata.creationTimestamp, now) },
    { name: 'Type', cell: (one) => textOf(one, 'type') ?? '' },
    { name: 'Reason', cell: (one) => textOf(one, 'reason') ?? '' },
    {
      name: 'Object',
      cell: (one) => `${(textOf(one['involvedObject'], 'kind') ?? '').toLowerCase()}/${textOf(one['involvedObject'], 'name') ?? ''}`,
    },
    { name: 'Message', cell: (one) => textOf(one, 'message') ?? '' },
  ],
  Node: [
    NAME,
    { name: 'Status', cell: () => 'Ready' },
    { name: 'Roles', cell: () => '<none>' },
    AGE,
    { name: 'Version', cell: (one) => textOf(recordOf(one['status'], 'nodeInfo'), 'kubeletVersion') ?? '' },
  ],
  Namespace: [NAME, { name: 'Status', cell: (one) => textOf(one['status'], 'phase') ?? '' }, AGE],
};

/** `meta.k8s.io/v1` Table, what `kubectl get` prints. Source: printers/internalversion. */
export function tableOf(
  of: Resource,
  objects: readonly ApiObject[],
  { now, head, metadata }: { readonly now: number; readonly head: boolean; readonly metadata?: unknown },
): Record<string, unknown> {
  const columns = COLUMNS[of.kind] ?? [NAME, AGE];
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: metadata ?? { resourceVersion: objects[0]?.metadata.resourceVersion ?? '' },
    columnDefinitions: head
      ? columns.map((column) => ({
          name: column.name,
          type: 'string',
          format: column.name === 'Name' ? 'name' : '',
          description: '',
          priority: column.wide === true ? 1 : 0,
        }))
      : null,
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.cell(object, now)),
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
    })),
  };
}

const containers = (pod: ApiObject): readonly Readonly<Record<string, unknown>>[] => recordsOf(pod['status'], 'containerStatuses');

function podStatus(pod: ApiObject): string {
  if (pod.metadata.deletionTimestamp !== undefined) return 'Terminating';
  let word = textOf(pod['status'], 'reason') ?? textOf(pod['status'], 'phase') ?? 'Unknown';
  for (const one of containers(pod)) {
    const state = recordOf(one, 'state');
    for (const kind of ['waiting', 'terminated']) {
      const reason = isRecord(state[kind]) ? textOf(state[kind], 'reason') : undefined;
      if (reason !== undefined) word = reason;
    }
  }
  return word;
}

function age(since: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(since)) / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)}m`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
}
