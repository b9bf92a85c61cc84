import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { KubernetesObject } from '../../src/kubernetes/model/types.ts';

/** What an API server holds at the start, and what goes wrong on it. */
export interface Seed {
  readonly objects?: readonly Seeded[];
  readonly nodes?: readonly Seeded[];
  readonly faults?: readonly Fault[];
}

type Seeded = KubernetesObject & { readonly kind: string };

export interface Fault {
  readonly method?: string;
  /** Regular expression for the path. */
  readonly path: string;
  /** How often; absent: once. */
  readonly times?: number;
  readonly status?: number;
  readonly reason?: string;
  readonly message?: string;
  /** The connection is cut, before anything was done. */
  readonly drop?: boolean;
  /** The connection is cut, after it was done. */
  readonly lost?: boolean;
}

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly headers: IncomingMessage['headers'];
  status: number | 'dropped';
}

const plurals: Readonly<Record<string, string>> = {
  Deployment: 'deployments',
  Service: 'services',
  ConfigMap: 'configmaps',
  Secret: 'secrets',
  Node: 'nodes',
  Pod: 'pods',
  Event: 'events',
  Namespace: 'namespaces',
};

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

interface Place {
  readonly plural: string;
  readonly namespace: string;
  readonly name: string | undefined;
}

/** An API server on loopback, plain HTTP, for one run of a client: answers like one and keeps every request. */
export class Recorder implements AsyncDisposable {
  readonly requests: RecordedRequest[] = [];
  readonly objects = new Map<string, KubernetesObject>();
  readonly #faults: { readonly fault: Fault; left: number }[];
  readonly #server: Server;
  #version = 1000;
  #nodePort = 30_000;

