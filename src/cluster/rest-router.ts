import type { Duplex } from 'node:stream';
import type { RestRoute, RestRouter } from '../flink/types.ts';
import { isRefused } from '../kubernetes/pod-connection.ts';
import type { KubernetesClient } from '../kubernetes/types.ts';
import { names } from '../native/names.ts';
import type { PodObject, ServiceObject } from '../native/objects.ts';
import { systemClock } from '../support/clock.ts';
import { isAbort, isForbidden, Problem, sentence, toProblem } from '../support/problem.ts';
import { abortable, lifetime, timeLimit } from '../support/waiting.ts';
import { jobManagerPod, restContainerPort } from './job-manager-pod.ts';
import { flinkAnswers } from './probe.ts';
import { fetchRestService, listNodes, needsNodes, type NodeAddressType, restEndpoint, restPortOf } from './rest-endpoint.ts';
import { type AskService, serviceConnection } from './service-connection.ts';

/** How long the proxy of the API server may take to hand over Flink's first answer. */
const proxyProbeMs = 5_000;

export interface RestRouterOptions {
  readonly kubernetes: Pick<KubernetesClient, 'get' | 'list' | 'portForward' | 'askService'>;
  readonly clusterId: string;
  readonly namespace: string;
  /** The endpoint that the user gave (`-m`, `rest.address`): `host:port` or a URL. Used as it is. */
  readonly restAddress?: string;
  readonly addressType?: NodeAddressType;
  /** `security.ssl.rest.enabled`. */
  readonly https?: boolean;
  /** `rest.url-prefix`, e.g. `/flink`. */
  readonly pathPrefix?: string;
  /** Called once, when Flink does not answer at the address of the NodePort or LoadBalancer, and requests go through the API server. */
  readonly detour?: (address: string) => void;
  /** Called once, when no port can be forwarded, and requests go through the proxy of the API server. */
  readonly proxied?: () => void;
  /** Whether Flink answers at a base URL; never rejects. For tests. */
  readonly probe?: (url: string, signal: AbortSignal) => Promise<boolean>;
}

/**
 * The way to a cluster's REST endpoint: an address that the user gave; else a NodePort or LoadBalancer address where Flink answers;
 * else a port-forward through the API server to the JobManager's pod; else, if that is refused, the API server's proxy to the Service.
 * The route is kept until it is `lost`; a refusal is kept for good.
 */
