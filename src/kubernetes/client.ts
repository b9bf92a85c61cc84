import { isAbort, Problem } from '../support/problem.ts';
import type { Clock } from '../support/clock.ts';
import { accessReview } from './access.ts';
import { pageAnswer } from './request/answer-problem.ts';
import { exec } from './channels/exec.ts';
import { record, text } from './model/json.ts';
import { readList } from './watch/list-pages.ts';
import { asObject, projected } from './watch/odd-objects.ts';
import { listAndWatch, type StreamContext } from './watch/list-watch.ts';
import { liveness } from './watch/liveness.ts';
import { followLog } from './logs/follow-log.ts';
import { collectionName, collectionPath, objectName, objectPath, withQuery } from './model/paths.ts';
import { podConnections } from './channels/pod-connection.ts';
import { askService } from './channels/service-proxy.ts';
import type { ServerRequest, Transport } from './request/transport.ts';
import type { KubernetesClient, KubernetesObject, ListOptions, ObjectAddress, RequestOptions, ResourceType } from './model/types.ts';
import { lifetime, waker } from '../support/waiting.ts';

const PATCH_TYPES = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
} as const;

export interface ClientOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: () => number;
  readonly context: string | undefined;
  readonly namespace: string;
  readonly tlsUnverified: boolean;
  readonly extensions: ReadonlyMap<string, unknown>;
  /** Called when the user asks to try again now. */
  readonly onRetry: () => void;
  /** Called when the client is disposed: ends credential plug-ins that are still running. */
  readonly onClose: () => void;
}

/** The verbs of `KubernetesClient`, over a transport. */
export function kubernetesClient({
  transport,
  clock,
  random,
  context,
  namespace,
  tlsUnverified,
  extensions,
  onRetry,
  onClose,
}: ClientOptions): KubernetesClient {
  const streams: StreamContext = { transport, clock, random, liveness: liveness(transport, clock), waker: waker(clock) };
  const connectPod = podConnections(transport, clock);
  const closed = lifetime();
  const running = new Set<Promise<void>>();

  const ask = async (request: ServerRequest): Promise<unknown> => {
    const body = await transport.request({ ...request, signal: withClosed(request.signal) });
    try {
      return JSON.parse(body.toString('utf8'));
    } catch (error) {
      throw (
        pageAnswer(200, body.toString('utf8'), { server: transport.server, what: request.what }) ??
        new Problem('protocol', `The API server's answer to "${request.what}" is not JSON.`, { cause: error })
      );
    }
  };
  const withClosed = (signal: AbortSignal | undefined): AbortSignal => (signal ? AbortSignal.any([signal, closed.signal]) : closed.signal);

  /** A stream ends with the client, and the client waits for it. */
  const track = (run: Promise<void>): Promise<void> => {
    running.add(run);
    return run.finally(() => running.delete(run));
  };

  return {
    server: transport.server,
    context,
    namespace,
    tlsUnverified,
    extensions,
    async version(options = {}) {
      const answer = record(await ask({ path: '/version', what: 'read the version', ...options }));
      return text(answer.gitVersion) ?? 'unknown';
    },
    async get<T extends KubernetesObject>(address: ObjectAddress, options: RequestOptions = {}) {
      return (await ask({ path: objectPath(address), what: `get ${objectName(address)}`, ...options })) as T;
    },
    async list<T extends KubernetesObject>(resource: ResourceType, options: ListOptions = {}) {
      let all: T[] = [];
      await readList(
        transport,
        resource,
        { ...options, signal: withClosed(options.signal) },
        (raws) => raws.map((raw) => projected(raw, asObject<T>)),
        (items, { first }) => {
          all = first ? [...items] : all.concat(items);
        },
      );
      return all;
    },
    async create<T extends KubernetesObject>(
      resource: ResourceType,
      space: string | undefined,
      body: T,
      { dryRun, ...options }: RequestOptions & { readonly dryRun?: boolean } = {},
    ) {
      return (await ask({
        method: 'POST',
        path: withQuery(collectionPath(resource, space), { dryRun: dryRun ? 'All' : undefined }),
        body,
        what: `create ${resource.kind} ${body.metadata?.name ?? ''} in ${collectionName(resource, space)}`,
        ...options,
      })) as T;
    },
    async replace<T extends KubernetesObject>(address: ObjectAddress, body: T, options: RequestOptions = {}) {
      return (await ask({ method: 'PUT', path: objectPath(address), body, what: `replace ${objectName(address)}`, ...options })) as T;
    },
    async patch<T extends KubernetesObject>(
      address: ObjectAddress,
      body: unknown,
      type: keyof typeof PATCH_TYPES,
      options: RequestOptions = {},
    ) {
      return (await ask({
        method: 'PATCH',
        path: objectPath(address),
        body,
        contentType: PATCH_TYPES[type],
        what: `patch ${objectName(address)}`,
        ...options,
      })) as T;
    },
    async delete(address, { propagation, uid, ...options } = {}) {
      await ask({
        method: 'DELETE',
        path: objectPath(address),
        what: `delete ${objectName(address)}`,
        ...options,
        body: {
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          ...(propagation === undefined ? {} : { propagationPolicy: propagation }),
          ...(uid === undefined ? {} : { preconditions: { uid } }),
        },
      });
    },
    listAndWatch: (resource, options, project, sink) =>
      track(listAndWatch(streams, resource, { ...options, signal: withClosed(options.signal) }, project, sink)),
    followLog: (request, sink, signal) => track(followLog(streams, request, sink, withClosed(signal))),
    async portForward(pod, port, options = {}) {
      const connection = await connectPod(pod, port, { ...options, signal: withClosed(options.signal) });
      const end = (): void => void connection.destroy();
      closed.signal.addEventListener('abort', end, { once: true });
      connection.once('close', () => closed.signal.removeEventListener('abort', end));
      return connection;
    },
    askService: (request) => askService(transport, { ...request, signal: withClosed(request.signal) }),
    exec: (request) => exec(transport, clock, { ...request, signal: withClosed(request.signal) }),
    can: accessReview(transport, clock),
    retryNow() {
      onRetry();
      streams.waker.wake();
    },
    async [Symbol.asyncDispose]() {
      closed.end();
      streams.liveness.close();
      onClose();
      // These rejections come from the abort above; their callers already know.
      await Promise.all(
        [...running].map((run) =>
          run.catch((error: unknown) => {
            if (!isAbort(error)) throw error;
          }),
        ),
      );
      transport.close();
    },
  };
}
