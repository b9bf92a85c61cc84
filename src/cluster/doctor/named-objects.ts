import {
  containerImagePullSecrets,
  envSecretKeyRef,
  hadoopConfigMapName,
  persistentVolumeClaims,
  secrets,
} from '../../config/options/options-kubernetes.ts';
import type { FlinkConfig } from '../../config/options/types.ts';
import { CONFIG_MAPS, SECRETS } from '../../kubernetes/model/resources.ts';
import type { KubernetesClient, ResourceType } from '../../kubernetes/model/types.ts';
import type { ConfigMapObject } from '../../native/objects.ts';
import { isAbort, Problem, sentence } from '../../support/problem.ts';
import type { Finding } from './finding.ts';
import { shellWord } from '../../support/shell-word.ts';

/** An object that must exist before the pods start, because an option names it. */
export interface NamedObject {
  readonly resource: ResourceType;
  readonly name: string;
  /** The option that names it. */
  readonly option: string;
  /** The keys that are used. */
  readonly keys: readonly string[];
}

const CLAIMS: ResourceType = {
  group: '',
  version: 'v1',
  plural: 'persistentvolumeclaims',
  kind: 'PersistentVolumeClaim',
  namespaced: true,
};

/** Objects that the configuration expects to exist: pods that name a missing one do not start. */
export function namedObjects(config: FlinkConfig): readonly NamedObject[] {
  const of = (resource: ResourceType, option: { readonly key: string }, names: Iterable<string>): readonly NamedObject[] =>
    [...new Set(names)].map((name) => ({ resource, name, option: option.key, keys: [] }));
  const variables = config.get(envSecretKeyRef) ?? [];
  const hadoop = config.get(hadoopConfigMapName);
  return [
    ...of(SECRETS, secrets, (config.get(secrets) ?? new Map<string, string>()).keys()),
    ...of(
      SECRETS,
      envSecretKeyRef,
      variables.flatMap((entry) => entry.get('secret') ?? []),
    ).map((object) => ({
      ...object,
      keys: variables.flatMap((entry) => (entry.get('secret') === object.name ? (entry.get('key') ?? []) : [])),
    })),
    ...of(SECRETS, containerImagePullSecrets, config.get(containerImagePullSecrets) ?? []),
    ...of(CONFIG_MAPS, hadoopConfigMapName, hadoop === undefined ? [] : [hadoop]),
    ...of(CLAIMS, persistentVolumeClaims, (config.get(persistentVolumeClaims) ?? new Map<string, string>()).keys()),
  ];
}

/** Looks for one of them. Reads only the names of keys, never their values. */
export async function lookFor(
  kubernetes: Pick<KubernetesClient, 'get'>,
  namespace: string,
  { resource, name, option, keys }: NamedObject,
  signal: AbortSignal,
): Promise<Finding> {
  const about = `${resource.kind} ${name} (${option})`;
  try {
    const { data = {} } = await kubernetes.get<ConfigMapObject>({ resource, name, namespace }, { signal });
    const lacking = keys.filter((key) => !Object.hasOwn(data, key));
    if (lacking.length === 0) return { about, state: 'ok', detail: 'exists', optional: false };
    return {
      about,
      state: 'missing',
      detail: `exists without the key ${lacking.join(', ')}`,
      optional: false,
      advice: `kubectl edit ${resource.kind.toLowerCase()} ${shellWord(name)} -n ${namespace}`,
    };
  } catch (error) {
    if (isAbort(error)) throw error;
    if (!(error instanceof Problem) || error.kind !== 'not-found')
      return { about, state: 'unknown', detail: `could not be checked: ${sentence(error)}`, optional: false };
    return {
      about,
      state: 'missing',
      detail: `there is no ${resource.kind} ${name} in ${namespace}`,
      optional: false,
      advice: creation(resource, name, option, keys, namespace),
    };
  }
}

/** How to create it; only the user knows what belongs in it. */
function creation({ kind }: ResourceType, name: string, option: string, keys: readonly string[], namespace: string): string {
  if (option === containerImagePullSecrets.key)
    return `kubectl create secret docker-registry ${shellWord(name)} --docker-server=SERVER --docker-username=USER --docker-password=PASSWORD -n ${namespace}`;
  if (kind === 'Secret')
    return `kubectl create secret generic ${shellWord(name)} ${(keys.length === 0 ? ['KEY'] : keys).map((key) => `--from-literal=${shellWord(key)}=VALUE`).join(' ')} -n ${namespace}`;
  if (kind === 'ConfigMap') return `kubectl create configmap ${shellWord(name)} --from-file=FOLDER -n ${namespace}`;
  return `kubectl apply -n ${namespace} -f FILE, with a ${kind} of that name`;
}
