import type { Duplex } from 'node:stream';
import type {
  Access,
  AccessQuestion,
  ExecRequest,
  KubernetesClient,
  KubernetesObject,
  ListOptions,
  LogRequest,
  LogSink,
  ObjectAddress,
  ReadableList,
  RequestOptions,
  ResourceType,
  ServiceAnswer,
  ServiceRequest,
  WatchSink,
} from '../../src/kubernetes/model/types.ts';
import { Problem } from '../../src/support/problem.ts';
import { readable } from '../support/fakes.ts';
import { logLine } from '../support/log-line.ts';

export interface Call {
  readonly verb: string;
  readonly what: string;
  readonly body?: unknown;
}

type Fault = (call: Call) => Error | undefined;

interface Watcher {
  readonly resource: string;
  readonly options: ListOptions;
  readonly tell: (kind: 'seen' | 'gone', object: KubernetesObject) => void;
}

const matches = (object: KubernetesObject, { namespace, labelSelector, fieldSelector }: ListOptions): boolean => {
  const fields: Readonly<Record<string, string | undefined>> = {
    'metadata.name': object.metadata?.name,
    'involvedObject.name': (object as { involvedObject?: { name?: string } }).involvedObject?.name,
    'involvedObject.kind': (object as { involvedObject?: { kind?: string } }).involvedObject?.kind,
  };
  const pairs = (text: string | undefined) =>
    (text ?? '')
      .split(',')
      .filter((each) => each !== '')
      .map((each) => each.split('='));
  return (
    (namespace === undefined || object.metadata?.namespace === namespace) &&
    pairs(labelSelector).every(([key, value]) => object.metadata?.labels?.[key ?? ''] === value) &&
    pairs(fieldSelector).every(([key, value]) => fields[key ?? ''] === value)
  );
};

/** An API server in memory: keeps what is created, tells watchers, and fails where a test wants it to. */
export class FakeKubernetes implements KubernetesClient {
  readonly server = 'https://fake:6443';
  readonly context = 'fake';
  readonly namespace = 'default';
  tlsUnverified = false;
  readonly extensions = new Map<string, unknown>();
  readonly calls: Call[] = [];
  readonly objects = new Map<string, KubernetesObject>();
  /** Runs before a call has an effect. */
  fault: Fault = () => undefined;
  /** Runs after a call had its effect: the answer is lost. */
  lostAnswer: Fault = () => undefined;
  access: (question: AccessQuestion) => Access = () => ({ allowed: true });
  onPortForward: (pod: string, port: number) => Promise<Duplex> = async (pod) => {
    throw new Problem('unreachable', `no way to ${pod}`);
  };
  onAskService: (request: ServiceRequest) => Promise<ServiceAnswer> = async ({ service }) => {
    throw new Problem('forbidden', `no way to ${service.name}`, { status: 403 });
  };
  logLines: readonly string[] = [];
  /** Status of a review that is created. */
  review: (body: KubernetesObject) => unknown = () => ({ allowed: true });
  serverVersion = 'v1.34.4';
  #count = 0;
  readonly #watchers = new Set<Watcher>();

  constructor(objects: readonly (KubernetesObject & { readonly kind: string })[] = []) {
    for (const object of objects) this.put(plurals[object.kind] ?? object.kind, object);
  }

