import type { LogLine, LogRequest, LogSink } from '../../kubernetes/model/types.ts';
import { MAIN_CONTAINER } from '../../native/names.ts';
import type { Instant } from '../../support/clock.ts';
import { isAbort, toProblem } from '../../support/problem.ts';
import { lifetime, type Lifetime } from '../../support/waiting.ts';
import type { LogBuffer } from '../logs/log-buffer.ts';
import type { LogStore } from '../logs/log-store.ts';
import type { Pod, PodContainer } from '../types.ts';
import type { FeedContext } from './context.ts';
import { sourceTeller, stateOf } from './source-status.ts';

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

/** The container of Flink; the only one of a pod whose template named it otherwise. */
const containerOf = ({ containers }: Pod): PodContainer | undefined =>
  containers.find(({ name }) => name === MAIN_CONTAINER) ?? containers.find(({ init }) => !init);

/** A pod without a node and a container that waits to be created have no log yet; one that waits to be started again has that of its last run. */
function hasLog(pod: Pod): boolean {
  const container = containerOf(pod);
  return (
    pod.node !== undefined &&
    container !== undefined &&
    (container.state === 'running' || container.state === 'terminated' || container.restarts > 0)
  );
}

/** Leaves out the lines that are held already: the server begins at a whole second, or repeats the last moment. */
function onlyNew(last: LogBuffer['lastStamp']): (lines: readonly LogLine[]) => readonly LogLine[] {
  if (last === undefined) return (lines) => lines;
  /** Lines of the last moment that are still to be repeated; below 0: the news began. */
  let repeated = last.lines;
  return (lines) => {
    if (repeated < 0) return lines;
    const from = lines.findIndex(({ at }) => at > last.at || (at === last.at && (repeated -= 1) < 0));
    if (from === -1) return [];
    repeated = -1;
    return lines.slice(from);
  };
}

const startOf = (pod: Pod): number => containerOf(pod)?.startedAt ?? 0;

/** The followed log of one pod. */
export class LogStream {
  /** The pod was deleted: its log can only be read to the end. */
  podGone = false;
  #ended = false;
  #done: Promise<void> = Promise.resolve();
  readonly #context: FeedContext;
  readonly #store: LogStore;
  readonly #name: string;
  readonly #options: LogStreamOptions;
  readonly #source: ReturnType<typeof sourceTeller>;
  /** Of the stream that runs. */
  #running: Lifetime | undefined;
  /** When the container began whose log was followed last; undefined: none was. */
  #followed: number | undefined;
  #stopped = false;

  constructor(context: FeedContext, store: LogStore, name: string, options: LogStreamOptions) {
    this.#context = context;
    this.#store = store;
    this.#name = name;
    this.#options = options;
    this.#source = sourceTeller(`log:${name}`, context.teller, context.clock);
  }

  /** The log is read to its end, and its container does not run. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Resolves when the stream that runs has ended. */
  get done(): Promise<void> {
    return this.#done;
  }

  get running(): boolean {
    return this.#running !== undefined;
  }

  /** There is something to follow that is not followed: a container that was not followed in this life of it. */
  due(pod: Pod): boolean {
    if (this.running || this.podGone || !hasLog(pod)) return false;
    return this.#followed === undefined || this.#stopped || (startOf(pod) !== this.#followed && containerOf(pod)?.state !== 'waiting');
  }

  start(pod: Pod): void {
    const { signal } = this.#context;
    this.#followed = startOf(pod);
    this.#stopped = false;
    this.#ended = false;
    const own = lifetime(signal);
    this.#running = own;
    if (this.#store.get(this.#name) === undefined) this.#store.open(this.#name);
    this.#options.changed();
    this.#done = this.#follow(containerOf(pod)?.name, own.signal).finally(() => {
      if (this.#running === own) this.#running = undefined;
      this.#options.changed();
      if (!signal.aborted) this.#options.ended();
    });
  }

  stop(): void {
    if (this.#running === undefined) return;
    this.#stopped = true;
    this.#running.end();
  }

  /** What could not be followed (it was denied, or the pod is another one of the same name) is due again. */
  renew(): void {
    if (!this.running && !this.#ended) this.#followed = undefined;
  }

  async #follow(container: string | undefined, signal: AbortSignal): Promise<void> {
    const { kubernetes, clock } = this.#context;
    try {
      await kubernetes.followLog(this.#request(container), this.#sink(), signal);
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      const problem = toProblem(error);
      this.#ended = problem.kind === 'not-found';
      if (this.#ended) return;
      this.#source.failed(problem, clock.now() + retryMs);
      await clock.sleep(retryMs, signal).catch(() => undefined);
      this.#followed = undefined;
    }
  }

  /** From the last line that is held on; the first time, the last lines of the pod. */
  #request(container: string | undefined): LogRequest {
    const since = this.#store.get(this.#name)?.lastStamp?.at;
    const { tailLines } = this.#options;
    return {
      namespace: this.#context.target.namespace,
      pod: this.#name,
      ...(container === undefined ? {} : { container }),
      ...(since !== undefined ? { since } : tailLines === undefined ? {} : { tailLines }),
    };
  }

  #sink(): LogSink {
    const fresh = onlyNew(this.#store.get(this.#name)?.lastStamp);
    return {
      lines: (lines) => {
        const news = fresh(lines);
        if (news.length === 0) return;
        this.#store.append(this.#name, news);
        this.#options.changed();
      },
      status: (status) => {
        if (status.state === 'ended') this.#ended = true;
        else if (status.state === 'denied' && stateOf(status.problem) === 'denied')
          this.#source.status({ ...status, nextTryAt: this.#options.refused() });
        else this.#source.status(status);
        if (status.state === 'live') this.#options.opened();
      },
    };
  }
}
