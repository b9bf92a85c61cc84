import type { Random } from '../base/random.ts';
import { stamp, type ApiObject, type Draft, type Metadata } from './objects.ts';
import { alreadyExists, conflict, notFound } from './status.ts';
import { apiVersion, type Resource } from './resources.ts';

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** One step of the store's history. */
export interface StoreChange {
  readonly version: number;
  readonly type: ChangeType;
  readonly resource: Resource;
  readonly object: ApiObject;
  /** What it was before; the watch needs it for selectors that stop matching. */
  readonly before: ApiObject | undefined;
}

export interface ObjectStore {
  /** The resource version of the latest change. */
  version(): number;
  /** Watches that resume before this version get 410. */
  oldestVersion(): number;
  get(of: Resource, namespace: string | undefined, name: string): ApiObject | undefined;
  /** Sorted by namespace and name, as etcd does. */
  list(of: Resource, namespace?: string): readonly ApiObject[];
  create(of: Resource, namespace: string | undefined, draft: Draft): ApiObject;
  /** Replaces an object; `expected` is the resource version that the writer has read. */
  update(of: Resource, object: ApiObject, expected?: string): ApiObject;
  remove(of: Resource, namespace: string | undefined, name: string): ApiObject | undefined;
  /** Called for every change, in order. The answer ends it. */
  subscribe(listener: (change: StoreChange) => void): () => void;
  changesSince(version: number): readonly StoreChange[];
  /** Forgets all history: every watch that resumes gets 410. */
  trim(): void;
  byUid(uid: string): ApiObject | undefined;
}

export interface StoreOptions {
  readonly random: Random;
  readonly now: () => number;
  /** Changes that are kept for watches that resume. */
  readonly history?: number;
}

const keyOf = (namespace: string | undefined, name: string): string => `${namespace ?? ''}/${name}`;

export function objectStore({ random, now, history = 10_000 }: StoreOptions): ObjectStore {
  const tables = new Map<Resource, Map<string, ApiObject>>();
  const uids = new Map<string, ApiObject>();
  const listeners = new Set<(change: StoreChange) => void>();
  let changes: StoreChange[] = [];
  let version = 1000;
  let oldest = version;
  const queue: StoreChange[] = [];
  let draining = false;

  const table = (of: Resource): Map<string, ApiObject> => {
    let found = tables.get(of);
    if (found === undefined) tables.set(of, (found = new Map()));
    return found;
  };

  const publish = (change: StoreChange): void => {
    changes.push(change);
    if (changes.length > history * 1.2) {
      changes = changes.slice(-history);
      oldest = (changes[0]?.version ?? version) - 1;
    }
    queue.push(change);
    if (draining) return;
    draining = true;
    // A listener that writes adds to the queue: everybody sees all changes in the same order.
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) for (const listener of [...listeners]) listener(next);
    draining = false;
  };

  const store: ObjectStore = {
    version: () => version,
    oldestVersion: () => oldest,
    get: (of, namespace, name) => table(of).get(keyOf(namespace, name)),
    list(of, namespace) {
      const entries = [...table(of)].filter(([, object]) => namespace === undefined || object.metadata.namespace === namespace);
      return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
    },
    create(of, namespace, draft) {
      const name = draft.metadata.name ?? `${draft.metadata.generateName ?? ''}${random.suffix(5)}`;
      const key = keyOf(of.namespaced ? namespace : undefined, name);
      if (table(of).has(key)) throw alreadyExists(of, name);
      version += 1;
      const metadata: Metadata = {
        ...draft.metadata,
        name,
        ...(of.namespaced ? { namespace: namespace ?? 'default' } : {}),
        uid: random.uuid(),
        resourceVersion: String(version),
        creationTimestamp: draft.metadata.creationTimestamp ?? stamp(now()),
        ...(of.group === 'apps' ? { generation: 1 } : {}),
      };
      const object: ApiObject = { ...draft, apiVersion: apiVersion(of), kind: of.kind, metadata };
      table(of).set(key, object);
      uids.set(metadata.uid, object);
      publish({ version, type: 'ADDED', resource: of, object, before: undefined });
      return object;
    },
    update(of, object, expected) {
      const key = keyOf(object.metadata.namespace, object.metadata.name);
      const before = table(of).get(key);
      if (before === undefined) throw notFound(of, object.metadata.name);
      if (expected !== undefined && expected !== '' && expected !== before.metadata.resourceVersion)
        throw conflict(of, object.metadata.name);
      if (sameBut(before, object)) return before;
      version += 1;
      const specChanged = of.group === 'apps' && JSON.stringify(before['spec']) !== JSON.stringify(object['spec']);
      const metadata: Metadata = {
        ...object.metadata,
        uid: before.metadata.uid,
        resourceVersion: String(version),
        ...(before.metadata.generation === undefined ? {} : { generation: before.metadata.generation + (specChanged ? 1 : 0) }),
      };
      const after: ApiObject = { ...object, metadata };
      table(of).set(key, after);
      uids.set(metadata.uid, after);
      publish({ version, type: 'MODIFIED', resource: of, object: after, before });
      return after;
    },
    remove(of, namespace, name) {
      const key = keyOf(namespace, name);
      const before = table(of).get(key);
      if (before === undefined) return undefined;
      version += 1;
      const object: ApiObject = { ...before, metadata: { ...before.metadata, resourceVersion: String(version) } };
      table(of).delete(key);
      uids.delete(before.metadata.uid);
      publish({ version, type: 'DELETED', resource: of, object, before });
      return object;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    changesSince(since) {
      return changes.filter((change) => change.version > since);
    },
    trim() {
      changes = [];
      oldest = version;
    },
    byUid: (uid) => uids.get(uid),
  };
  return store;
}

/** A write that changes nothing makes no event, as in the real server. */
function sameBut(before: ApiObject, after: ApiObject): boolean {
  const bare = (object: ApiObject): string =>
    JSON.stringify({ ...object, metadata: { ...object.metadata, resourceVersion: '', generation: 0 } });
  return bare(before) === bare(after);
}
