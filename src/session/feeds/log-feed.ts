import { Problem } from '../../support/problem.ts';
import type { Instant } from '../../support/clock.ts';
import { timelineEntry } from '../draft.ts';
import { LogStore, type LogStoreOptions } from '../logs/log-store.ts';
import { logReader } from '../logs/log-reader.ts';
import { createLogView } from '../logs/log-view.ts';
import { HeldTemplates } from '../logs/template-reading.ts';
import type { ContainerOfPod } from '../log-state.ts';
import type { ContainerLog, EarlierLines, KeptLines, LogReader, LogView, Pod, SessionLogs } from '../types.ts';
import type { TemplateReading } from '../../inside/log/templates/reading.ts';
import { defaultBounds } from '../logs/log-buffer.ts';
import { containerLog } from './container-log.ts';
import type { FeedContext } from './context.ts';
import { earlierLines } from './earlier-lines.ts';
import { keptLines } from './kept-lines.ts';
import { KeptLogs, type KeptLogsOptions } from './kept-logs.ts';
import { logCounters, type LogCounters } from './log-counters.ts';
import { byRank, nextRound } from './log-ranking.ts';
import { logInterruptions } from './log-interruptions.ts';
import { logRefusals, type LogRefusals } from './log-refusals.ts';
import { LogStream } from './log-stream.ts';
import type { PodListener } from './pods-feed.ts';
import { type RecalledLogs, recalledLogs } from './recalled-logs.ts';
import { rounds, type Rounds } from './rounds.ts';

export interface LogFeedOptions extends LogStoreOptions {
  /** How many logs to follow at the same time, a connection each. Default 100. */
  readonly streams?: number;
  /** Follow each pod as it is seen. Default true. */
  readonly automatic?: boolean;
  /** How many lines to start with if a pod is older than the session. Default 2,000. */
  readonly tailLines?: number;
  /** Where to keep the followed logs on disk; undefined: they are not kept. */
  readonly kept?: KeptLogsOptions | undefined;
}

/** The log of one pod, kept after its end. */
interface Entry {
  pod: Pod;
  /** The user wants it, or every pod is followed. */
  wanted: boolean;
  asked: number;
  readonly stream: LogStream;
}

/** Kubernetes cuts the time at which a pod was created to whole seconds: one of the second in which drey began may be new. */
const stampMs = 1_000;

/** Follows the logs of pods within a limit of streams, those requested by the user first; keeps the lines of pods that are gone. */
export class LogFeed implements SessionLogs, PodListener {
  readonly reader: LogReader;
  readonly kept: KeptLines | undefined;
  readonly #context: FeedContext;
  readonly #options: Required<Pick<LogFeedOptions, 'streams' | 'automatic' | 'tailLines'>>;
  readonly #lines: LogStore;
  readonly #entries = new Map<string, Entry>();
  /** Entries whose stream is running. */
  readonly #active = new Set<Entry>();
  /** Requested before the pod was seen. */
  readonly #early = new Set<string>();
  readonly #refusals: LogRefusals;
  readonly #counters: LogCounters;
  readonly #interruptions: ReturnType<typeof logInterruptions>;
  readonly #rounds: Rounds;
  readonly #keptLogs: KeptLogs | undefined;
  readonly #recalled: RecalledLogs;
  readonly #beganAt: Instant;
  /** The templates that were looked at last. */
  #templates: { readonly of: string; readonly reading: TemplateReading } | undefined;
  #asks = 0;
  #saidFull = false;
  #listing = new Set<string>();
  /** All pods are listed. Until then it is unknown which logs come first, so only requested ones are followed. */
  #complete = false;

  constructor(context: FeedContext, { streams = 100, automatic = true, tailLines = 2_000, kept, ...store }: LogFeedOptions = {}) {
    this.#context = context;
    this.#options = { streams, automatic, tailLines };
    this.#lines = new LogStore(store);
    this.reader = logReader(this.#lines, context.store.get);
    this.#keptLogs = kept === undefined ? undefined : new KeptLogs(context, kept);
    this.kept = this.#keptLogs === undefined ? undefined : keptLines(context, this.#keptLogs, this.#lines);
    this.#refusals = logRefusals(context.clock);
    this.#interruptions = logInterruptions(context);
    this.#counters = logCounters(
      context,
      this.#lines,
      (name) => this.#entries.get(name)?.stream.ended ?? true,
      () => this.#forget(),
    );
    const { maxLines } = store.bounds ?? defaultBounds;
    this.#recalled = recalledLogs(context, this.#keptLogs, this.#lines, maxLines, (name) => this.#counters.changed(name));
    this.#rounds = rounds(() => this.#arrange(), context.clock, context.signal);
    this.#beganAt = context.clock.now();
  }

