import { record, text } from './model/json.ts';
import { collectionName, collectionPath, objectName, objectPath, withQuery } from './model/paths.ts';
import type { KubernetesClient, KubernetesObject, ObjectAddress, RequestOptions, ResourceType } from './model/types.ts';
import type { ServerRequest } from './request/transport.ts';

const PATCH_TYPES = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
} as const;

/** Resolves with the JSON of the answer. */
export type Ask = (request: ServerRequest) => Promise<unknown>;

/** The verbs of `KubernetesClient` that are one request. */
export function objectVerbs(ask: Ask): Pick<KubernetesClient, 'version' | 'get' | 'create' | 'replace' | 'patch' | 'delete'> {
  return {
    async version(options = {}) {
      const answer = record(await ask({ path: '/version', what: 'read the version', ...options }));
      return text(answer.gitVersion) ?? 'unknown';
    },
    async get<T extends KubernetesObject>(address: ObjectAddress, options: RequestOptions = {}) {
      return (await ask({ path: objectPath(address), what: `get ${objectName(address)}`, ...options })) as T;
    },
    async create<T extends KubernetesObject>(
      resource: ResourceType,
      space: string | undefined,
      body: T,
      { dryRun, ...options }: RequestOptions & { readonly dryRun?: boolean } = {},
    ) {
      return (await ask({
        method: 'POST',
        path: withQuery(collectionPath(resource, space), { dryRun: dryRun ? 'All' : undefined }),
        body,
        what: `create ${resource.kind} ${body.metadata?.name ?? ''} in ${collectionName(resource, space)}`,
        ...options,
      })) as T;
    },
    async replace<T extends KubernetesObject>(address: ObjectAddress, body: T, options: RequestOptions = {}) {
      return (await ask({ method: 'PUT', path: objectPath(address), body, what: `replace ${objectName(address)}`, ...options })) as T;
    },
    async patch<T extends KubernetesObject>(
      address: ObjectAddress,
      body: unknown,
      type: keyof typeof PATCH_TYPES,
      options: RequestOptions = {},
    ) {
      return (await ask({
        method: 'PATCH',
        path: objectPath(address),
        body,
        contentType: PATCH_TYPES[type],
        what: `patch ${objectName(address)}`,
        ...options,
      })) as T;
    },
    async delete(address, { propagation, uid, ...options } = {}) {
      await ask({
        method: 'DELETE',
        path: objectPath(address),
        what: `delete ${objectName(address)}`,
        ...options,
        body: {
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          ...(propagation === undefined ? {} : { propagationPolicy: propagation }),
          ...(uid === undefined ? {} : { preconditions: { uid } }),
        },
      });
    },
  };
}
