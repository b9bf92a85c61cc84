import type { ServerResponse } from 'node:http';
import type { Call } from '../api/call.ts';
import { recordOf, recordsOf, textOf, type ApiObject } from '../api/objects.ts';
import { badRequest } from '../api/status.ts';
import { entryStamp, type ContainerLog, type LogEntry } from './container-log.ts';
import type { LogStream } from '../base/faults.ts';
import type { PodLogs } from './pod-logs.ts';

export interface LogServices {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly logs: PodLogs;
  readonly opened: (stream: LogStream) => () => void;
  /** How many lines before the requested start are sent as well (a fault); normally 0. */
  readonly repeated: () => number;
}

/** `GET .../pods/x/log`: follow, previous, timestamps, tailLines, sinceTime, sinceSeconds, limitBytes. */
export function serveLog(call: Call, pod: ApiObject, { logs, opened, repeated, now }: LogServices): void {
  const { query, response } = call;
  const container = containerOf(pod, query.get('container') ?? undefined);
  const previous = query.get('previous') === 'true';
  const log =
    previous && !isWaiting(pod, container) ? logs.previous(pod.metadata.uid, container) : logs.current(pod.metadata.uid, container);
  if (log === undefined) throw missing(pod, container, previous);

  const timestamps = query.get('timestamps') === 'true';
  const format = (entry: LogEntry): string => (timestamps ? `${entryStamp(entry)} ${entry.text}\n` : `${entry.text}\n`);
  response.writeHead(200, { 'content-type': 'text/plain', 'cache-control': 'no-cache, private' });
  response.flushHeaders();

  const limit = Number(query.get('limitBytes') ?? 'Infinity');
  const first = selected(log, query, { repeated: repeated(), now: now() });
  const begin = Buffer.from(first.map(format).join(''));
  if (query.get('follow') !== 'true' || log.ended) return void response.end(begin.subarray(0, Math.min(limit, begin.length)));
  if (begin.length > 0) response.write(begin);
  follow(log, response, format, opened);
}

function selected(
  log: ContainerLog,
  query: URLSearchParams,
  { repeated, now }: { readonly repeated: number; readonly now: number },
): readonly LogEntry[] {
  const all = log.entries();
  let from = 0;
  const seconds = query.get('sinceSeconds');
  const time = query.get('sinceTime');
  if (seconds !== null || time !== null) {
    // The API server hands the kubelet whole seconds. Source: registry/core/pod LogLocation.
    const since = seconds !== null ? now - Number(seconds) * 1000 : Math.floor(Date.parse(time ?? '') / 1000) * 1000;
    if (Number.isNaN(since)) throw badRequest(`invalid sinceTime ${time}`);
    from = all.findIndex((entry) => entry.at >= since);
    if (from < 0) from = all.length;
    from = Math.max(0, from - repeated);
  }
  const tail = query.get('tailLines');
  if (tail !== null) from = Math.max(from, all.length - Number(tail));
  return all.slice(from);
}

/** Streams new lines; those of one turn of the event loop go out in one write. */
function follow(log: ContainerLog, response: ServerResponse, format: (entry: LogEntry) => string, opened: LogServices['opened']): void {
  let pending = '';
  const flush = (): void => {
    if (pending !== '' && !response.destroyed) response.write(pending);
    pending = '';
  };
  const close = log.follow({
    line(entry) {
      if (pending === '') setImmediate(flush);
      pending += format(entry);
    },
    end() {
      flush();
      response.end();
    },
  });
  const closed = opened({
    finish() {
      flush();
      response.end();
    },
    reset(midLine) {
      flush();
      const last = log.entries().at(-1);
      if (!midLine || last === undefined) return void response.destroy();
      const line = format(last);
      response.write(line.slice(0, Math.ceil(line.length / 2)), () => response.destroy());
    },
  });
  response.once('close', () => {
    close();
    closed();
  });
}

/** The requested container, else the only one. */
export function containerOf(pod: ApiObject, asked: string | undefined): string {
  const named = (member: string): string[] => recordsOf(pod['spec'], member).map((container) => textOf(container, 'name') ?? '');
  const names = named('containers');
  if (asked !== undefined) {
    if (!names.includes(asked) && !named('initContainers').includes(asked))
      throw badRequest(`container ${asked} is not valid for pod ${pod.metadata.name}`);
    return asked;
  }
  const [only, ...others] = names;
  if (only === undefined || others.length > 0)
    throw badRequest(`a container name must be specified for pod ${pod.metadata.name}, choose one of: [${names.join(' ')}]`);
  return only;
}

const statusOf = (pod: ApiObject, container: string): Readonly<Record<string, unknown>> | undefined =>
  [...recordsOf(pod['status'], 'containerStatuses'), ...recordsOf(pod['status'], 'initContainerStatuses')].find(
    (one) => one['name'] === container,
  );

/** Between two starts, the container that ended last is both the current and the previous one. Source: kubelet validateContainerLogStatus. */
const isWaiting = (pod: ApiObject, container: string): boolean => textOf(waitingOf(pod, container), 'reason') !== undefined;

/** Source: kubelet validateContainerLogStatus, Kubernetes 1.34. */
const PULL_ERRORS: Readonly<Record<string, string>> = {
  ErrImagePull: "image can't be pulled",
  ImagePullBackOff: 'trying and failing to pull image',
};

function missing(pod: ApiObject, container: string, previous: boolean): Error {
  if (previous) return badRequest(`previous terminated container "${container}" in pod "${pod.metadata.name}" not found`);
  const waiting = textOf(waitingOf(pod, container), 'reason');
  return badRequest(
    waiting === undefined
      ? `pod ${pod.metadata.name} does not have a host assigned`
      : `container "${container}" in pod "${pod.metadata.name}" is waiting to start: ${PULL_ERRORS[waiting] ?? waiting}`,
  );
}

const waitingOf = (pod: ApiObject, container: string): unknown => recordOf(recordOf(statusOf(pod, container), 'state'), 'waiting');
