import type { Duplex } from 'node:stream';
import type { RestRoute } from '../../flink/types.ts';
import { isRefused } from '../../kubernetes/channels/refused.ts';
import type { KubernetesClient } from '../../kubernetes/model/types.ts';
import { names } from '../../native/names.ts';
import type { PodObject, ServiceObject } from '../../native/objects.ts';
import { systemClock } from '../../support/clock.ts';
import { isAbort, isForbidden, Problem, sentence, toProblem } from '../../support/problem.ts';
import { timeLimit } from '../../support/waiting.ts';
import { jobManagerPod, restContainerPort } from './job-manager-pod.ts';
import { flinkAnswers } from './probe.ts';
import { fetchRestService, listNodes, needsNodes, type NodeAddressType, restEndpoint, restPortOf } from './rest-endpoint.ts';
import { type AskService, serviceConnection } from './service-connection.ts';

/** How long the API server's proxy may take for Flink's first answer. */
const proxyProbeMs = 5_000;

export interface RestWaysOptions {
  readonly kubernetes: Pick<KubernetesClient, 'get' | 'list' | 'portForward' | 'askService'>;
  readonly clusterId: string;
  readonly namespace: string;
  /** The endpoint that the user gave (`-m`, `rest.address`): `host:port` or a URL. Used unchanged. */
  readonly restAddress?: string | undefined;
  readonly addressType?: NodeAddressType | undefined;
  /** `security.ssl.rest.enabled`. */
  readonly https?: boolean | undefined;
  /** `rest.url-prefix`, such as `/flink`. */
  readonly pathPrefix?: string | undefined;
  /** Called once if Flink does not answer at the address of the NodePort or LoadBalancer, so that requests go through the API server. */
  readonly detour?: (address: string) => void;
  /** Called once if no port can be forwarded, so that requests go through the API server's proxy. */
  readonly proxied?: () => void;
  /** Whether Flink answers at a base URL; never rejects. For tests. */
  readonly probe?: (url: string, signal: AbortSignal) => Promise<boolean>;
}

/** A port of a JobManager's pod, and its Service. */
interface Forwarded {
  readonly name: string;
  readonly port: number;
  readonly service: ServiceObject | undefined;
}

/**
 * The ways to a cluster's REST endpoint, in this order: an address that the user gave; a NodePort or LoadBalancer address where Flink
 * answers; a port-forward through the API server to the JobManager's pod; if that is refused, the API server's proxy to the Service. A
 * refusal is remembered for good.
 */
export class RestWays {
  readonly #options: RestWaysOptions;
  readonly #lost: (route: RestRoute) => void;
  readonly #scheme: 'http' | 'https';
  readonly #prefix: string;
  readonly #probe: NonNullable<RestWaysOptions['probe']>;
  /** The user knows that Flink does not answer at the address of the nodes. */
  #told = false;
  #forwardRefused = false;

  /** `lost`: called when a route that was found no longer works. */
  constructor(options: RestWaysOptions, lost: (route: RestRoute) => void) {
    this.#options = options;
    this.#lost = lost;
    this.#scheme = options.https === true ? 'https' : 'http';
    this.#prefix = trimmed(options.pathPrefix);
    this.#probe = options.probe ?? flinkAnswers;
  }

