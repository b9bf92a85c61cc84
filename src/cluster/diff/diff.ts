import { readConfigYaml } from '../../config/load.ts';
import type { ConfigValue } from '../../config/options/types.ts';
import { valueText } from '../../config/options/values.ts';
import { CONFIG_MAPS, DEPLOYMENTS, SECRETS, SERVICES } from '../../kubernetes/model/resources.ts';
import type { KubernetesClient, KubernetesObject, ResourceType } from '../../kubernetes/model/types.ts';
import { clusterSelector } from '../../native/names.ts';
import type { ConfigMapObject } from '../../native/objects.ts';
import { isForbidden, isNotFound, Problem } from '../../support/problem.ts';
import { maskedData } from '../../config/secrets/documents.ts';
import { isSensitiveKey, mask, maskText, maskValue } from '../../config/secrets/redact.ts';
import type { ClusterObjects } from '../model/types.ts';
import { bracketed, differences, isEmpty, itemKey } from './live-differences.ts';
import { isServerDefault } from './server-defaults.ts';

/** One field that a redeploy would change, as text with secrets masked. Undefined: absent on that side. */
export interface FieldChange {
  readonly path: string;
  readonly live: string | undefined;
  readonly wanted: string | undefined;
}

export interface ObjectChange {
  /** `ConfigMap flink-config-c1`. */
  readonly what: string;
  readonly kind: 'same' | 'changed' | 'created' | 'removed';
  readonly fields: readonly FieldChange[];
}

/** The changes of a redeploy, object by object. Rejects with `not-found` if there is no such cluster. */
export async function diffCluster(
  kubernetes: Pick<KubernetesClient, 'get' | 'list'>,
  objects: ClusterObjects,
  signal: AbortSignal,
): Promise<readonly ObjectChange[]> {
  const { clusterId, namespace } = objects;
  const wanted = [{ resource: DEPLOYMENTS, body: objects.deployment }, ...objects.owned];
  const live = await Promise.all(
    wanted.map(({ resource, body }) => getOrNone(kubernetes, resource, namespace, body.metadata?.name ?? '', signal)),
  );
  const uid = live[0]?.metadata?.uid;
  if (uid === undefined)
    throw new Problem('not-found', `There is no Flink cluster ${clusterId} in namespace ${namespace}.`, {
      hint: 'drey clusters lists the clusters here.',
    });
  const left = await leftovers(kubernetes, objects, uid, signal);
  return [
    ...wanted.map(({ resource, body }, at) => diffObject(`${resource.kind} ${body.metadata?.name}`, body, live[at])),
    ...left.map((what): ObjectChange => ({ what, kind: 'removed', fields: [] })),
  ];
}

/** Pure. `live` undefined: the object does not exist. */
export function diffObject(what: string, wanted: KubernetesObject, live: KubernetesObject | undefined): ObjectChange {
  if (live === undefined) return { what, kind: 'created', fields: [] };
  const { data: wantedData, ...wantedRest } = wanted as ConfigMapObject;
  const { data: liveData, ...liveRest } = live as ConfigMapObject;
  const fields = [
    ...differences(withoutOwners(wantedRest), liveRest).map(({ path, wanted: to, live: from }) => ({
      path,
      live: shown(path, from),
      wanted: shown(path, to),
    })),
    ...extras(liveRest, wantedRest, ''),
    ...(what.startsWith('Secret ') ? secretChanges(liveData ?? {}, wantedData ?? {}) : fileChanges(liveData ?? {}, wantedData ?? {})),
  ];
  return { what, kind: fields.length === 0 ? 'same' : 'changed', fields };
}

/** The owner reference is created with the Deployment, so it never differs. */
const withoutOwners = ({ metadata, ...rest }: KubernetesObject): KubernetesObject => {
  const { ownerReferences: _, ...others } = metadata ?? {};
  return { ...rest, metadata: others };
};

/** Fields of the live object that would be removed. */
function extras(live: unknown, wanted: unknown, path: string): readonly FieldChange[] {
  if (Array.isArray(live)) {
    const key = itemKey(path);
    if (key === undefined || !Array.isArray(wanted)) return [];
    const byKey = new Map((wanted as readonly Record<string, unknown>[]).map((item) => [key(item), item]));
    return (live as readonly Record<string, unknown>[]).flatMap((item) => {
      const at = `${path}[${key(item)}]`;
      const match = byKey.get(key(item));
      return match === undefined ? [{ path: at, live: shown(at, item), wanted: undefined }] : extras(item, match, at);
    });
  }
  if (typeof live !== 'object' || live === null) return [];
  return Object.entries(live).flatMap(([key, value]) => {
    const at = path === '' ? key : `${path}${bracketed(key)}`;
    if (isEmpty(value)) return [];
    const match = typeof wanted === 'object' && wanted !== null ? (wanted as Readonly<Record<string, unknown>>)[key] : undefined;
    if (!isEmpty(match)) return extras(value, match, at);
    return isServerDefault(path, key, value) ? [] : extraField(at, value);
  });
}

