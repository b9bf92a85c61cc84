import { urlHost } from '../../http/address.ts';
import { NODES, SERVICES } from '../../kubernetes/model/resources.ts';
import type { KubernetesClient } from '../../kubernetes/model/types.ts';
import { names } from '../../native/names.ts';
import type { NodeObject, ServiceObject, ServicePort } from '../../native/objects.ts';
import { isAbort, isNotFound, Problem, sentence } from '../../support/problem.ts';

export type Exposure = 'ClusterIP' | 'Headless_ClusterIP' | 'NodePort' | 'LoadBalancer';

/** `kubernetes.rest-service.exposed.node-port-address-type`. */
export type NodeAddressType = 'InternalIP' | 'ExternalIP';

/** The address of a cluster's REST endpoint, computed as by Flink's client. */
export interface RestEndpoint {
  /** As Flink's client prints it; undefined if no address was found. */
  readonly url: string | undefined;
  readonly host: string | undefined;
  readonly port: number;
  readonly exposure: Exposure;
  /** Who can reach that address, as a sentence. */
  readonly reach: string;
  /** Problems with the address, one sentence each. */
  readonly warnings: readonly string[];
}

export interface RestEndpointOptions {
  readonly addressType?: NodeAddressType | undefined;
  /** `security.ssl.rest.enabled`. */
  readonly https?: boolean | undefined;
}

/** How a live Service is exposed: its type, not the configuration's. Source: `ServiceType.classify`, Flink 2.3. */
export function exposureOf(service: ServiceObject | undefined): Exposure | undefined {
  if (service === undefined) return undefined;
  const type = service.spec?.type ?? 'ClusterIP';
  if (type === 'NodePort' || type === 'LoadBalancer') return type;
  return service.spec?.clusterIP === 'None' ? 'Headless_ClusterIP' : 'ClusterIP';
}

/** The port of a REST Service. Throws for a Service without one. Source: `ServiceType.getRestPortFromExternalService`, Flink 2.3. */
export function restPortOf(service: ServiceObject): ServicePort & { readonly port: number } {
  const rest = service.spec?.ports?.find((each) => each.name === 'rest');
  if (rest?.port === undefined) throw new Problem('invalid', `Failed to find port "rest" in Service "${service.metadata?.name}".`);
  return { ...rest, port: rest.port };
}

/** True if the address has to be a node's: these rules then need the list of nodes. */
export function needsNodes(service: ServiceObject): boolean {
  const exposure = exposureOf(service);
  return exposure === 'NodePort' || (exposure === 'LoadBalancer' && ingressOf(service) === undefined);
}

/**
 * The endpoint of a live Service. `nodes`: all of them, or why they could not be listed. Pure. Source:
 * `Fabric8FlinkKubeClient.getRestEndpoint` and `kubeclient/services`, Flink 2.3. For a load balancer without an address, this is the node's
 * address with the Service's port, where nothing listens: kept because scripts read it, but with a warning.
 */
export function restEndpoint(
  service: ServiceObject,
  nodes: readonly NodeObject[] | Problem,
  { addressType = 'InternalIP', https = false }: RestEndpointOptions = {},
): RestEndpoint {
  const exposure = exposureOf(service) ?? 'ClusterIP';
  const rest = restPortOf(service);
  const at = (host: string | undefined, port: number, reach: string, warnings: readonly string[]): RestEndpoint => ({
    url: host === undefined ? undefined : `${https ? 'https' : 'http'}://${urlHost(host)}:${port}`,
    host,
    port,
    exposure,
    reach,
    warnings,
  });
  if (exposure === 'ClusterIP' || exposure === 'Headless_ClusterIP') {
    return at(
      `${service.metadata?.name}.${service.metadata?.namespace}`,
      rest.port,
      'only from inside the cluster; drey goes through the API server',
      [],
    );
  }
  const ingress = exposure === 'LoadBalancer' ? ingressOf(service) : undefined;
  if (ingress !== undefined) return at(ingress, rest.port, 'from wherever the load balancer can be reached', []);

  const waits = exposure === 'LoadBalancer';
  const pending = waits
    ? [
        `The load balancer has no address yet; the printed one is that of a node, and nothing listens on that port there${rest.nodePort === undefined ? '' : ` (the port of the nodes is ${rest.nodePort})`}.`,
      ]
    : [];
  const port = exposure === 'NodePort' ? (rest.nodePort ?? rest.port) : rest.port;
  const reach = waits
    ? 'from nowhere yet; drey goes through the API server'
    : addressType === 'ExternalIP'
      ? "from wherever the nodes' external addresses can be reached"
      : 'from the network of the nodes';
  if (nodes instanceof Problem)
    return at(undefined, port, reach, [...pending, `The address of a node could not be looked up: ${sentence(nodes)}`]);
  const host = nodes
    .filter((node) => node.spec?.unschedulable !== true)
    .flatMap((node) => node.status?.addresses ?? [])
    .find((each) => each.type === addressType && each.address !== '')?.address;
  const none =
    host === undefined
      ? [`No schedulable node has an address of type ${addressType} (kubernetes.rest-service.exposed.node-port-address-type).`]
      : [];
  return at(host, port, reach, [...pending, ...none]);
}

/** Reads the Service, and the nodes if the address is one of theirs. Rejects with `not-found` if there is no REST Service. */
export async function fetchRestEndpoint(
  kubernetes: Pick<KubernetesClient, 'get' | 'list'>,
  cluster: { readonly clusterId: string; readonly namespace: string },
  options: RestEndpointOptions = {},
  signal?: AbortSignal,
): Promise<RestEndpoint> {
  const service = await fetchRestService(kubernetes, cluster, signal);
  if (service === undefined) {
    throw new Problem(
      'not-found',
      `Could not get the rest endpoint of ${cluster.clusterId}: there is no Service ${names.restService(cluster.clusterId)} in namespace ${cluster.namespace}.`,
    );
  }
  return restEndpoint(service, needsNodes(service) ? await listNodes(kubernetes, signal) : [], options);
}

/** The REST Service of a cluster; undefined if there is none. */
export async function fetchRestService(
  kubernetes: Pick<KubernetesClient, 'get'>,
  { clusterId, namespace }: { readonly clusterId: string; readonly namespace: string },
  signal?: AbortSignal,
): Promise<ServiceObject | undefined> {
  try {
    const service = await kubernetes.get<ServiceObject>({ resource: SERVICES, namespace, name: names.restService(clusterId) }, { signal });
    return {
      ...service,
      metadata: { ...service.metadata, name: names.restService(clusterId), namespace: service.metadata?.namespace ?? namespace },
    };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** The nodes, or why they cannot be listed: they are cluster-scoped, and a user of one namespace often may not. */
export async function listNodes(
  kubernetes: Pick<KubernetesClient, 'list'>,
  signal?: AbortSignal,
): Promise<readonly NodeObject[] | Problem> {
  try {
    return await kubernetes.list<NodeObject>(NODES, { signal });
  } catch (error) {
    if (isAbort(error) || !(error instanceof Problem)) throw error;
    return error;
  }
}

function ingressOf(service: ServiceObject): string | undefined {
  const first = service.status?.loadBalancer?.ingress?.[0];
  return first?.ip ?? first?.hostname;
}
