import type { LogLine, LogRequest, LogSink, StreamStatus } from '../../kubernetes/model/types.ts';
import { hasLog, mainContainer } from '../../native/main-container.ts';
import type { Instant } from '../../support/clock.ts';
import { isAbort, toProblem } from '../../support/problem.ts';
import { lifetime, type Lifetime } from '../../support/waiting.ts';
import type { LogBuffer } from '../logs/log-buffer.ts';
import type { LogStore } from '../logs/log-store.ts';
import type { Pod } from '../types.ts';
import type { FeedContext } from './context.ts';
import type { KeptLogs } from './kept-logs.ts';
import { sourceReporter, stateOf } from './source-status.ts';

export interface LogStreamOptions {
  /** How many lines to start with; undefined: all. */
  readonly tailLines: number | undefined;
  /** Where the lines are kept on disk; undefined: they are not. */
  readonly kept: KeptLogs | undefined;
  /** Lines arrived, or the log ended. */
  changed(): void;
  /** The server allows reading it. */
  opened(): void;
  /** It goes on after it was not heard from this moment on. */
  resumed(from: Instant): void;
  /** Lines between these moments may be missing. */
  missing(from: Instant, to: Instant): void;
  /** The server refuses; returns when to try again. */
  refused(): Instant;
  /** Its slot is free. */
  ended(): void;
}

/** Pause before the next try, after an error outside the stream itself. */
const retryMs = 10_000;

/**
 * A log that was kept until this long ago goes on where it ended; what was written since may be too much to read, and is then left out as
 * in a log that was not kept.
 */
const resumedMs = 60 * 60_000;

/** The kubelet says in whole seconds when a container started. */
const startMs = 1_000;

/**
 * Something of the run before the one that is followed may still be there, and is not held: the lines that are held end before this one
 * started. Of a container that waits, the run before is the one followed.
 */
function lacksRunBefore(pod: Pod, heldUntil: Instant | undefined): boolean {
  const container = mainContainer(pod);
  if (container === undefined || container.restarts === 0 || container.state === 'waiting') return false;
  return heldUntil === undefined || heldUntil < (container.startedAt ?? 0) + startMs;
}

/**
 * Leaves out lines that are already held: the server starts at a whole second, or repeats the last moment. `missing`: that moment is no
 * longer there, and lines after it may be missing.
 */
function onlyNew(last: LogBuffer['lastStamp'], missing: LogStreamOptions['missing']): (lines: readonly LogLine[]) => readonly LogLine[] {
  if (last === undefined) return (lines) => lines;
  /** Lines of the last moment still to be repeated; below 0: new lines have begun. */
  let repeated = last.lines;
  return (lines) => {
    if (repeated < 0) return lines;
    const from = lines.findIndex(({ at }) => at > last.at || (at === last.at && (repeated -= 1) < 0));
    const next = lines[from];
    if (next === undefined) return [];
    if (repeated === last.lines) missing(last.at, next.at);
    repeated = -1;
    return lines.slice(from);
  };
}

