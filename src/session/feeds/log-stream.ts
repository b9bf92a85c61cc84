import type { LogLine, LogRequest } from '../../kubernetes/types.ts';
import type { Instant } from '../../support/clock.ts';
import { isAbort, toProblem } from '../../support/problem.ts';
import type { LogStore } from '../logs/log-store.ts';
import type { Pod, PodContainer } from '../types.ts';
import type { FeedContext } from './context.ts';
import { sourceTeller, stateOf } from './source-status.ts';

/** The followed log of one pod. */
export interface LogStream {
  /** The log is read to its end, and its container does not run. */
  readonly ended: boolean;
  readonly running: boolean;
  /** The pod was deleted: its log can only be read to the end. */
  podGone: boolean;
  /** True when there is something to follow that is not followed: a container that was not followed in this life of it. */
  due(pod: Pod): boolean;
  start(pod: Pod): void;
  stop(): void;
  /** What could not be followed (it was denied, or the pod is another one of the same name) is due again. */
  renew(): void;
  /** Resolves when the stream that runs has ended. */
  readonly done: Promise<void>;
}

export interface LogStreamOptions {
  /** Lines to begin with; undefined: all. */
  readonly tailLines: number | undefined;
  /** Lines came, or the log ended. */
  changed(): void;
  /** The server lets it be read. */
  opened(): void;
  /** The server does not let it be read: another try is due at the returned moment. */
  refused(): Instant;
  /** Its place is free. */
  ended(): void;
}

/** After an error that is not the stream's own, before the next try. */
const retryMs = 10_000;

/** Source: `Constants.MAIN_CONTAINER_NAME`, Flink 2.3; the only container of a pod whose template named it otherwise. */
const mainContainer = 'flink-main-container';

const containerOf = ({ containers }: Pod): PodContainer | undefined => containers.find(({ name }) => name === mainContainer) ?? containers.find(({ init }) => !init);

/** A pod without a node and a container that waits to be created have no log yet; one that waits to be started again has that of its last run. */
function hasLog(pod: Pod): boolean {
  const container = containerOf(pod);
  return pod.node !== undefined && container !== undefined && (container.state === 'running' || container.state === 'terminated' || container.restarts > 0);
}

export function createLogStream({ kubernetes, target, teller, clock, signal }: FeedContext, store: LogStore, name: string, options: LogStreamOptions): LogStream {
  const source = sourceTeller(`log:${name}`, teller, clock);
  let control: AbortController | undefined;
  let done: Promise<void> = Promise.resolve();
  /** When the container began whose log was followed last; undefined: none was. */
  let followed: number | undefined;
  let stopped = false;
  let ended = false;
  let pod: Pod | undefined;

  const startOf = (each: Pod): number => containerOf(each)?.startedAt ?? 0;

  const run = async (request: LogRequest, control: AbortController): Promise<void> => {
    const last = store.get(name)?.lastStamp;
    const tail = options.tailLines === undefined ? {} : { tailLines: options.tailLines };
    // The server begins at a whole second or repeats the last moment: what is here already is left out.
    let again = last?.lines ?? 0;
    const fresh = (lines: readonly LogLine[]): readonly LogLine[] => {
      if (last === undefined || again < 0) return lines;
      const from = lines.findIndex(({ at }) => at > last.at || (at === last.at && (again -= 1) < 0));
      if (from === -1) return [];
      again = -1;
      return lines.slice(from);
    };
    try {
      await kubernetes.followLog(
        last === undefined ? { ...request, ...tail } : { ...request, since: last.at },
        {
          lines(lines) {
            const news = fresh(lines);
            if (news.length === 0) return;
            store.append(name, news);
            options.changed();
          },
          status(status) {
            if (status.state === 'ended') ended = true;
            else if (status.state === 'denied' && stateOf(status.problem) === 'denied') source.status({ ...status, nextTryAt: options.refused() });
            else source.status(status);
            if (status.state === 'live') options.opened();
          },
        },
        control.signal,
      );
    } catch (error) {
      if (control.signal.aborted || isAbort(error)) return;
      const problem = toProblem(error);
      ended = problem.kind === 'not-found';
      if (ended) return;
      source.failed(problem, clock.now() + retryMs);
      await clock.sleep(retryMs, control.signal).catch(() => undefined);
      followed = undefined;
    }
  };

  const stream: LogStream = {
    podGone: false,
    get ended() {
      return ended;
    },
    get running() {
      return control !== undefined;
    },
    get done() {
      return done;
    },
    due(each) {
      if (control !== undefined || stream.podGone || !hasLog(each)) return false;
      return followed === undefined || stopped || (startOf(each) !== followed && containerOf(each)?.state !== 'waiting');
    },
    start(next) {
      pod = next;
      followed = startOf(next);
      stopped = false;
      ended = false;
      const own = new AbortController();
      control = own;
      const end = (): void => own.abort();
      signal.addEventListener('abort', end);
      if (store.get(name) === undefined) store.open(name);
      options.changed();
      const container = containerOf(pod)?.name;
      const request: LogRequest = {
        namespace: target.namespace,
        pod: name,
        ...(container === undefined ? {} : { container }),
      };
      done = run(request, own).finally(() => {
        signal.removeEventListener('abort', end);
        if (control === own) control = undefined;
        options.changed();
        if (!signal.aborted) options.ended();
      });
    },
    stop() {
      if (control === undefined) return;
      stopped = true;
      control.abort();
    },
    renew() {
      if (control === undefined && !ended) followed = undefined;
    },
  };
  return stream;
}
