import { createHash } from 'node:crypto';
import { numberOf, recordOf, recordsOf, stamp, textOf, type ApiObject, type Draft, type OwnerReference } from '../api/objects.ts';
import { isReady } from './pod-status.ts';

/** What the controller does about the pods of a ReplicaSet. */
export type PodChange =
  | { readonly kind: 'none' }
  /** The API server refuses the pods: their service account does not exist. */
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'create'; readonly count: number }
  | { readonly kind: 'delete'; readonly pods: readonly ApiObject[] };

const replicasOf = (object: ApiObject, fallback: number): number => numberOf(object['spec'], 'replicas') ?? fallback;
const lives = (pod: ApiObject): boolean => pod.metadata.deletionTimestamp === undefined;

/** The ReplicaSet of a Deployment's template. */
export function replicaSetFor(deployment: ApiObject): Draft {
  const template = recordOf(deployment['spec'], 'template');
  const replicas = replicasOf(deployment, 1);
  const hash = hashOf(template);
  const labels = { ...recordOf(recordOf(template, 'metadata'), 'labels'), 'pod-template-hash': hash } as Readonly<Record<string, string>>;
  const selector = recordOf(recordOf(deployment['spec'], 'selector'), 'matchLabels');
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      labels,
      annotations: {
        'deployment.kubernetes.io/desired-replicas': String(replicas),
        'deployment.kubernetes.io/max-replicas': String(replicas + 1),
        'deployment.kubernetes.io/revision': '1',
      },
      ownerReferences: [ownedBy(deployment)],
    },
    spec: {
      replicas,
      selector: { matchLabels: { ...selector, 'pod-template-hash': hash } },
      template: { ...template, metadata: { ...recordOf(template, 'metadata'), labels } },
    },
    status: { replicas: 0 },
  };
}

/** The ReplicaSets of a Deployment that have to be rescaled: `current` gets all the pods, those of earlier templates none. */
export function rescaled(deployment: ApiObject, sets: readonly ApiObject[], current: string | undefined): readonly ApiObject[] {
  return sets.flatMap((set) => {
    const replicas = set.metadata.name === current ? replicasOf(deployment, 1) : 0;
    return numberOf(set['spec'], 'replicas') === replicas ? [] : [{ ...set, spec: { ...recordOf(set, 'spec'), replicas } }];
  });
}

/** `hasAccount` tells whether a service account exists. */
export function podChange(set: ApiObject, pods: readonly ApiObject[], hasAccount: (name: string) => boolean): PodChange {
  const alive = pods.filter((pod) => lives(pod) && recordOf(pod, 'status')['phase'] !== 'Failed');
  const missing = replicasOf(set, 0) - alive.length;
  if (missing === 0) return { kind: 'none' };
  if (missing < 0) return { kind: 'delete', pods: alive.slice(missing) };
  const account = textOf(recordOf(recordOf(set['spec'], 'template'), 'spec'), 'serviceAccountName') ?? 'default';
  if (hasAccount(account)) return { kind: 'create', count: missing };
  const { name, namespace } = set.metadata;
  return {
    kind: 'refused',
    message: `Error creating: pods "${name}-" is forbidden: error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`,
  };
}

/** A pod of a ReplicaSet; `suffix` ends its name. */
export function podFor(set: ApiObject, suffix: string): Draft {
  const template = recordOf(set['spec'], 'template');
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...recordOf(template, 'metadata'),
      name: `${set.metadata.name}-${suffix}`,
      generateName: `${set.metadata.name}-`,
      ownerReferences: [ownedBy(set)],
    },
    spec: recordOf(template, 'spec'),
    status: { phase: 'Pending', qosClass: 'Burstable' },
  };
}

const ownedBy = ({ kind, metadata: { name, uid } }: ApiObject): OwnerReference => ({
  apiVersion: 'apps/v1',
  kind,
  name,
  uid,
  controller: true,
  blockOwnerDeletion: true,
});

export function withSetStatus(set: ApiObject, pods: readonly ApiObject[]): ApiObject {
  const replicas = replicasOf(set, 0);
  const ready = pods.filter(isReady).length;
  return {
    ...set,
    status: {
      replicas,
      fullyLabeledReplicas: replicas,
      readyReplicas: ready,
      availableReplicas: ready,
      observedGeneration: set.metadata.generation,
    },
  };
}

/** `pods` are those of all its ReplicaSets. */
export function withDeploymentStatus(deployment: ApiObject, pods: readonly ApiObject[], now: number): ApiObject {
  const count = pods.filter(lives).length;
  const ready = pods.filter(isReady).length;
  const replicas = replicasOf(deployment, 1);
  const available = ready >= replicas;
  const status = available ? 'True' : 'False';
  const known = recordsOf(deployment['status'], 'conditions').find((condition) => condition['type'] === 'Available');
  const since = known?.['status'] === status ? known['lastTransitionTime'] : stamp(now);
  return {
    ...deployment,
    status: {
      observedGeneration: deployment.metadata.generation,
      replicas: count,
      updatedReplicas: count,
      ...(ready === 0 ? {} : { readyReplicas: ready, availableReplicas: ready }),
      ...(available ? {} : { unavailableReplicas: replicas - ready }),
      conditions: [
        {
          type: 'Available',
          status,
          lastUpdateTime: since,
          lastTransitionTime: since,
          reason: available ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
          message: `Deployment ${available ? 'has' : 'does not have'} minimum availability.`,
        },
      ],
    },
  };
}

const hashOf = (template: unknown): string =>
  parseInt(createHash('sha1').update(JSON.stringify(template)).digest('hex').slice(0, 12), 16)
    .toString(36)
    .slice(0, 9);