  put(plural: string, object: KubernetesObject): KubernetesObject {
    const namespaced = !['nodes', 'namespaces'].includes(plural);
    const namespace = object.metadata?.namespace ?? (namespaced ? 'default' : undefined);
    const stored: KubernetesObject = {
      ...object,
      metadata: {
        uid: `uid-${++this.#count}`,
        creationTimestamp: '2026-01-01T00:00:00Z',
        ...object.metadata,
        resourceVersion: String(++this.#count),
        ...(namespace === undefined ? {} : { namespace }),
      },
    };
    this.objects.set(`${plural}/${namespace ?? ''}/${object.metadata?.name}`, stored);
    for (const watcher of this.#watchers) if (watcher.resource === plural && matches(stored, watcher.options)) watcher.tell('seen', stored);
    return stored;
  }

  remove(plural: string, name: string, namespace = 'default'): void {
    const key = `${plural}/${namespace}/${name}`;
    const last = this.objects.get(key);
    this.objects.delete(key);
    if (last !== undefined)
      for (const watcher of this.#watchers) if (watcher.resource === plural && matches(last, watcher.options)) watcher.tell('gone', last);
  }

  /** `POST deployments/default/c1`, one line a call. */
  get log(): readonly string[] {
    return this.calls.map(({ verb, what }) => `${verb} ${what}`);
  }

  async version(): Promise<string> {
    this.#begin('VERSION', '');
    return this.serverVersion;
  }

  async get<T extends KubernetesObject>(address: ObjectAddress, options: RequestOptions = {}): Promise<T> {
    const what = this.#begin('GET', keyOf(address), undefined, options);
    const found = this.objects.get(what);
    if (found === undefined) throw missing(address);
    return found as T;
  }

  async list<T extends KubernetesObject>(resource: ResourceType, options: ListOptions = {}): Promise<readonly T[]> {
    this.#begin('LIST', `${resource.plural}/${options.namespace ?? '*'}`, undefined, options);
    return this.#matching(resource, options) as readonly T[];
  }

  async listReadable<T>(resource: ResourceType, options: ListOptions, project: (raw: KubernetesObject) => T): Promise<ReadableList<T>> {
    return readable(await this.list(resource, options), project);
  }

  async create<T extends KubernetesObject>(
    resource: ResourceType,
    namespace: string | undefined,
    body: T,
    options: RequestOptions & { readonly dryRun?: boolean } = {},
  ): Promise<T> {
    const key = `${resource.plural}/${namespace ?? ''}/${body.metadata?.name ?? ''}`;
    this.#begin(options.dryRun === true ? 'DRY' : 'POST', key, body, options);
    if (resource.plural.endsWith('reviews')) return { ...body, status: this.review(body) };
    if (this.objects.has(key)) throw new Problem('conflict', `${resource.plural} "${body.metadata?.name}" already exists`, { status: 409 });
    const stored = this.put(resource.plural, {
      ...body,
      metadata: { ...body.metadata, ...(namespace === undefined ? {} : { namespace }) },
    });
    this.#end('POST', key, body);
    return stored as T;
  }

  async replace<T extends KubernetesObject>(address: ObjectAddress, body: T, options: RequestOptions = {}): Promise<T> {
    const key = this.#begin('PUT', keyOf(address), body, options);
    const old = this.objects.get(key);
    if (old === undefined) throw missing(address);
    if (body.metadata?.resourceVersion !== undefined && body.metadata.resourceVersion !== old.metadata?.resourceVersion) {
      throw new Problem('conflict', `${address.resource.plural} "${address.name}" was changed meanwhile`, { status: 409 });
    }
    const stored = this.put(address.resource.plural, {
      ...body,
      metadata: {
        ...body.metadata,
        ...(old.metadata?.uid === undefined ? {} : { uid: old.metadata.uid }),
        ...(address.namespace === undefined ? {} : { namespace: address.namespace }),
      },
    });
    this.#end('PUT', key, body);
    return stored as T;
  }

  async patch<T extends KubernetesObject>(address: ObjectAddress, body: unknown, _type: string, options: RequestOptions = {}): Promise<T> {
    const key = this.#begin('PATCH', keyOf(address), body, options);
    const old = this.objects.get(key);
    if (old === undefined) throw missing(address);
    return this.put(address.resource.plural, { ...old, ...(body as KubernetesObject) }) as T;
  }

  async delete(
    address: ObjectAddress,
    options: RequestOptions & { readonly propagation?: string; readonly uid?: string | undefined } = {},
  ): Promise<void> {
    const key = this.#begin('DELETE', keyOf(address), { propagation: options.propagation, uid: options.uid }, options);
    const old = this.objects.get(key);
    if (old === undefined) throw missing(address);
    if (options.uid !== undefined && options.uid !== old.metadata?.uid)
      throw new Problem('conflict', 'the uid in the precondition is another one', { status: 409 });
    this.remove(address.resource.plural, address.name, address.namespace);
  }

  listAndWatch<T>(
    resource: ResourceType,
    options: ListOptions & { readonly signal: AbortSignal },
    project: (raw: KubernetesObject) => T,
    sink: WatchSink<T>,
  ): Promise<void> {
    const { signal } = options;
    return new Promise((resolve) => {
      const watcher: Watcher = { resource: resource.plural, options, tell: (kind, object) => sink[kind]([project(object)]) };
      sink.status({ state: 'connecting' });
      const refused = this.fault({ verb: 'WATCH', what: resource.plural });
      if (refused instanceof Problem) sink.status({ state: 'denied', problem: refused });
      else {
        sink.page(this.#matching(resource, options).map(project), { first: true, last: true });
        sink.status({ state: 'live' });
        this.#watchers.add(watcher);
      }
      const leave = () => {
        this.#watchers.delete(watcher);
        resolve();
      };
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave, { once: true });
    });
  }

  async followLog(request: LogRequest, sink: LogSink): Promise<void> {
    this.#begin('LOG', `${request.namespace}/${request.pod}`, request);
    sink.lines(this.logLines.slice(-(request.tailLines ?? this.logLines.length)).map((text, at) => logLine(at, text)));
    sink.status({ state: 'ended' });
  }

  async portForward(
    pod: { readonly namespace: string; readonly name: string },
    port: number,
    options: RequestOptions = {},
  ): Promise<Duplex> {
    this.#begin('FORWARD', `${pod.namespace}/${pod.name}:${port}`, undefined, options);
    return this.onPortForward(pod.name, port);
  }

  async askService(request: ServiceRequest): Promise<ServiceAnswer> {
    this.#begin(
      'SERVICE',
      `${request.method} ${request.service.namespace}/${request.service.name}:${request.port}${request.path}`,
      undefined,
      request,
    );
    return this.onAskService(request);
  }

  async exec(_request: ExecRequest): Promise<number> {
    throw new Problem('invalid', 'nothing to run here');
  }

  async can(question: AccessQuestion): Promise<Access> {
    return this.access(question);
  }

  retryNow(): void {}

  async [Symbol.asyncDispose](): Promise<void> {}

  #matching(resource: ResourceType, options: ListOptions): readonly KubernetesObject[] {
    return [...this.objects]
      .filter(([key, object]) => key.startsWith(`${resource.plural}/`) && matches(object, options))
      .map(([, object]) => object);
  }

  #begin(verb: string, what: string, body?: unknown, options: { readonly signal?: AbortSignal | undefined } = {}): string {
    options.signal?.throwIfAborted();
    const call = { verb, what, ...(body === undefined ? {} : { body }) };
    this.calls.push(call);
    const error = this.fault(call);
    if (error !== undefined) throw error;
    return what;
  }

  #end(verb: string, what: string, body: unknown): void {
    const error = this.lostAnswer({ verb, what, body });
    if (error !== undefined) throw error;
  }
}

const plurals: Readonly<Record<string, string>> = {
  Deployment: 'deployments',
  Service: 'services',
  ConfigMap: 'configmaps',
  Secret: 'secrets',
  Pod: 'pods',
  Event: 'events',
  Node: 'nodes',
  ReplicaSet: 'replicasets',
  Namespace: 'namespaces',
};

const keyOf = ({ resource, namespace, name }: ObjectAddress): string => `${resource.plural}/${namespace ?? ''}/${name}`;

const missing = ({ resource, name }: ObjectAddress): Problem =>
  new Problem('not-found', `${resource.plural} "${name}" not found`, { status: 404 });