export function createRestRouter(options: RestRouterOptions): RestRouter & AsyncDisposable {
  const { kubernetes, clusterId, namespace } = options;
  const ended = lifetime();
  let current: Promise<RestRoute> | undefined;
  let found: RestRoute | undefined;
  let told = false;
  let forwardRefused = false;

  const scheme = options.https === true ? 'https' : 'http';
  const prefix = trimmed(options.pathPrefix);
  const probe = options.probe ?? flinkAnswers;

  function forget(route: RestRoute): void {
    if (route !== found) return;
    found = undefined;
    current = undefined;
  }

  function unanswered(address: string): void {
    if (!told) options.detour?.(address);
    told = true;
  }

  async function look(signal: AbortSignal): Promise<RestRoute> {
    if (options.restAddress !== undefined) return given(options.restAddress, scheme, prefix);
    const service = await restService(signal);
    return (await exposed(service, signal)) ?? (await inside(service, signal));
  }

  async function inside(service: ServiceObject | undefined, signal: AbortSignal): Promise<RestRoute> {
    try {
      const pod = await jobManagerPod(kubernetes, clusterId, namespace, signal);
      return forwardRefused ? proxied(service) : forwarded(service, pod);
    } catch (error) {
      // Without a look at the pods there is nothing to forward to; the proxy finds them itself.
      if (!isForbidden(error) || !(await proxyAnswers(service, signal))) throw error;
      useProxy();
      return proxied(service);
    }
  }

  /** The Service, or undefined if only it may not be read: the pod alone is enough for a port-forward. */
  async function restService(signal: AbortSignal): Promise<ServiceObject | undefined> {
    try {
      const service = await fetchRestService(kubernetes, { clusterId, namespace }, signal);
      if (service !== undefined) return service;
    } catch (error) {
      if (isForbidden(error)) return undefined;
      throw error;
    }
    throw new Problem('not-found', `Could not get the rest endpoint of ${clusterId}: there is no Service ${names.restService(clusterId)} in namespace ${namespace}.`, {
      hint: 'drey clusters -A lists all clusters.',
    });
  }

  async function exposed(service: ServiceObject | undefined, signal: AbortSignal): Promise<RestRoute | undefined> {
    const type = service?.spec?.type;
    if (service === undefined || (type !== 'NodePort' && type !== 'LoadBalancer')) return undefined;
    const nodes = needsNodes(service) ? await listNodes(kubernetes, signal) : [];
    const endpoint = restEndpoint(service, nodes, { https: scheme === 'https', ...(options.addressType === undefined ? {} : { addressType: options.addressType }) });
    if (endpoint.url === undefined) return undefined;
    if (await probe(endpoint.url + prefix, signal)) return { description: endpoint.url, url: endpoint.url + prefix };
    unanswered(endpoint.url);
    return undefined;
  }

  function forwarded(service: ServiceObject | undefined, pod: PodObject): RestRoute {
    const name = pod.metadata?.name ?? '';
    const port = restContainerPort(pod, service);
    const route: RestRoute = {
      description: `through pod ${name} (port-forward)`,
      url: `${scheme}://${names.restService(clusterId)}.${namespace}:${port}${prefix}`,
      open: (each) => openForward({ name, port, service }, each, () => forget(route)),
    };
    return route;
  }

  async function openForward({ name, port, service }: { readonly name: string; readonly port: number; readonly service: ServiceObject | undefined }, signal: AbortSignal, failed: () => void): Promise<Duplex> {
    try {
      return await kubernetes.portForward({ namespace, name }, port, { signal });
    } catch (error) {
      if (isAbort(error)) throw error;
      failed();
      if (error instanceof Problem && isRefused(error) && (await proxyAnswers(service, signal))) {
        useProxy();
        return serviceConnection(askService(service));
      }
      const { kind, hint } = toProblem(error, 'unreachable');
      throw new Problem(kind === 'not-found' ? 'unreachable' : kind, `Port ${port} of JobManager pod ${name} cannot be reached through the API server: ${sentence(error)}`, {
        cause: error, ...(hint === undefined ? {} : { hint }),
      });
    }
  }

  function proxied(service: ServiceObject | undefined): RestRoute {
    return {
      description: `through service ${names.restService(clusterId)} (services/proxy)`,
      url: `${scheme}://${names.restService(clusterId)}.${namespace}${prefix}`,
      open: async () => serviceConnection(askService(service)),
    };
  }

  /** The port has this name in each Service that Flink creates. */
  const askService = (service: ServiceObject | undefined): AskService => (request) =>
    kubernetes.askService({ ...request, service: { namespace, name: names.restService(clusterId) }, port: service === undefined ? 'rest' : restPortOf(service).port });

  /** Whether Flink answers there. The proxy of the API server checks no certificate of a Service: an endpoint with TLS is not asked by that way. */
  async function proxyAnswers(service: ServiceObject | undefined, signal: AbortSignal): Promise<boolean> {
    if (scheme === 'https') return false;
    using limit = timeLimit(proxyProbeMs, signal, systemClock);
    try {
      const { status, body } = await askService(service)({ method: 'GET', path: `${prefix}/config`, headers: {}, body: undefined, signal: limit.signal });
      for await (const _ of body);
      return status < 400 || status === 503;
    } catch (error) {
      signal.throwIfAborted();
      if (!isAbort(error) && !(error instanceof Problem)) throw error;
      // That failed as well: the error of the first way is the helpful one.
      return false;
    }
  }

  function useProxy(): void {
    if (!forwardRefused) options.proxied?.();
    forwardRefused = true;
  }

  return {
    async route(signal) {
      signal?.throwIfAborted();
      if (ended.signal.aborted) throw new Problem('unreachable', `The connection to cluster ${clusterId} was closed.`);
      if (current === undefined) {
        const search = look(ended.signal);
        current = search;
        search.then(
          (route) => {
            if (current === search) found = route;
          },
          () => {
            // Current waiters get the error; the next call looks again.
            if (current === search) current = undefined;
          },
        );
      }
      return abortable(current, signal);
    },
    lost: forget,
    async [Symbol.asyncDispose]() {
      ended.end();
      current = undefined;
      found = undefined;
    },
  };
}

function given(address: string, scheme: string, prefix: string): RestRoute {
  const text = /^[a-z]+:\/\//i.test(address) ? address : `${scheme}://${address}`;
  if (!URL.canParse(text) || new URL(text).hostname === '') throw new Problem('usage', `The REST address "${address}" is neither HOST:PORT nor a URL.`);
  const url = new URL(text);
  const path = url.pathname === '/' ? prefix : trimmed(url.pathname);
  return { description: url.origin + path, url: url.origin + path };
}

/** `/flink/` → `/flink`, `/` → ``. */
function trimmed(path: string | undefined): string {
  const inner = (path ?? '').replace(/^\/+|\/+$/g, '');
  return inner === '' ? '' : `/${inner}`;
}