  /** Looks for a route; rejects with a `Problem` if there is none now. */
  async look(signal: AbortSignal): Promise<RestRoute> {
    const { restAddress } = this.#options;
    if (restAddress !== undefined) return given(restAddress, this.#scheme, this.#prefix);
    const service = await this.#restService(signal);
    return (await this.#exposed(service, signal)) ?? (await this.#inside(service, signal));
  }

  async #inside(service: ServiceObject | undefined, signal: AbortSignal): Promise<RestRoute> {
    const { kubernetes, clusterId, namespace } = this.#options;
    try {
      const pod = await jobManagerPod(kubernetes, clusterId, namespace, signal);
      return this.#forwardRefused ? this.#proxied(service) : this.#forwarded(service, pod);
    } catch (error) {
      // A port-forward needs to know the pod; the proxy finds it by itself.
      if (!isForbidden(error) || !(await this.#proxyAnswers(service, signal))) throw error;
      this.#useProxy();
      return this.#proxied(service);
    }
  }

  /** The Service, or undefined if it may not be read: the pod alone is enough for a port-forward. */
  async #restService(signal: AbortSignal): Promise<ServiceObject | undefined> {
    const { kubernetes, clusterId, namespace } = this.#options;
    try {
      const service = await fetchRestService(kubernetes, { clusterId, namespace }, signal);
      if (service !== undefined) return service;
    } catch (error) {
      if (isForbidden(error)) return undefined;
      throw error;
    }
    throw new Problem(
      'not-found',
      `Could not get the rest endpoint of ${clusterId}: there is no Service ${names.restService(clusterId)} in namespace ${namespace}.`,
      {
        hint: 'drey clusters -A lists all clusters.',
      },
    );
  }

  async #exposed(service: ServiceObject | undefined, signal: AbortSignal): Promise<RestRoute | undefined> {
    const { kubernetes, addressType } = this.#options;
    const type = service?.spec?.type;
    if (service === undefined || (type !== 'NodePort' && type !== 'LoadBalancer')) return undefined;
    const nodes = needsNodes(service) ? await listNodes(kubernetes, signal) : [];
    const endpoint = restEndpoint(service, nodes, {
      https: this.#scheme === 'https',
      addressType,
    });
    if (endpoint.url === undefined) return undefined;
    if (await this.#probe(endpoint.url + this.#prefix, signal)) return { description: endpoint.url, url: endpoint.url + this.#prefix };
    if (!this.#told) this.#options.detour?.(endpoint.url);
    this.#told = true;
    return undefined;
  }

  #forwarded(service: ServiceObject | undefined, pod: PodObject): RestRoute {
    const { clusterId, namespace } = this.#options;
    const name = pod.metadata?.name ?? '';
    const port = restContainerPort(pod, service);
    const route: RestRoute = {
      description: `through pod ${name} (port-forward)`,
      url: `${this.#scheme}://${names.restService(clusterId)}.${namespace}:${port}${this.#prefix}`,
      open: (each) => this.#openForward({ name, port, service }, each, () => this.#lost(route)),
    };
    return route;
  }

  async #openForward({ name, port, service }: Forwarded, signal: AbortSignal, failed: () => void): Promise<Duplex> {
    const { kubernetes, namespace } = this.#options;
    try {
      return await kubernetes.portForward({ namespace, name }, port, { signal });
    } catch (error) {
      if (isAbort(error)) throw error;
      failed();
      if (error instanceof Problem && isRefused(error) && (await this.#proxyAnswers(service, signal))) {
        this.#useProxy();
        return serviceConnection(this.#askService(service));
      }
      const { kind, hint } = toProblem(error, 'unreachable');
      throw new Problem(
        kind === 'not-found' ? 'unreachable' : kind,
        `Port ${port} of JobManager pod ${name} cannot be reached through the API server: ${sentence(error)}`,
        {
          cause: error,
          hint,
        },
      );
    }
  }

  #proxied(service: ServiceObject | undefined): RestRoute {
    const { clusterId, namespace } = this.#options;
    return {
      description: `through service ${names.restService(clusterId)} (services/proxy)`,
      url: `${this.#scheme}://${names.restService(clusterId)}.${namespace}${this.#prefix}`,
      open: async () => serviceConnection(this.#askService(service)),
    };
  }

  /** This is the port's name in every Service that Flink creates. */
  #askService(service: ServiceObject | undefined): AskService {
    const { kubernetes, namespace, clusterId } = this.#options;
    const port = service === undefined ? 'rest' : restPortOf(service).port;
    return (request) => kubernetes.askService({ ...request, service: { namespace, name: names.restService(clusterId) }, port });
  }

  /**
   * Whether Flink answers there. The API server's proxy does not check the certificate of a Service, so an endpoint with TLS is not reached
   * this way.
   */
  async #proxyAnswers(service: ServiceObject | undefined, signal: AbortSignal): Promise<boolean> {
    if (this.#scheme === 'https') return false;
    using limit = timeLimit(proxyProbeMs, signal, systemClock);
    try {
      const { status, body } = await this.#askService(service)({
        method: 'GET',
        path: `${this.#prefix}/config`,
        headers: {},
        body: undefined,
        signal: limit.signal,
      });
      for await (const _ of body);
      return status < 400 || status === 503;
    } catch (error) {
      signal.throwIfAborted();
      if (!isAbort(error) && !(error instanceof Problem)) throw error;
      // That failed as well: the error of the first way is the helpful one.
      return false;
    }
  }

  #useProxy(): void {
    if (!this.#forwardRefused) this.#options.proxied?.();
    this.#forwardRefused = true;
  }
}

function given(address: string, scheme: string, prefix: string): RestRoute {
  const text = /^[a-z]+:\/\//i.test(address) ? address : `${scheme}://${address}`;
  if (!URL.canParse(text) || new URL(text).hostname === '')
    throw new Problem('usage', `The REST address "${address}" is neither HOST:PORT nor a URL.`);
  const url = new URL(text);
  const path = url.pathname === '/' ? prefix : trimmed(url.pathname);
  return { description: url.origin + path, url: url.origin + path };
}

/** `/flink/` → `/flink`, `/` → ``. */
function trimmed(path: string | undefined): string {
  const inner = (path ?? '').replace(/^\/+|\/+$/g, '');
  return inner === '' ? '' : `/${inner}`;
}