  constructor(seed: Seed = {}) {
    this.#faults = (seed.faults ?? []).map((fault) => ({ fault, left: fault.times ?? 1 }));
    for (const object of [...(seed.objects ?? []), ...(seed.nodes ?? [])]) {
      const plural = plurals[object.kind] ?? '';
      this.#create({ plural, namespace: plural === 'nodes' ? '' : (object.metadata?.namespace ?? 'default'), name: undefined }, object);
    }
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  /** Starts listening; resolves with the URL. */
  listen(): Promise<string> {
    return new Promise((resolve) => {
      this.#server.listen(0, '127.0.0.1', () => {
        const address = this.#server.address();
        resolve(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`);
      });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://x');
    const entry: RecordedRequest = {
      method: request.method ?? '',
      path: pathname,
      body: text === '' ? null : JSON.parse(text),
      headers: request.headers,
      status: 'dropped',
    };
    this.requests.push(entry);
    const fault = this.#faultFor(entry);
    if (fault?.drop === true) return void request.socket.destroy();
    const answer =
      fault?.status === undefined
        ? this.#answer(entry, searchParams)
        : failure(fault.status, fault.reason ?? '', fault.message ?? 'injected');
    if (fault?.lost === true) return void request.socket.destroy();
    entry.status = answer.status;
    const body = JSON.stringify(answer.body);
    response.writeHead(answer.status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
  }

  #faultFor({ method, path }: RecordedRequest): Fault | undefined {
    const found = this.#faults.find(
      ({ fault, left }) => left > 0 && (fault.method ?? method) === method && new RegExp(fault.path).test(path),
    );
    if (found === undefined) return undefined;
    found.left -= 1;
    return found.fault;
  }

  #answer({ method, path, body }: RecordedRequest, query: URLSearchParams): Answer {
    if (path === '/version') return { status: 200, body: { gitVersion: 'v1.34.0' } };
    const place = placeOf(path);
    if (place === undefined) return failure(404, 'NotFound', 'the server could not find the requested resource');
    const { name } = place;
    const object = name === undefined ? undefined : this.objects.get(keyOf(place, name));
    if (method === 'POST' && name === undefined) return this.#create(place, body as Seeded);
    if (method === 'GET' && name === undefined) return this.#list(place, query);
    if (name === undefined || object === undefined) return failure(404, 'NotFound', `${place.plural} "${name}" not found`);
    if (method === 'GET') return { status: 200, body: object };
    if (method === 'PUT') return this.#replace(place, object, body as Seeded);
    if (method === 'DELETE') return this.#delete(keyOf(place, name), object, body);
    return failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
  }

  #create(place: Place, given: Seeded): Answer {
    const key = keyOf(place, given.metadata?.name ?? '');
    if (this.objects.has(key)) return failure(409, 'AlreadyExists', `${place.plural} "${given.metadata?.name}" already exists`);
    return { status: 201, body: this.#store(key, place, place.plural === 'services' ? this.#asService(given) : given, randomUUID()) };
  }

  #replace(place: Place, old: KubernetesObject, given: KubernetesObject): Answer {
    const wanted = given.metadata?.resourceVersion;
    if (wanted !== undefined && wanted !== old.metadata?.resourceVersion) return failure(409, 'Conflict', 'the object has been modified');
    return { status: 200, body: this.#store(keyOf(place, place.name ?? ''), place, given, old.metadata?.uid ?? '') };
  }

  #store(key: string, { namespace }: Place, given: KubernetesObject, uid: string): KubernetesObject {
    const object = {
      ...given,
      metadata: {
        ...given.metadata,
        ...(namespace === '' ? {} : { namespace }),
        uid,
        resourceVersion: String(++this.#version),
        creationTimestamp: new Date(0).toISOString(),
      },
    };
    this.objects.set(key, object);
    return object;
  }

  /** What a real server adds to a Service. */
  #asService(given: Seeded): Seeded {
    const { spec = {}, status } = given as {
      readonly spec?: { readonly type?: string; readonly ports?: readonly { readonly port: number }[] };
      readonly status?: unknown;
    };
    const open = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
    const ports = (spec.ports ?? []).map((port) => ({
      protocol: 'TCP',
      targetPort: port.port,
      ...(open ? { nodePort: ++this.#nodePort } : {}),
      ...port,
    }));
    return {
      ...given,
      spec: { type: 'ClusterIP', clusterIP: `10.96.0.${this.objects.size + 10}`, ...spec, ports },
      status: status ?? { loadBalancer: {} },
    } as Seeded;
  }

  #list({ plural, namespace }: Place, query: URLSearchParams): Answer {
    const labels = (query.get('labelSelector') ?? '')
      .split(',')
      .filter((each) => each !== '')
      .map((each) => each.split(/==?/));
    const items = [...this.objects]
      .filter(([key]) => key.startsWith(`${plural}/${namespace}`))
      .map(([, object]) => object)
      .filter((object) => labels.every(([label = '', value]) => object.metadata?.labels?.[label] === value));
    return { status: 200, body: { kind: 'List', apiVersion: 'v1', metadata: { resourceVersion: String(this.#version) }, items } };
  }

  #delete(key: string, object: KubernetesObject, options: unknown): Answer {
    const wanted = (options as { readonly preconditions?: { readonly uid?: string } } | null)?.preconditions?.uid;
    if (wanted !== undefined && wanted !== object.metadata?.uid)
      return failure(409, 'Conflict', 'the UID in the precondition does not match');
    this.objects.delete(key);
    for (const [other, { metadata }] of this.objects)
      if (metadata?.ownerReferences?.some(({ uid }) => uid === object.metadata?.uid) === true) this.objects.delete(other);
    return { status: 200, body: { kind: 'Status', apiVersion: 'v1', status: 'Success' } };
  }
}

const keyOf = ({ plural, namespace }: Place, name: string): string => `${plural}/${namespace}/${name}`;

function placeOf(path: string): Place | undefined {
  const match = /^\/(?:api\/v1|apis\/apps\/v1)(?:\/namespaces\/([^/]+))?\/([a-z]+)(?:\/([^/]+))?$/.exec(path);
  const [, namespace = '', plural = '', name] = match ?? [];
  return Object.values(plurals).includes(plural)
    ? { plural, namespace, name: name === undefined ? undefined : decodeURIComponent(name) }
    : undefined;
}

const failure = (code: number, reason: string, message: string): Answer => ({
  status: code,
  body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message },
});
