import { DEPLOYMENTS, SERVICES } from '../kubernetes/model/resources.ts';
import type { KubernetesClient, KubernetesObject, Unreadable } from '../kubernetes/model/types.ts';
import { deploymentSelector, everySelector, isNative, MAIN_CONTAINER, names } from '../native/names.ts';
import { type DeploymentObject, type ServiceObject, stamp } from '../native/objects.ts';
import type { Instant } from '../support/clock.ts';
import { isForbidden, isNotFound, Problem } from '../support/problem.ts';
import { type Exposure, exposureOf } from './endpoint/rest-endpoint.ts';

/** A native cluster, read from its Deployment. */
export interface FoundCluster {
  readonly id: string;
  readonly namespace: string;
  readonly uid: string | undefined;
  readonly createdAt: Instant | undefined;
  /** JobManager pods: ready now, and requested. */
  readonly ready: number;
  readonly wanted: number;
  readonly image: string | undefined;
  /** `2.3.0` if the image's tag begins with a version; only the REST endpoint is certain. */
  readonly flinkVersion: string | undefined;
  readonly kind: 'session' | 'application' | 'unknown';
  /** Undefined if there is no REST Service, or if it may not be read. */
  readonly exposure: Exposure | undefined;
}

/** Clusters, and the Deployments that cannot be read: each of them may be another cluster. */
export interface FoundClusters {
  readonly clusters: readonly FoundCluster[];
  readonly unreadable: Unreadable | undefined;
}

/**
 * The native clusters of a namespace, or of all (`undefined`), by namespace and id. Rejects with the `Problem` of listing Deployments; Services that cannot be read only leave `exposure` open.
 */
export async function findClusters(
  kubernetes: Pick<KubernetesClient, 'listReadable'>,
  namespace: string | undefined,
  signal?: AbortSignal,
): Promise<FoundClusters> {
  const where = { namespace, signal };
  const [deployments, services] = await Promise.all([
    kubernetes.listReadable(DEPLOYMENTS, { ...where, labelSelector: deploymentSelector }, describe),
    kubernetes.listReadable(SERVICES, { ...where, labelSelector: everySelector }, exposureByName).catch(onlyForbidden),
  ]);
  const exposures = new Map(services.items);
  const clusters = deployments.items
    .map((found) => ({ ...found, exposure: exposures.get(`${found.namespace}/${names.restService(found.id)}`) }))
    .toSorted((a, b) => a.namespace.localeCompare(b.namespace) || a.id.localeCompare(b.id));
  return { clusters, unreadable: deployments.unreadable };
}

const exposureByName = (service: ServiceObject): readonly [string, Exposure | undefined] => [
  `${service.metadata?.namespace}/${service.metadata?.name}`,
  exposureOf(service),
];

/** One cluster. Rejects with `not-found` if there is no such Deployment, or if it is not Flink's. */
export async function getCluster(
  kubernetes: Pick<KubernetesClient, 'get'>,
  clusterId: string,
  namespace: string,
  signal?: AbortSignal,
): Promise<FoundCluster> {
  const options = { signal };
  const hint = 'drey clusters -A lists all clusters.';
  let deployment: DeploymentObject;
  try {
    deployment = await kubernetes.get<DeploymentObject>({ resource: DEPLOYMENTS, namespace, name: clusterId }, options);
  } catch (error) {
    if (isNotFound(error))
      throw new Problem('not-found', `There is no Flink cluster ${clusterId} in namespace ${namespace}.`, { hint, cause: error });
    throw error;
  }
  if (!isNative(deployment.metadata?.labels)) {
    throw new Problem('not-found', `Deployment ${clusterId} in namespace ${namespace} is not a native Flink cluster.`, { hint });
  }
  const service = await kubernetes
    .get<ServiceObject>({ resource: SERVICES, namespace, name: names.restService(clusterId) }, options)
    .catch((error: unknown) => {
      // The cluster exists; only its exposure remains unknown.
      if (isNotFound(error) || isForbidden(error)) return undefined;
      throw error;
    });
  return { ...describe(deployment), exposure: exposureOf(service) };
}

function onlyForbidden(error: unknown): { readonly items: readonly never[] } {
  // Clusters can be listed without reading their Services.
  if (isForbidden(error)) return { items: [] };
  throw error;
}

function describe(deployment: KubernetesObject): Omit<FoundCluster, 'exposure'> {
  const { metadata, spec, status } = deployment as DeploymentObject;
  const main = spec?.template?.spec?.containers?.find((container) => container.name === MAIN_CONTAINER);
  return {
    id: metadata?.name ?? '',
    namespace: metadata?.namespace ?? 'default',
    uid: metadata?.uid,
    createdAt: stamp(metadata?.creationTimestamp),
    ready: status?.readyReplicas ?? 0,
    wanted: spec?.replicas ?? 1,
    image: main?.image,
    flinkVersion: versionInTag(main?.image),
    kind: kindOf(main?.args),
  };
}

/** `flink:2.3.0-scala_2.12` → `2.3.0`. Undefined for a tag that is not a version. */
export function versionInTag(image: string | undefined): string | undefined {
  return /:v?(\d+\.\d+(?:\.\d+)?)(?:[-_+.@]|$)/.exec(image ?? '')?.[1];
}

/** The start command names the target. Source: `CmdJobManagerDecorator`, Flink 2.3; earlier versions pass the same words. */
function kindOf(args: readonly string[] | undefined): FoundCluster['kind'] {
  const command = args?.join(' ') ?? '';
  if (/\bkubernetes-application\b|KubernetesApplicationClusterEntrypoint/.test(command)) return 'application';
  if (/\bkubernetes-session\b|KubernetesSessionClusterEntrypoint/.test(command)) return 'session';
  return 'unknown';
}
