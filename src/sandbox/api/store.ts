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
  /** The object before; a watch needs it for selectors that no longer match. */
  readonly before: ApiObject | undefined;
}

export interface StoreOptions {
  readonly random: Random;
  readonly now: () => number;
  /** How many changes are kept for watches that resume. */
  readonly history?: number;
}

/** Reads objects, and changes none. */
export type ObjectReader = Pick<ObjectStore, 'get' | 'list'>;

const keyOf = (namespace: string | undefined, name: string): string => `${namespace ?? ''}/${name}`;

/** The objects of the API server, as etcd keeps them. */
export class ObjectStore {
  readonly #random: Random;
  readonly #now: () => number;
  readonly #tables = new Map<Resource, Map<string, ApiObject>>();
  readonly #uids = new Map<string, ApiObject>();
  readonly #history: History;
  readonly #announce = announcer<StoreChange>();

  constructor({ random, now, history = 10_000 }: StoreOptions) {
    this.#random = random;
    this.#now = now;
    this.#history = new History(history);
  }

  /** The resource version of the latest change. */
  version(): number {
    return this.#history.version;
  }

  /** Watches that resume before this version get 410. */
  oldestVersion(): number {
    return this.#history.oldest;
  }

  get(of: Resource, namespace: string | undefined, name: string): ApiObject | undefined {
    return this.#table(of).get(keyOf(namespace, name));
  }

  /** Sorted by namespace and name, as etcd does. */
  list(of: Resource, namespace?: string): readonly ApiObject[] {
    const entries = [...this.#table(of)].filter(([, object]) => namespace === undefined || object.metadata.namespace === namespace);
    return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
  }

  byUid(uid: string): ApiObject | undefined {
    return this.#uids.get(uid);
  }

  create(of: Resource, namespace: string | undefined, draft: Draft): ApiObject {
    const name = draft.metadata.name ?? `${draft.metadata.generateName ?? ''}${this.#random.suffix(5)}`;
    if (this.get(of, of.namespaced ? namespace : undefined, name) !== undefined) throw alreadyExists(of, name);
    const metadata: Metadata = {
      ...draft.metadata,
      name,
      ...(of.namespaced ? { namespace: namespace ?? 'default' } : {}),
      uid: this.#random.uuid(),
      resourceVersion: this.#history.next(),
      creationTimestamp: draft.metadata.creationTimestamp ?? stamp(this.#now()),
      ...(of.group === 'apps' ? { generation: 1 } : {}),
    };
    const object: ApiObject = { ...draft, apiVersion: apiVersion(of), kind: of.kind, metadata };
    return this.#keep(of, 'ADDED', object, undefined);
  }

  /** Puts in an object as it was elsewhere. */
  restore(of: Resource, object: ApiObject): void {
    const metadata: Metadata = { ...object.metadata, resourceVersion: this.#history.next() };
    this.#keep(of, 'ADDED', { ...object, metadata }, undefined);
  }

  /** Replaces an object; `expected` is the resource version that the writer read. */
  update(of: Resource, object: ApiObject, expected?: string): ApiObject {
    const before = this.get(of, object.metadata.namespace, object.metadata.name);
    if (before === undefined) throw notFound(of, object.metadata.name);
    if (expected !== undefined && expected !== '' && expected !== before.metadata.resourceVersion) throw conflict(of, object.metadata.name);
    if (sameBut(before, object)) return before;
    const specChanged = of.group === 'apps' && JSON.stringify(before['spec']) !== JSON.stringify(object['spec']);
    const metadata: Metadata = {
      ...object.metadata,
      uid: before.metadata.uid,
      resourceVersion: this.#history.next(),
      ...(before.metadata.generation === undefined ? {} : { generation: before.metadata.generation + (specChanged ? 1 : 0) }),
    };
    return this.#keep(of, 'MODIFIED', { ...object, metadata }, before);
  }

  remove(of: Resource, namespace: string | undefined, name: string): ApiObject | undefined {
    const before = this.get(of, namespace, name);
    if (before === undefined) return undefined;
    const object: ApiObject = { ...before, metadata: { ...before.metadata, resourceVersion: this.#history.next() } };
    this.#table(of).delete(keyOf(namespace, name));
    this.#uids.delete(before.metadata.uid);
    this.#publish({ version: this.version(), type: 'DELETED', resource: of, object, before });
    return object;
  }

  /** Calls the listener for every change, in order. Call the result to unsubscribe. */
  subscribe(listener: (change: StoreChange) => void): () => void {
    return this.#announce.listen(listener);
  }

  changesSince(version: number): readonly StoreChange[] {
    return this.#history.since(version);
  }

  /** Forgets all history: every watch that resumes gets 410. */
  trim(): void {
    this.#history.forget();
  }

  #table(of: Resource): Map<string, ApiObject> {
    let found = this.#tables.get(of);
    if (found === undefined) this.#tables.set(of, (found = new Map()));
    return found;
  }

  #keep(of: Resource, type: 'ADDED' | 'MODIFIED', object: ApiObject, before: ApiObject | undefined): ApiObject {
    const { namespace, name, uid } = object.metadata;
    this.#table(of).set(keyOf(namespace, name), object);
    this.#uids.set(uid, object);
    this.#publish({ version: this.version(), type, resource: of, object, before });
    return object;
  }

  #publish(change: StoreChange): void {
    this.#history.add(change);
    this.#announce.say(change);
  }
}

/** Changes by version, the newest `kept` of them. */
class History {
  version = 1000;
  /** All changes after this version are kept. */
  oldest = this.version;
  #changes: StoreChange[] = [];
  readonly #kept: number;

  constructor(kept: number) {
    this.#kept = kept;
  }

  /** Increments the version, and returns it as it stands in objects. */
  next(): string {
    this.version += 1;
    return String(this.version);
  }

  add(change: StoreChange): void {
    this.#changes.push(change);
    if (this.#changes.length <= this.#kept * 1.2) return;
    this.#changes = this.#changes.slice(-this.#kept);
    this.oldest = (this.#changes[0]?.version ?? this.version) - 1;
  }

  since(version: number): readonly StoreChange[] {
    return this.#changes.filter((change) => change.version > version);
  }

  forget(): void {
    this.#changes = [];
    this.oldest = this.version;
  }
}

/** Calls listeners for one value after the other. What a listener says itself waits for its turn, so that all hear everything in the same order. */
function announcer<T>(): { readonly listen: (listener: (news: T) => void) => () => void; readonly say: (news: T) => void } {
  const listeners = new Set<(news: T) => void>();
  const queue: T[] = [];
  let speaking = false;
  return {
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    say(news) {
      queue.push(news);
      if (speaking) return;
      speaking = true;
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) for (const listener of [...listeners]) listener(next);
      speaking = false;
    },
  };
}

/** A write that changes nothing makes no event, as in the real server. */
function sameBut(before: ApiObject, after: ApiObject): boolean {
  const bare = (object: ApiObject): string =>
    JSON.stringify({ ...object, metadata: { ...object.metadata, resourceVersion: '', generation: 0 } });
  return bare(before) === bare(after);
}
