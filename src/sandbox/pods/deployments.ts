import { createHash } from 'node:crypto';
import type { Random } from '../base/random.ts';
import type { SandboxClock } from '../base/clock.ts';
import { isRecord, numberOf, recordOf, recordsOf, stamp, textOf, type ApiObject, type Draft } from '../api/objects.ts';
import { DEPLOYMENTS, PODS, REPLICA_SETS, SERVICE_ACCOUNTS } from '../api/resources.ts';
import type { Deletion } from '../api/deletion.ts';
import type { ObjectStore } from '../api/store.ts';
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

/** The deployment and the replica set controller: a Deployment has a ReplicaSet for its template, which has its pods. */
export function deploymentController({ store, clock, random, record, deletion }: ControllerServices): Disposable {
  const owned = (of: typeof PODS, owner: ApiObject): readonly ApiObject[] =>
    store
      .list(of, owner.metadata.namespace)
      .filter((object) => object.metadata.ownerReferences?.some((reference) => reference.uid === owner.metadata.uid));

  const reconcileDeployment = (deployment: ApiObject): void => {
    if (deployment.metadata.deletionTimestamp !== undefined) return;
    const template = recordOf(deployment['spec'], 'template');
    const hash = hashOf(template);
    const replicas = numberOf(deployment['spec'], 'replicas') ?? 1;
    const sets = owned(REPLICA_SETS, deployment);
    const name = `${deployment.metadata.name}-${hash}`;
    const wanted = sets.find((set) => set.metadata.name === name);
    for (const set of sets) scale(set, set.metadata.name === name ? replicas : 0);
    if (wanted === undefined) {
      const set = store.create(REPLICA_SETS, deployment.metadata.namespace, replicaSet(deployment, template, name, hash, replicas));
      record(deployment, {
        reason: 'ScalingReplicaSet',
        message: `Scaled up replica set ${set.metadata.name} from 0 to ${replicas}`,
        source: 'deployment-controller',
        at: clock.now(),
      });
    }
    showStatus(deployment);
  };

  const scale = (set: ApiObject, replicas: number): void => {
    if (numberOf(set['spec'], 'replicas') !== replicas)
      store.update(REPLICA_SETS, { ...set, spec: { ...recordOf(set, 'spec'), replicas } });
  };

  const reconcileSet = (set: ApiObject): void => {
    if (set.metadata.deletionTimestamp !== undefined) return;
    const pods = owned(PODS, set).filter(
      (pod) => pod.metadata.deletionTimestamp === undefined && recordOf(pod, 'status')['phase'] !== 'Failed',
    );
    const replicas = numberOf(set['spec'], 'replicas') ?? 0;
    const account = textOf(recordOf(recordOf(set['spec'], 'template'), 'spec'), 'serviceAccountName') ?? 'default';
    if (pods.length < replicas && store.get(SERVICE_ACCOUNTS, set.metadata.namespace, account) === undefined) {
      const message = `Error creating: pods "${set.metadata.name}-" is forbidden: error looking up service account ${set.metadata.namespace}/${account}: serviceaccount "${account}" not found`;
      record(set, { type: 'Warning', reason: 'FailedCreate', message, source: 'replicaset-controller', at: clock.now() });
      return void clock.after(TRY_AGAIN, () => {
        const fresh = store.byUid(set.metadata.uid);
        if (fresh !== undefined) reconcileSet(fresh);
      });
    }
    for (let missing = pods.length; missing < replicas; missing += 1) {
      const pod = store.create(PODS, set.metadata.namespace, podOf(set, random));
      record(set, {
        reason: 'SuccessfulCreate',
        message: `Created pod: ${pod.metadata.name}`,
        source: 'replicaset-controller',
        at: clock.now(),
      });
    }
    for (const pod of pods.slice(replicas)) {
      deletion.delete(PODS, pod.metadata.namespace, pod.metadata.name, {});
      record(set, {
        reason: 'SuccessfulDelete',
        message: `Deleted pod: ${pod.metadata.name}`,
        source: 'replicaset-controller',
        at: clock.now(),
      });
    }
    const ready = owned(PODS, set).filter(isReady).length;
    const fresh = store.get(REPLICA_SETS, set.metadata.namespace, set.metadata.name);
    if (fresh !== undefined)
      store.update(REPLICA_SETS, {
        ...fresh,
        status: {
          replicas,
          fullyLabeledReplicas: replicas,
          readyReplicas: ready,
          availableReplicas: ready,
          observedGeneration: fresh.metadata.generation,
        },
      });
  };

  const showStatus = (deployment: ApiObject): void => {
    const fresh = store.get(DEPLOYMENTS, deployment.metadata.namespace, deployment.metadata.name);
    if (fresh === undefined) return;
    const pods = owned(REPLICA_SETS, fresh)
      .flatMap((set) => owned(PODS, set))
      .filter((pod) => pod.metadata.deletionTimestamp === undefined);
    const ready = pods.filter(isReady).length;
    const replicas = numberOf(fresh['spec'], 'replicas') ?? 1;
    const available = ready >= replicas;
    const known = recordsOf(fresh['status'], 'conditions').find((condition) => condition['type'] === 'Available');
    const since =
      known !== undefined && known['status'] === String(available).replace(/^./, (letter) => letter.toUpperCase())
        ? known['lastTransitionTime']
        : stamp(clock.now());
    store.update(DEPLOYMENTS, {
      ...fresh,
      status: {
        observedGeneration: fresh.metadata.generation,
        replicas: pods.length,
        updatedReplicas: pods.length,
        ...(ready === 0 ? {} : { readyReplicas: ready, availableReplicas: ready }),
        ...(available ? {} : { unavailableReplicas: replicas - ready }),
        conditions: [
          {
            type: 'Available',
            status: available ? 'True' : 'False',
            lastUpdateTime: since,
            lastTransitionTime: since,
            reason: available ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
            message: `Deployment ${available ? 'has' : 'does not have'} minimum availability.`,
          },
        ],
      },
    });
  };

  const unsubscribe = store.subscribe(({ resource, type, object }) => {
    if (resource === DEPLOYMENTS && type !== 'DELETED') reconcileDeployment(object);
    if (resource === REPLICA_SETS && type !== 'DELETED') {
      reconcileSet(object);
      const owner = object.metadata.ownerReferences?.[0];
      const deployment = owner === undefined ? undefined : store.byUid(owner.uid);
      if (deployment !== undefined) showStatus(deployment);
    }
    if (resource === PODS) {
      const owner = object.metadata.ownerReferences?.find((reference) => reference.kind === 'ReplicaSet');
      const set = owner === undefined ? undefined : store.byUid(owner.uid);
      if (set !== undefined)
        clock.after(20, () => {
          const fresh = store.byUid(set.metadata.uid);
          if (fresh !== undefined) reconcileSet(fresh);
        });
    }
  });
  return { [Symbol.dispose]: () => void unsubscribe() };
}