const startOf = (pod: Pod): number => mainContainer(pod)?.startedAt ?? 0;

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
  readonly #source: ReturnType<typeof sourceReporter>;
  /** Belongs to the running stream. */
  #running: Lifetime | undefined;
  /** When the last followed container started; undefined: none was followed. */
  #followed: number | undefined;
  #stopped = false;
  /** When its last lines were asked for; undefined: all were, or those after the last one that is held. */
  #tailFrom: Instant | undefined;
  /** When the server of a log that was read was last heard; undefined: it is heard, or never was. */
  #unheardFrom: Instant | undefined;
  #isHeard = false;

  constructor(context: FeedContext, store: LogStore, name: string, options: LogStreamOptions) {
    this.#context = context;
    this.#store = store;
    this.#name = name;
    this.#options = options;
    this.#source = sourceReporter(`log:${name}`, context.queue, context.clock);
  }

  /** The log was read to its end, and its container is not running. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Resolves once the running stream has ended. */
  get done(): Promise<void> {
    return this.#done;
  }

  get running(): boolean {
    return this.#running !== undefined;
  }

  /** The log was read from its last lines on, this many, and others are before them; undefined: from its first one on, or from the disk. */
  get beganWith(): number | undefined {
    const { tailLines } = this.#options;
    const log = this.#store.get(this.#name);
    if (this.#tailFrom === undefined || tailLines === undefined || log === undefined || log.next < tailLines) return undefined;
    // Once its first lines fell out, what is before them is what fell out.
    return log.first === 0 && log.stamp(tailLines - 1) < this.#tailFrom ? tailLines : undefined;
  }

  /** There is a log to follow: the container has not been followed since its last start. */
  due(pod: Pod): boolean {
    if (this.running || this.podGone || !hasLog(pod)) return false;
    return this.#followed === undefined || this.#stopped || (startOf(pod) !== this.#followed && mainContainer(pod)?.state !== 'waiting');
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
    this.#done = this.#follow(pod, own.signal).finally(() => {
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

  /** A log that could not be followed (it was denied, or the pod is another one of the same name) should be retried. */
  renew(): void {
    if (!this.running && !this.#ended) this.#followed = undefined;
  }

  async #follow(pod: Pod, signal: AbortSignal): Promise<void> {
    const { kubernetes, clock } = this.#context;
    const container = mainContainer(pod)?.name;
    try {
      if (container !== undefined) await this.#recall(pod, container);
      signal.throwIfAborted();
      const request = this.#request(container);
      const sink = this.#sink(pod, container);
      if (lacksRunBefore(pod, request.since)) await this.#readPrevious(request, sink, signal);
      await kubernetes.followLog(request, sink, signal);
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

  /** A log that was kept a moment ago goes on from there: no line in between is missing. */
  async #recall(pod: Pod, container: string): Promise<void> {
    const { kept, tailLines } = this.#options;
    if (kept === undefined || tailLines === undefined || this.#store.get(this.#name)?.lastStamp !== undefined) return;
    this.#store.append(this.#name, await kept.lastLines(pod, container, tailLines, this.#context.clock.now() - resumedMs));
  }

  /**
   * The last lines of the run before, or what is not held of it, stand in front of the one that is followed. If they cannot be read, only the
   * latter is shown.
   */
  async #readPrevious(request: LogRequest, { lines }: LogSink, signal: AbortSignal): Promise<void> {
    using reading = lifetime(signal);
    const status: LogSink['status'] = ({ state }) => {
      if (state !== 'connecting' && state !== 'live' && state !== 'ended') reading.end();
    };
    await this.#context.kubernetes.followLog({ ...request, previous: true }, { lines, status }, reading.signal);
    signal.throwIfAborted();
  }

  /** From the last held line on; the first time, the last lines of the pod. */
  #request(container: string | undefined): LogRequest {
    const since = this.#store.get(this.#name)?.lastStamp?.at;
    const { tailLines } = this.#options;
    if (since === undefined && tailLines !== undefined) this.#tailFrom = this.#context.clock.now();
    return {
      namespace: this.#context.target.namespace,
      pod: this.#name,
      container,
      ...(since !== undefined ? { since } : tailLines === undefined ? {} : { tailLines }),
    };
  }

  #sink(pod: Pod, container: string | undefined): LogSink {
    const { kept, missing } = this.#options;
    const fresh = onlyNew(this.#store.get(this.#name)?.lastStamp, missing);
    return {
      lines: (lines) => {
        const news = fresh(lines);
        if (news.length === 0) return;
        this.#store.append(this.#name, news);
        if (container !== undefined) kept?.append(pod, container, news);
        this.#options.changed();
      },
      status: (status) => {
        this.#notice(status);
        if (status.state === 'ended') {
          this.#ended = true;
          if (container !== undefined) kept?.end(pod, container);
        } else if (status.state === 'denied' && stateOf(status.problem) === 'denied')
          this.#source.status({ ...status, nextTryAt: this.#options.refused() });
        else this.#source.status(status);
        if (status.state === 'live') this.#options.opened();
      },
      missing,
    };
  }

  /** Notices when a log that was read breaks, and when it goes on. */
  #notice(status: StreamStatus | { readonly state: 'ended' }): void {
    if (status.state === 'connecting') return;
    if (status.state === 'live') {
      if (this.#unheardFrom !== undefined) this.#options.resumed(this.#unheardFrom);
      this.#unheardFrom = undefined;
    } else if (this.#isHeard && status.state !== 'ended')
      this.#unheardFrom = status.state === 'stale' ? status.heardAt : this.#context.clock.now();
    this.#isHeard = status.state === 'live';
  }
}