/** A whole map that is not wanted is listed key by key. */
function extraField(at: string, value: unknown): readonly FieldChange[] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return extras(value, {}, at);
  return [{ path: at, live: shown(at, value), wanted: undefined }];
}

function fileChanges(live: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): readonly FieldChange[] {
  return allKeys(live, wanted).flatMap((name) => {
    const [from, to] = [live[name], wanted[name]];
    if (from === to) return [];
    if (from === undefined || to === undefined)
      return [{ path: name, live: from === undefined ? undefined : lineCount(from), wanted: to === undefined ? undefined : lineCount(to) }];
    return name === 'config.yaml'
      ? configChanges(name, from, to)
      : [{ path: name, live: lineCount(from), wanted: `${lineCount(to)} with different content` }];
  });
}

/** Configurations are compared by meaning: order and quoting do not matter. */
function configChanges(name: string, from: string, to: string): readonly FieldChange[] {
  let entries: readonly [ReadonlyMap<string, ConfigValue>, ReadonlyMap<string, ConfigValue>];
  try {
    entries = [readConfigYaml(from), readConfigYaml(to)];
  } catch (error) {
    // The live one was edited by hand and is no longer readable: only the text can be compared.
    if (!(error instanceof Problem)) throw error;
    return [{ path: name, live: `${lineCount(from)}, cannot be read: ${error.message}`, wanted: lineCount(to) }];
  }
  const [live, wanted] = entries;
  const text = (key: string, value: ConfigValue | undefined) => (value === undefined ? undefined : maskValue(key, valueText(value)));
  return [...new Set([...live.keys(), ...wanted.keys()])].toSorted().flatMap((key) => {
    const [before, after] = [live.get(key), wanted.get(key)];
    const same = before !== undefined && after !== undefined && valueText(before) === valueText(after);
    return same ? [] : [{ path: `${name}: ${key}`, live: text(key, before), wanted: text(key, after) }];
  });
}

function secretChanges(live: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): readonly FieldChange[] {
  const hidden = (value: string | undefined) => (value === undefined ? undefined : mask);
  return allKeys(live, wanted).flatMap((name) =>
    live[name] === wanted[name] ? [] : [{ path: `data.${name}`, live: hidden(live[name]), wanted: hidden(wanted[name]) }],
  );
}

const allKeys = (...maps: readonly Readonly<Record<string, string>>[]): readonly string[] =>
  [...new Set(maps.flatMap((map) => Object.keys(map)))].toSorted();

const lineCount = (text: string): string => {
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  return lines === 1 ? '1 line' : `${lines} lines`;
};

function shown(path: string, value: unknown): string | undefined {
  if (isEmpty(value) && value !== false) return undefined;
  const variable = /\.env\[([^\]]+)\]/.exec(path)?.[1];
  if (variable !== undefined && isSensitiveKey(variable) && (path.endsWith('.value') || typeof value === 'object')) return mask;
  return typeof value === 'object' ? JSON.stringify(maskedData(value)) : maskText(String(value));
}

async function getOrNone(
  kubernetes: Pick<KubernetesClient, 'get'>,
  resource: ResourceType,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<KubernetesObject | undefined> {
  try {
    return await kubernetes.get({ resource, namespace, name }, { signal });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/**
 * Objects of the cluster that a redeploy would leave out, such as the pod template's ConfigMap. Those of high availability have no owner
 * and stay.
 */
async function leftovers(
  kubernetes: Pick<KubernetesClient, 'list'>,
  { clusterId, namespace, owned }: ClusterObjects,
  uid: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const wanted = new Set(owned.map(({ resource, body }) => `${resource.kind} ${body.metadata?.name}`));
  const lists = await Promise.all(
    [SERVICES, CONFIG_MAPS, SECRETS].map(async (resource) => {
      try {
        const found = await kubernetes.list(resource, { namespace, labelSelector: clusterSelector(clusterId), signal });
        return found
          .filter((each) => each.metadata?.ownerReferences?.some((owner) => owner.uid === uid) === true)
          .map((each) => `${resource.kind} ${each.metadata?.name}`);
      } catch (error) {
        // Users who may not list them (usually Secrets) still get the rest.
        if (isForbidden(error)) return [];
        throw error;
      }
    }),
  );
  return lists.flat().filter((what) => !wanted.has(what));
}
