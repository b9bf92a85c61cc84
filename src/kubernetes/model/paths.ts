import type { ObjectAddress, ResourceType } from './types.ts';

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** `/api/v1/namespaces/orders/pods`; without a namespace, the path for all namespaces. */
export function collectionPath({ group, version, plural, namespaced }: ResourceType, namespace: string | undefined): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return `${root}${namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : ''}/${plural}`;
}

export function objectPath({ resource, namespace, name }: ObjectAddress): string {
  return `${collectionPath(resource, namespace)}/${encodeURIComponent(name)}`;
}

/** `path` with the defined parameters of `query`. */
export function withQuery(path: string, query: Query): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const item of typeof value === 'object' ? value : [value]) parameters.append(key, String(item));
  }
  const text = parameters.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** `pods in namespace orders`, for a person. */
export function collectionName({ plural, namespaced }: ResourceType, namespace: string | undefined): string {
  if (!namespaced) return plural;
  return namespace === undefined ? `${plural} in all namespaces` : `${plural} in namespace ${namespace}`;
}

export function objectName({ resource, namespace, name }: ObjectAddress): string {
  return `${resource.kind} ${name}${namespace === undefined ? '' : ` in namespace ${namespace}`}`;
}