function podOf(set: ApiObject, random: Random): Draft {
  const template = recordOf(set['spec'], 'template');
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...recordOf(template, 'metadata'),
      name: `${set.metadata.name}-${random.suffix(5)}`,
      generateName: `${set.metadata.name}-`,
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: set.metadata.name,
          uid: set.metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: recordOf(template, 'spec'),
    status: { phase: 'Pending', qosClass: 'Burstable' },
  };
}

function replicaSet(
  deployment: ApiObject,
  template: Readonly<Record<string, unknown>>,
  name: string,
  hash: string,
  replicas: number,
): Draft {
  const labels = { ...recordOf(recordOf(template, 'metadata'), 'labels'), 'pod-template-hash': hash } as Readonly<Record<string, string>>;
  const selector = recordOf(recordOf(deployment['spec'], 'selector'), 'matchLabels');
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name,
      labels,
      annotations: {
        'deployment.kubernetes.io/desired-replicas': String(replicas),
        'deployment.kubernetes.io/max-replicas': String(replicas + 1),
        'deployment.kubernetes.io/revision': '1',
      },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name: deployment.metadata.name,
          uid: deployment.metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      replicas,
      selector: { matchLabels: { ...selector, 'pod-template-hash': hash } },
      template: { ...template, metadata: { ...recordOf(template, 'metadata'), labels } },
    },
    status: { replicas: 0 },
  };
}

const hashOf = (template: unknown): string =>
  parseInt(createHash('sha1').update(JSON.stringify(template)).digest('hex').slice(0, 12), 16)
    .toString(36)
    .slice(0, 9);

export const isReady = (pod: ApiObject): boolean =>
  recordsOf(pod['status'], 'conditions').some(
    (condition) => isRecord(condition) && condition['type'] === 'Ready' && condition['status'] === 'True',
  ) && pod.metadata.deletionTimestamp === undefined;
