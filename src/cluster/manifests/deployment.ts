import * as options from '../../config/options/options-kubernetes.ts';
import { isAtLeast } from '../../config/options/flink-version.ts';
import type { KubernetesObject } from '../../kubernetes/model/types.ts';
import { jobManagerLabels } from '../../native/names.ts';
import { mapMember } from './json.ts';
import type { Context, Draft, Json, JsonObject } from './types.ts';

const members: Readonly<Record<string, string>> = {
  apiversion: 'apiVersion',
  blockownerdeletion: 'blockOwnerDeletion',
  controller: 'controller',
  kind: 'kind',
  name: 'name',
  uid: 'uid',
};

/**
 * One of the user's owners of the Deployment; since Flink 2.2, a missing kind gets the default of Flink's client library. Source:
 * `KubernetesOwnerReference`, Flink 2.3, as recorded.
 */
function userOwner(
  entry: ReadonlyMap<string, string>,
  flinkVersion: string,
): { readonly owner: JsonObject; readonly unknown: readonly string[] } {
  const found: Record<string, Json> = isAtLeast(flinkVersion, '2.2') ? { apiVersion: 'v1', kind: 'OwnerReference' } : {};
  const unknown: string[] = [];
  for (const [key, value] of entry) {
    const name = members[key.toLowerCase()];
    if (name === undefined) unknown.push(key);
    else found[name] = name === 'controller' || name === 'blockOwnerDeletion' ? value.toLowerCase() === 'true' : value;
  }
  return { owner: found, unknown };
}

/** The Deployment of the JobManager. Source: `KubernetesJobManagerFactory.createJobManagerDeployment`, Flink 2.3. */
export function deployment(
  draft: Draft,
  { clusterId, flinkVersion }: Context,
): { readonly deployment: KubernetesObject; readonly notices: readonly string[] } {
  const { config } = draft;
  const selector = jobManagerLabels(clusterId);
  const owners = (config.get(options.jobManagerOwnerReference) ?? []).map((entry) => userOwner(entry, flinkVersion));
  const metadata: JsonObject = {
    name: clusterId,
    labels: Object.fromEntries([...(config.get(options.jobManagerLabels) ?? []), ...selector]),
    ...mapMember('annotations', config.get(options.jobManagerAnnotations)),
    ...(owners.length === 0 ? {} : { ownerReferences: owners.map((entry) => entry.owner) }),
  };
  const spec: JsonObject = {
    replicas: config.get(options.jobManagerReplicas) ?? 1,
    selector: { matchLabels: Object.fromEntries(selector) },
    template: { metadata: draft.metadata, spec: { ...draft.podSpec, containers: [...draft.sideContainers, draft.main] } },
  };
  return {
    deployment: { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec } satisfies JsonObject as KubernetesObject,
    notices: owners
      .flatMap((entry) => entry.unknown)
      .map((key) => `${options.jobManagerOwnerReference.key}: '${key}' is not a field of an owner reference and was ignored.`),
  };
}