  listed(pods: readonly Pod[], { first, last }: { readonly first: boolean; readonly last: boolean }): void {
    if (first) this.#listing = new Set();
    for (const { name } of pods) this.#listing.add(name);
    this.#see(pods);
    if (!last) return;
    this.#lose([...this.#entries.keys()].filter((name) => !this.#listing.has(name)));
    this.#complete = true;
    this.#rounds.soon();
  }

  seen(pods: readonly Pod[]): void {
    const seen = this.#see(pods);
    // With thousands of pods all slots are taken: look at all of them only for a pod that can displace another.
    const full = this.#active.size >= this.#options.streams;
    const matters = ({ pod, asked, stream }: Entry): boolean => stream.due(pod) && (!full || asked > 0 || pod.role === 'jobmanager');
    if (seen.some(matters)) this.#rounds.soon();
  }

  gone(pods: readonly Pod[]): void {
    this.#lose(pods.map(({ name }) => name));
  }

  follow(name: string): void {
    const entry = this.#entries.get(name);
    if (entry === undefined) {
      this.#early.add(name);
      return;
    }
    this.#ask(entry);
    this.#refusals.forget(name);
    entry.stream.renew();
  }

  unfollow(name: string): void {
    this.#early.delete(name);
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    entry.wanted = false;
    entry.asked = 0;
    entry.stream.stop();
  }

  view(pods: readonly string[] | 'all', { wanted, timeline = true, until }: Parameters<SessionLogs['view']>[1] = {}): LogView {
    this.#lookAt(pods);
    const names = pods === 'all' ? (): Iterable<string> => this.#lines.names : pods;
    return createLogView({
      store: this.#lines,
      session: this.#context.store.get,
      clock: this.#context.clock,
      pods: names,
      wanted,
      timeline,
      until,
    });
  }

