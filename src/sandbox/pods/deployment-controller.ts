import { numberOf, type ApiObject } from '../api/objects.ts';
import { DEPLOYMENTS, PODS, REPLICA_SETS, SERVICE_ACCOUNTS, type Resource } from '../api/resources.ts';
import type { Deletion } from '../api/deletion.ts';
import type { ObjectStore, StoreChange } from '../api/store.ts';
import type { Random } from '../base/random.ts';
import type { SandboxClock } from '../base/clock.ts';
import { podChange, podFor, replicaSetFor, rescaled, withDeploymentStatus, withSetStatus } from './deployment-rules.ts';
import type { EventRecorder } from './event-recorder.ts';

export interface ControllerServices {
  readonly store: ObjectStore;
  readonly clock: SandboxClock;
  readonly random: Random;
  readonly record: EventRecorder;
  readonly deletion: Deletion;
}

/** Milliseconds until the controller tries again to create a pod that was refused. */
const TRY_AGAIN = 2_000;
/** Milliseconds after which it looks at a ReplicaSet whose pods changed. */
const LOOK = 20;

/** The deployment and the replica set controller: a Deployment has a ReplicaSet for its template, which has its pods. */
export class DeploymentController implements Disposable {
  readonly #services: ControllerServices;
  readonly #unsubscribe: () => void;

  constructor(services: ControllerServices) {
    this.#services = services;
    this.#unsubscribe = services.store.subscribe((change) => this.#changed(change));
  }

  [Symbol.dispose](): void {
    this.#unsubscribe();
  }

  #changed({ resource, type, object }: StoreChange): void {
    if (resource === DEPLOYMENTS && type !== 'DELETED') this.#reconcileDeployment(object);
    if (resource === REPLICA_SETS && type !== 'DELETED') {
      this.#reconcileSet(object);
      const deployment = this.#ownerOf(object, 'Deployment');
      if (deployment !== undefined) this.#showStatus(deployment);
    }
    if (resource === PODS) {
      const set = this.#ownerOf(object, 'ReplicaSet');
      if (set !== undefined) this.#reconcileLater(set, LOOK);
    }
  }

  #reconcileDeployment(deployment: ApiObject): void {
    const { store } = this.#services;
    if (deployment.metadata.deletionTimestamp !== undefined) return;
    const current = replicaSetFor(deployment);
    const { name } = current.metadata;
    const sets = this.#owned(REPLICA_SETS, deployment);
    for (const set of rescaled(deployment, sets, name)) store.update(REPLICA_SETS, set);
    if (!sets.some((set) => set.metadata.name === name)) {
      const set = store.create(REPLICA_SETS, deployment.metadata.namespace, current);
      const replicas = numberOf(set['spec'], 'replicas');
      this.#note(deployment, 'ScalingReplicaSet', `Scaled up replica set ${set.metadata.name} from 0 to ${replicas}`);
    }
    this.#showStatus(deployment);
  }

  #reconcileSet(set: ApiObject): void {
    const { store, random, deletion } = this.#services;
    const { namespace, name, deletionTimestamp } = set.metadata;
    if (deletionTimestamp !== undefined) return;
    const change = podChange(set, this.#owned(PODS, set), (account) => store.get(SERVICE_ACCOUNTS, namespace, account) !== undefined);
    switch (change.kind) {
      case 'refused':
        this.#note(set, 'FailedCreate', change.message);
        return this.#reconcileLater(set, TRY_AGAIN);
      case 'create':
        for (let made = 0; made < change.count; made += 1) {
          const pod = store.create(PODS, namespace, podFor(set, random.suffix(5)));
          this.#note(set, 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
        }
        break;
      case 'delete':
        for (const { metadata } of change.pods) {
          deletion.delete(PODS, namespace, metadata.name, {});
          this.#note(set, 'SuccessfulDelete', `Deleted pod: ${metadata.name}`);
        }
        break;
      case 'none':
    }
    const fresh = store.get(REPLICA_SETS, namespace, name);
    if (fresh !== undefined) store.update(REPLICA_SETS, withSetStatus(fresh, this.#owned(PODS, fresh)));
  }

  #reconcileLater({ metadata: { uid } }: ApiObject, ms: number): void {
    const { store, clock } = this.#services;
    clock.after(ms, () => {
      const fresh = store.byUid(uid);
      if (fresh !== undefined) this.#reconcileSet(fresh);
    });
  }

  #showStatus({ metadata: { namespace, name } }: ApiObject): void {
    const { store, clock } = this.#services;
    const deployment = store.get(DEPLOYMENTS, namespace, name);
    if (deployment === undefined) return;
    const pods = this.#owned(REPLICA_SETS, deployment).flatMap((set) => this.#owned(PODS, set));
    store.update(DEPLOYMENTS, withDeploymentStatus(deployment, pods, clock.now()));
  }

  #owned(of: Resource, owner: ApiObject): readonly ApiObject[] {
    return this.#services.store
      .list(of, owner.metadata.namespace)
      .filter((object) => object.metadata.ownerReferences?.some((reference) => reference.uid === owner.metadata.uid));
  }

  #ownerOf(object: ApiObject, kind: string): ApiObject | undefined {
    const owner = object.metadata.ownerReferences?.find((reference) => reference.kind === kind);
    return owner === undefined ? undefined : this.#services.store.byUid(owner.uid);
  }

  #note(about: ApiObject, reason: string, message: string): void {
    const { record, clock } = this.#services;
    record(about, {
      type: reason === 'FailedCreate' ? 'Warning' : 'Normal',
      reason,
      message,
      source: about.kind === 'Deployment' ? 'deployment-controller' : 'replicaset-controller',
      at: clock.now(),
    });
  }
}
