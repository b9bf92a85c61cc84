import { CONFIG_MAPS, DEPLOYMENTS, SERVICES } from '../../kubernetes/model/resources.ts';
import type { ResourceType } from '../../kubernetes/model/types.ts';
import type { Pod } from '../../session/types.ts';
import { findPod, type PodsKnown } from './find-subject.ts';

/** Objects of the cluster on Kubernetes: one of its pods, or all of a kind, or the one of these with that name. */
export type ObjectsMeant =
  | { readonly kind: 'pod'; readonly pod: Pod }
  | { readonly kind: 'objects'; readonly resource: ResourceType; readonly name: string | undefined };

/** The kinds besides pods, by the words that are offered. */
export const objectWords = ['deployment', 'service', 'configmap'] as const;

const resources: readonly (readonly [resource: ResourceType, words: ReadonlySet<string>])[] = [
  [DEPLOYMENTS, new Set(['deployment', 'deployments', 'deploy'])],
  [SERVICES, new Set(['service', 'services', 'svc'])],
  [CONFIG_MAPS, new Set(['configmap', 'configmaps', 'cm'])],
];

/** `tm1-1`, `pod/tm1-1`, `deployment`, `configmap`, `cm/flink-config-my-cluster`. Throws a `Problem`. */
export function findObjects(word: string, session: PodsKnown): ObjectsMeant {
  const slash = word.indexOf('/');
  const kind = (slash < 0 ? word : word.slice(0, slash)).toLowerCase();
  const name = slash < 0 ? undefined : word.slice(slash + 1);
  const resource = resources.find(([, words]) => words.has(kind))?.[0];
  if (resource !== undefined) return { kind: 'objects', resource, name };
  const podName = name !== undefined && /^(?:po|pods?)$/.test(kind) ? name : word;
  return { kind: 'pod', pod: findPod(podName, session) };
}