  templates(pods: readonly string[] | 'all'): TemplateReading {
    const of = pods === 'all' ? pods : pods.join(' ');
    if (this.#templates?.of === of) return this.#templates.reading;
    this.#lookAt(pods);
    const reading = new HeldTemplates({
      store: this.#lines,
      clock: this.#context.clock,
      reader: this.reader,
      pods: () => (pods === 'all' ? this.#lines.names : pods),
    });
    this.#templates = { of, reading };
    return reading;
  }

  /** A log that is looked at is followed, unless the user stopped following it. */
  #lookAt(pods: readonly string[] | 'all'): void {
    if (pods === 'all') return;
    this.#lines.select(pods);
    for (const name of pods) {
      this.#recalled.recall(name);
      const entry = this.#entries.get(name);
      if (entry?.wanted === true && !entry.stream.running) this.#ask(entry);
    }
    this.#rounds.soon();
  }

  earlier(pods: readonly string[] | 'all'): Promise<EarlierLines> {
    const names = pods === 'all' ? [...this.#lines.names] : pods;
    const logs = names.map((name) => ({ name, held: this.#lines.get(name), beganWith: this.#entries.get(name)?.stream.beganWith }));
    return earlierLines(logs, this.#keptLogs, this.#context.signal);
  }

  container(which: ContainerOfPod, changed: () => void): ContainerLog {
    return containerLog(this.#context, which, changed);
  }

  /** How the lines are written, once that is known. */
  readBy(patterns: readonly string[]): void {
    this.#lines.readBy(patterns);
    // Levels and messages may be others now.
    this.#templates = undefined;
  }

  async flush(): Promise<void> {
    await this.#keptLogs?.flush();
  }

  /** Retries denied logs. */
  retry(): void {
    this.#refusals.forget();
    for (const { stream } of this.#entries.values()) stream.renew();
    this.#rounds.soon();
  }

  /** Resolves once every stream has ended. */
  async idle(): Promise<void> {
    await Promise.allSettled([...this.#entries.values()].map(({ stream }) => stream.done));
    await this.#recalled.idle();
    this.#counters.flush();
    await this.#keptLogs?.[Symbol.asyncDispose]();
  }

  #ask(entry: Entry): void {
    entry.wanted = true;
    entry.asked = this.#asks += 1;
    this.#rounds.soon();
  }

  #see(pods: readonly Pod[]): readonly Entry[] {
    return pods.map((pod) => {
      const entry = this.#entries.get(pod.name) ?? this.#open(pod);
      if (entry.pod.uid !== pod.uid) {
        entry.stream.podGone = false;
        entry.stream.renew();
      }
      entry.pod = pod;
      if (this.#early.delete(pod.name)) this.#ask(entry);
      return entry;
    });
  }

  #open(pod: Pod): Entry {
    const stream = new LogStream(this.#context, this.#lines, pod.name, {
      tailLines: (pod.createdAt ?? 0) + stampMs <= this.#beganAt ? this.#options.tailLines : undefined,
      kept: this.#keptLogs,
      changed: () => this.#counters.changed(pod.name),
      opened: () => this.#opened(entry),
      resumed: (from) => this.#interruptions.resumed(entry.pod, from),
      missing: (from, to) => this.#interruptions.missing(entry.pod, from, to),
      refused: () => this.#refused(entry),
      ended: () => {
        this.#active.delete(entry);
        this.#rounds.soon();
      },
    });
    const entry: Entry = { pod, wanted: this.#options.automatic, asked: 0, stream };
    this.#entries.set(pod.name, entry);
    return entry;
  }

  #lose(names: readonly string[]): void {
    for (const name of names) {
      const entry = this.#entries.get(name);
      if (entry === undefined || entry.stream.podGone) continue;
      entry.stream.podGone = true;
      if (!entry.stream.running && this.#lines.get(name) === undefined) this.#entries.delete(name);
      else this.#counters.changed(name);
    }
  }

  /** Drops the lines of pods that the session no longer remembers. */
  #forget(): void {
    const { pods, gone } = this.#context.store.get();
    if (this.#entries.size <= pods.size + gone.length) return;
    const remembered = new Set(gone.map(({ name }) => name));
    for (const [name, { stream }] of this.#entries) {
      if (pods.has(name) || remembered.has(name) || stream.running || !stream.podGone) continue;
      this.#entries.delete(name);
      this.#lines.forget(name);
    }
  }

  /** Starts wanted logs that can be followed, within the limit. */
  #arrange(): void {
    if (this.#context.signal.aborted) return;
    const { waiting, refused } = this.#due();
    this.#probe(refused);
    const { start, stop, rest } = nextRound(waiting, [...this.#active], this.#options.streams);
    for (const entry of stop) entry.stream.stop();
    for (const entry of start) this.#start(entry);
    if (rest === 'more') this.#rounds.soon();
    else if (rest !== 'none') this.#sayFull(rest, waiting.length - start.length);
  }

  /** Logs that are wanted but not followed: some wait for a slot, some were refused and should be retried. */
  #due(): { readonly waiting: readonly Entry[]; readonly refused: Entry[] } {
    const waiting: Entry[] = [];
    const refused: Entry[] = [];
    for (const entry of this.#entries.values()) {
      if (!entry.wanted || (entry.asked === 0 && !this.#complete) || !entry.stream.due(entry.pod)) continue;
      const verdict = this.#refusals.verdict(entry.pod.name, entry.asked > 0);
      if (verdict === 'later') this.#rounds.at(this.#refusals.dueAt(entry.pod.name));
      else (verdict === 'place' ? waiting : refused).push(entry);
    }
    return { waiting, refused };
  }

  /** Does not count towards the limit: a refused log takes a slot only once it can be read. */
  #probe(refused: Entry[]): void {
    refused.sort((a, b) => this.#refusals.order(a.pod.name, b.pod.name) || byRank(a, b));
    for (const entry of refused) {
      if (entry.asked > 0 || this.#refusals.takeTry()) this.#start(entry);
      else this.#rounds.at(this.#refusals.nextRound);
    }
  }

  #start(entry: Entry): void {
    this.#active.add(entry);
    entry.stream.start(entry.pod);
  }

  /** The log can be read: it may displace the last one, or unblock others that were refused along with it. */
  #opened({ pod }: Entry): void {
    const othersMay = this.#refusals.opened(pod.name);
    if (this.#active.size > this.#options.streams) [...this.#active].sort(byRank).at(-1)?.stream.stop();
    else if (othersMay) this.#rounds.soon();
  }

  /** The log may not be read: another one gets its slot, and it is retried later. */
  #refused({ pod, stream }: Entry): Instant {
    const nextTryAt = this.#refusals.refused(pod.name);
    stream.stop();
    return nextTryAt;
  }

  #sayFull({ asked, pod }: Entry, waiting: number): void {
    const { queue, clock } = this.#context;
    const { streams } = this.#options;
    const at = clock.now();
    if (asked > 0) {
      const hint = 'Stop following another log first.';
      const problem = new Problem('unavailable', `The log of ${pod.shortName} is not followed: ${streams} other logs are.`, { hint });
      const status = { state: 'lost', since: at, dataAt: undefined, nextTryAt: undefined, problem } as const;
      queue.tell({ kind: 'source', at, source: `log:${pod.name}`, status });
    }
    if (this.#saidFull) return;
    this.#saidFull = true;
    const text = `${streams} logs are followed, ${waiting} are not: a log is followed when it is opened`;
    queue.tell({ kind: 'timeline', at, line: timelineEntry(at, 'drey', 'warn', undefined, text) });
  }
}
