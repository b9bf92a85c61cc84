import { parseQuantity } from '../../kubernetes/model/quantity.ts';

/** A place where a live object is not as wanted. Undefined: absent on that side. */
export interface Difference {
  /** `spec.template.spec.containers[flink-main-container].image`. */
  readonly path: string;
  readonly wanted: unknown;
  readonly live: unknown;
}

/** True if every wanted field is in the live object with that value; additions of the server are ignored. */
export function holds(live: unknown, wanted: unknown): boolean {
  return differences(wanted, live).length === 0;
}

/**
 * The places where `live` differs from `wanted`. Quantities are compared by value (`1.0` and `1` are the same CPU), an empty value counts
 * as absent (the server drops `hostNetwork: false` and empty maps), and items of a list are matched by their unique key.
 */
export function differences(wanted: unknown, live: unknown, path = ''): readonly Difference[] {
  if (isEmpty(wanted)) return isEmpty(live) ? [] : [{ path, wanted, live }];
  if (Array.isArray(wanted)) return Array.isArray(live) ? itemDifferences(wanted, live, path) : [{ path, wanted, live }];
  if (isRecord(wanted)) {
    if (!isRecord(live)) return [{ path, wanted, live }];
    return Object.entries(wanted).flatMap(([key, value]) => differences(value, live[key], path === '' ? key : `${path}${bracketed(key)}`));
  }
  return same(wanted, live, path) ? [] : [{ path, wanted, live }];
}

function itemDifferences(wanted: readonly unknown[], live: readonly unknown[], path: string): readonly Difference[] {
  const key = itemKey(path);
  if (key === undefined || ![...wanted, ...live].every(isRecord)) {
    return wanted.length === live.length
      ? wanted.flatMap((item, at) => differences(item, live[at], `${path}[${at}]`))
      : [{ path, wanted, live }];
  }
  // Of several items with one name the last one counts, as in `env`.
  const byKey = new Map((live as readonly Record<string, unknown>[]).map((item) => [key(item), item]));
  const wantedKeys = new Map((wanted as readonly Record<string, unknown>[]).map((item) => [key(item), item]));
  return [...wantedKeys].flatMap(([name, item]) => differences(item, byKey.get(name), `${path}[${name}]`));
}

/**
 * The function for the unique key of the items of this list. Source: `patchMergeKey` of the types, Kubernetes 1.34; undefined if position
 * counts.
 */
export function itemKey(path: string): ((item: Readonly<Record<string, unknown>>) => string) | undefined {
  switch (/([A-Za-z]+)$/.exec(path)?.[1]) {
    case 'containers':
    case 'initContainers':
    case 'env':
    case 'volumes':
    case 'imagePullSecrets':
      return (item) => String(item.name);
    case 'volumeMounts':
      return (item) => String(item.mountPath);
    case 'ports':
      return (item) => String(item.name ?? item.containerPort ?? item.port);
    case 'items':
      return (item) => String(item.key);
    case 'ownerReferences':
      return (item) => String(item.uid);
    default:
      return undefined;
  }
}

function same(wanted: unknown, live: unknown, path: string): boolean {
  if (wanted === live) return true;
  if (!/\.(limits|requests)\b/.test(path)) return false;
  const [a, b] = [parseQuantity(wanted as string), parseQuantity(live as string)];
  return a !== undefined && a === b;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** `.name`, or `["a.b/c"]` for a key with a dot. */
export const bracketed = (key: string): string => (/^[\w-]+$/.test(key) ? `.${key}` : `["${key}"]`);
