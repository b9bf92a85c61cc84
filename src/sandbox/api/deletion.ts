import type { SandboxClock } from '../base/clock.ts';
import { numberOf, stamp, textOf, type ApiObject, type Metadata } from './objects.ts';
import { DEPLOYMENTS, NAMESPACES, PODS, RESOURCES, REPLICA_SETS, type Resource } from './resources.ts';
import { notFound, uidConflict } from './status.ts';
import type { ObjectStore } from './store.ts';

export type Propagation = 'Background' | 'Foreground' | 'Orphan';

export interface DeleteRequest {
  readonly propagation?: Propagation;
  readonly uid?: string;
  /** Seconds; pods only. */
  readonly gracePeriodSeconds?: number;
  readonly dryRun?: boolean;
}

export interface Deletion {
  /** Returns the object as the deletion left it. Throws 404 and 409 as the real server does. */
  delete(
    of: Resource,
    namespace: string | undefined,
    name: string,
    request: DeleteRequest,
  ): { readonly object: ApiObject; readonly gone: boolean };
}

/** Milliseconds until the garbage collector notices that an owner is gone. */
const COLLECT_AFTER = 150;

/** Deletes objects and what they own. A pod is only marked: the kubelet removes it once its processes have ended. */
export function deletion(store: ObjectStore, clock: SandboxClock): Deletion {
  const dependents = (uid: string): { readonly of: Resource; readonly object: ApiObject }[] =>
    RESOURCES.flatMap((of) =>
      store
        .list(of)
        .filter((object) => object.metadata.ownerReferences?.some((owner) => owner.uid === uid))
        .map((object) => ({ of, object })),
    );

  const collect = (uid: string): void => {
    for (const { of, object } of dependents(uid)) {
      const owners = object.metadata.ownerReferences ?? [];
      if (owners.some((owner) => owner.uid !== uid && store.byUid(owner.uid) !== undefined)) continue;
      erase(of, object, undefined);
    }
  };

  const orphan = (uid: string): void => {
    for (const { of, object } of dependents(uid)) {
      const ownerReferences = (object.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid);
      store.update(of, { ...object, metadata: { ...object.metadata, ownerReferences } });
    }
  };

  /**
   * Writes the end of the grace period into the pod. A shorter period moves that end, but not into the past; a period of 0 removes the pod. A pod that is
   * on no node or has ended gets no grace period. Source: registry/core/pod strategy CheckGracefulDelete and rest.BeforeDelete, Kubernetes 1.34.
   */
  const markPod = (pod: ApiObject, grace: number | undefined): { readonly object: ApiObject; readonly gone: boolean } => {
    const { metadata } = pod;
    const idle = textOf(pod['spec'], 'nodeName') === undefined || ['Succeeded', 'Failed'].includes(textOf(pod['status'], 'phase') ?? '');
    const seconds = idle ? 0 : (grace ?? numberOf(pod['spec'], 'terminationGracePeriodSeconds') ?? 30);
    const before = metadata.deletionGracePeriodSeconds;
    if (before !== undefined && seconds >= before) return { object: pod, gone: false };
    const asked =
      metadata.deletionTimestamp === undefined || before === undefined
        ? clock.now()
        : Date.parse(metadata.deletionTimestamp) - before * 1000;
    const marked: Metadata = {
      ...metadata,
      deletionTimestamp: stamp(Math.max(asked + seconds * 1000, clock.now())),
      deletionGracePeriodSeconds: seconds,
    };
    return { object: store.update(PODS, { ...pod, metadata: marked }), gone: seconds === 0 };
  };

  const erase = (of: Resource, object: ApiObject, grace: number | undefined): { readonly object: ApiObject; readonly gone: boolean } => {
    const { metadata } = object;
    if (of === PODS) {
      const pod = store.get(of, metadata.namespace, metadata.name);
      const marked = pod === undefined ? undefined : markPod(pod, grace);
      if (marked?.gone === false) return marked;
    }
    const gone = store.remove(of, metadata.namespace, metadata.name);
    clock.after(COLLECT_AFTER, () => collect(metadata.uid));
    return { object: gone ?? object, gone: true };
  };

  return {
    delete(of, namespace, name, request) {
      const object = store.get(of, namespace, name);
      if (object === undefined) throw notFound(of, name);
      if (request.uid !== undefined && request.uid !== object.metadata.uid) throw uidConflict(of, name, request.uid, object.metadata.uid);
      if (request.dryRun === true) return { object, gone: true };
      if (request.propagation === 'Orphan') orphan(object.metadata.uid);
      if (of === NAMESPACES)
        for (const each of RESOURCES) if (each.namespaced) for (const inside of store.list(each, name)) erase(each, inside, 0);
      if (request.propagation !== 'Foreground' || (of !== DEPLOYMENTS && of !== REPLICA_SETS))
        return erase(of, object, request.gracePeriodSeconds);

      // Foreground: the owner stays, marked, until what it owns is gone.
      const marked = store.update(of, {
        ...object,
        metadata: { ...object.metadata, deletionTimestamp: stamp(clock.now()), finalizers: ['foregroundDeletion'] },
      });
      collect(object.metadata.uid);
      const stop = clock.every(COLLECT_AFTER, () => {
        if (dependents(object.metadata.uid).length > 0) return collect(object.metadata.uid);
        stop();
        store.remove(of, namespace, name);
      });
      return { object: marked, gone: false };
    },
  };
}
