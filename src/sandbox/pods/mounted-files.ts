import type { SandboxClock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import { recordOf, recordsOf, textOf, type ApiObject, type JsonObject } from '../api/objects.ts';
import { CONFIG_MAPS, PODS } from '../api/resources.ts';
import type { ObjectReader, ObjectStore, StoreChange } from '../api/store.ts';

/** Milliseconds until the kubelet brings a changed ConfigMap to a pod: about once a minute, and soon after a change of the pod's annotations. */
const BY_ITSELF = [20_000, 60_000] as const;
const TOUCHED = [900, 3_500] as const;

/** ConfigMaps as the pods have them. */
export class MountedFiles implements Disposable {
  readonly #store: ObjectStore;
  readonly #clock: SandboxClock;
  readonly #random: Random;
  /** By uid of the pod and name of the ConfigMap; absent: the pod has what the server has. */
  readonly #held = new Map<string, Map<string, JsonObject>>();
  readonly #unsubscribe: () => void;

  constructor({ store, clock, random }: { readonly store: ObjectStore; readonly clock: SandboxClock; readonly random: Random }) {
    this.#store = store;
    this.#clock = clock;
    this.#random = random;
    this.#unsubscribe = store.subscribe((change) => this.#changed(change));
  }

  /** The objects as a process in this pod sees them through its volumes. */
  seenBy(pod: ApiObject): ObjectReader {
    const held = (): ReadonlyMap<string, JsonObject> | undefined => this.#held.get(pod.metadata.uid);
    return {
      list: (resource, namespace) => this.#store.list(resource, namespace),
      get: (resource, namespace, name) => {
        const found = this.#store.get(resource, namespace, name);
        const data = resource === CONFIG_MAPS ? held()?.get(name) : undefined;
        return found === undefined || data === undefined ? found : { ...found, data };
      },
    };
  }

  [Symbol.dispose](): void {
    this.#unsubscribe();
  }

  #changed({ type, resource, object, before }: StoreChange): void {
    if (resource === PODS && type === 'DELETED') this.#held.delete(object.metadata.uid);
    if (type !== 'MODIFIED' || before === undefined) return;
    if (resource === PODS && JSON.stringify(object.metadata.annotations) !== JSON.stringify(before.metadata.annotations))
      this.#sync(object.metadata.uid, TOUCHED);
    if (resource !== CONFIG_MAPS || JSON.stringify(object['data']) === JSON.stringify(before['data'])) return;
    const { namespace, name } = object.metadata;
    for (const pod of this.#store.list(PODS, namespace).filter((one) => mounts(one, name))) {
      const { uid } = pod.metadata;
      const held = this.#held.get(uid) ?? new Map<string, JsonObject>();
      if (!held.has(name)) held.set(name, recordOf(before, 'data'));
      this.#held.set(uid, held);
      this.#sync(uid, BY_ITSELF);
    }
  }

  #sync(uid: string, [least, most]: readonly [number, number]): void {
    this.#clock.after(this.#random.between(least, most), () => this.#held.delete(uid));
  }
}

const mounts = (pod: ApiObject, configMap: string): boolean =>
  recordsOf(pod['spec'], 'volumes').some((volume) => textOf(recordOf(volume, 'configMap'), 'name') === configMap);
