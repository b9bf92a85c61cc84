import { isAbort, Problem } from '../support/problem.ts';
import type { Clock } from '../support/clock.ts';
import { accessReview } from './access.ts';
import { pageAnswer } from './request/answer-problem.ts';
import { exec } from './channels/exec.ts';
import { listAndWatch, type StreamContext } from './watch/list-watch.ts';
import { readableList, wholeList } from './watch/whole-list.ts';
import { liveness } from './watch/liveness.ts';
import { followLog } from './logs/follow-log.ts';
import { type Ask, objectVerbs } from './object-verbs.ts';
import { podConnections } from './channels/pod-connection.ts';
import { askService } from './channels/service-proxy.ts';
import type { Transport } from './request/transport.ts';
import type { KubernetesClient, KubernetesObject, ListOptions, ResourceType } from './model/types.ts';
import { lifetime, waker } from '../support/waiting.ts';

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

  const withClosed = (signal: AbortSignal | undefined): AbortSignal => (signal ? AbortSignal.any([signal, closed.signal]) : closed.signal);
  const ask: Ask = async (request) =>
    jsonOf(await transport.request({ ...request, signal: withClosed(request.signal) }), request.what, transport.server);

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
    ...objectVerbs(ask),
    list: <T extends KubernetesObject>(resource: ResourceType, options: ListOptions = {}) =>
      wholeList<T>(transport, resource, { ...options, signal: withClosed(options.signal) }),
    listReadable: (resource, options, project) =>
      readableList(transport, resource, { ...options, signal: withClosed(options.signal) }, project),
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
      await Promise.all([...running].map((run) => run.catch(unlessAborted)));
      transport.close();
    },
  };
}

function unlessAborted(error: unknown): void {
  if (!isAbort(error)) throw error;
}

function jsonOf(body: Buffer, what: string, server: string): unknown {
  const answer = body.toString('utf8');
  try {
    return JSON.parse(answer);
  } catch (error) {
    throw (
      pageAnswer(200, answer, { server, what }) ??
      new Problem('protocol', `The API server's answer to "${what}" is not JSON.`, { cause: error })
    );
  }
}
