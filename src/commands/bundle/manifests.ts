import { CONFIG_MAPS, DEPLOYMENTS, EVENTS, PODS, SERVICES } from '../../kubernetes/model/resources.ts';
import type { KubernetesClient, KubernetesObject, ResourceType } from '../../kubernetes/model/types.ts';
import { clusterSelector } from '../../native/names.ts';
import type { EventObject } from '../../native/objects.ts';
import { belongsTo } from '../../native/pod-names.ts';
import { bundlePlaces } from '../../session/recording/bundle-facts.ts';
import { manifestLines, manifestOf } from '../procedures/manifest-text.ts';
import type { Collector } from './collector.ts';

interface Asked {
  readonly kubernetes: Pick<KubernetesClient, 'list'>;
  readonly clusterId: string;
  readonly namespace: string;
}

/** How long a list may take: a page of pods takes seconds on a busy API server. */
const listMs = 30_000;

/** The objects of the cluster and its events. Returns the names of the Secrets that they use: these are not read themselves. */
export async function collectManifests(collector: Collector, { kubernetes, clusterId, namespace }: Asked): Promise<readonly string[]> {
  const secrets = new Set<string>();
  collector.begin('Objects of the cluster');
  const labelSelector = clusterSelector(clusterId);
  for (const resource of [DEPLOYMENTS, PODS, SERVICES, CONFIG_MAPS]) {
    const found = await collector.tried(wordsOf(resource), listMs, (signal) =>
      kubernetes.list<KubernetesObject>(resource, { namespace, labelSelector, signal }),
    );
    for (const object of found ?? []) for (const name of secretsOf(object)) secrets.add(name);
    if (found !== undefined) await keep(collector, resource, found.toSorted(byName));
  }
  const events = await collector.tried(wordsOf(EVENTS), listMs, (signal) => kubernetes.list<EventObject>(EVENTS, { namespace, signal }));
  if (events !== undefined)
    await keep(
      collector,
      EVENTS,
      events.filter(({ involvedObject }) => belongsTo(clusterId, involvedObject?.name ?? '')),
    );
  return [...secrets].toSorted();
}

const wordsOf = ({ kind }: ResourceType): string => `${kind}s of the cluster`;

const nameOf = ({ metadata }: KubernetesObject): string => metadata?.name ?? '';
const byName = (one: KubernetesObject, other: KubernetesObject): number => (nameOf(one) < nameOf(other) ? -1 : 1);

async function keep(collector: Collector, resource: ResourceType, objects: readonly KubernetesObject[]): Promise<void> {
  if (objects.length === 0) return collector.leaveOut(wordsOf(resource), 'none', 'There are none.');
  const lines = await manifestLines(objects.map((object) => manifestOf(withoutBinary(object), resource, false)));
  await collector.add(wordsOf(resource), { path: `${bundlePlaces.manifests}/${resource.plural}.yaml`, content: `${lines.join('\n')}\n` });
}

/** Nobody can say what is in the bytes of a ConfigMap. */
function withoutBinary(object: KubernetesObject): KubernetesObject {
  const { binaryData } = object as { readonly binaryData?: Readonly<Record<string, string>> };
  if (binaryData === undefined) return object;
  return { ...object, binaryData: Object.fromEntries(Object.keys(binaryData).map((key) => [key, ''])) } as KubernetesObject;
}

/** Where a pod names a Secret: `secretName` of a volume, and `name` below these. */
const naming: ReadonlySet<string> = new Set(['secretKeyRef', 'secretRef', 'secret', 'imagePullSecrets']);

/** The names of the Secrets that an object uses. */
export function secretsOf(data: unknown, below = ''): readonly string[] {
  if (Array.isArray(data)) return data.flatMap((each) => secretsOf(each, below));
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) => {
    if (typeof value !== 'string') return secretsOf(value, key);
    return key === 'secretName' || (key === 'name' && naming.has(below)) ? [value] : [];
  });
}
