import { podNamed } from '../../causes/failure.ts';
import { mainContainer } from '../../native/main-container.ts';
import type { LogLine } from '../../kubernetes/model/types.ts';
import { podFolder } from '../../spool/places.ts';
import { readSpool } from '../../spool/reader.ts';
import type { Clock, Instant } from '../../support/clock.ts';
import { isAbort, type Problem, toProblem } from '../../support/problem.ts';
import { turnOver } from '../../support/turns.ts';
import type { ContainerOfPod } from '../log-state.ts';
import { logReader } from '../logs/log-reader.ts';
import { LogStore } from '../logs/log-store.ts';
import { createLogView } from '../logs/log-view.ts';
import { separateLog } from '../logs/separate-log.ts';
import { HeldTemplates } from '../logs/template-reading.ts';
import type { ContainerLog, EarlierLines, LogReader, LogView, Session, SessionLogs, ViewOptions } from '../types.ts';
import type { TemplateReading } from '../../inside/log/templates/reading.ts';

export interface ReplayedLogsOptions {
  /** The logs of a cluster, as in a spool. */
  readonly folder: string;
  /** The session that is shown. */
  readonly session: () => Session;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Something was read. */
  readonly changed: () => void;
  /** It cannot be read. */
  readonly report: (problem: Problem) => void;
  /** Writes what is still to be written there. */
  readonly flush?: () => Promise<void>;
}

/** Lines of a pod before the moment that is shown: more than a screen scrolls through, and quick to read. */
const mostLines = 10_000;

/** While the past is played, lines are read this often; what lies further ahead is another moment. */
const onMs = 500;
const aheadMs = 10 * 60_000;

/** The logs of one moment, which goes on while the past is played. */
interface LogsThen {
  at: Instant;
  readonly number: number;
  readonly lines: LogStore;
  readonly asked: Set<string>;
  /** By pod: up to which moment its lines were read. */
  readonly read: Map<string, Instant>;
  working: Promise<void> | undefined;
}

const dueIn = ({ at, asked, read }: LogsThen): readonly string[] => [...asked].filter((name) => read.get(name) !== at);

/** The logs of a recording. Nothing is followed: what was kept of a pod up to the moment that is shown is read when it is looked at. */
export class ReplayedLogs implements SessionLogs {
  /** What is read is all that is shown. */
  readonly kept = undefined;
  readonly #options: ReplayedLogsOptions;
  #then: LogsThen | undefined;
  #templates: { readonly of: string; readonly logs: LogsThen; readonly reading: TemplateReading } | undefined;

  constructor(options: ReplayedLogsOptions) {
    this.#options = options;
  }

  get reader(): LogReader {
    return logReader(this.#now().lines, this.#options.session);
  }

  /** Of the moment that is shown: views that were made for another one have other lines. */
  get moment(): number {
    return this.#now().number;
  }

  /** Resolves once the lines of these logs are read. */
  async read(pods: readonly string[] | 'all'): Promise<void> {
    const then = this.#lookAt(pods);
    while (then === this.#then && then.working !== undefined && [...then.asked].some((name) => !then.read.has(name))) await then.working;
  }

  follow(): void {}

  unfollow(): void {}

  earlier(): Promise<EarlierLines> {
    return Promise.resolve({ kept: undefined, fellOut: 0, beganWith: undefined });
  }

  view(pods: readonly string[] | 'all', options: ViewOptions = {}): LogView {
    const { session, clock } = this.#options;
    const then = this.#lookAt(pods);
    const { lines, asked, read } = then;
    return createLogView({
      store: lines,
      session,
      clock,
      pods: pods === 'all' ? () => lines.names : pods,
      reading: () => asked.size > read.size,
      ...options,
      // None is read that is later, and the moment goes on while the past is played.
      until: undefined,
    });
  }

  templates(pods: readonly string[] | 'all'): TemplateReading {
    const of = pods === 'all' ? pods : pods.join(' ');
    const logs = this.#lookAt(pods);
    if (this.#templates?.of === of && this.#templates.logs === logs) return this.#templates.reading;
    const reading = new HeldTemplates({
      store: logs.lines,
      clock: this.#options.clock,
      reader: this.reader,
      pods: () => (pods === 'all' ? logs.lines.names : pods),
    });
    this.#templates = { of, logs, reading };
    return reading;
  }

  container(of: ContainerOfPod, changed: () => void): ContainerLog {
    return separateLog(of, { ...this.#options, changed }, async ({ append, become, signal }) => {
      const { pod, container } = of;
      const found = await this.#linesOf(pod, container, signal);
      append(found);
      become(found.length > 0 ? { kind: 'ended' } : { kind: 'broken', reason: `The log of container ${container} was not recorded.` });
    });
  }

  /** Those of the moment that is shown. */
  #now(): LogsThen {
    const { past: at = Infinity, logPatterns } = this.#options.session();
    const before = this.#then;
    if (before !== undefined && at >= before.at && (at === before.at || at - before.at <= aheadMs)) {
      before.at = at;
      this.#work(before);
      return before;
    }
    const number = (before?.number ?? 0) + 1;
    this.#then = { at, number, lines: new LogStore(), asked: new Set(), read: new Map(), working: undefined };
    this.#then.lines.readBy(logPatterns);
    return this.#then;
  }

  #lookAt(pods: readonly string[] | 'all'): LogsThen {
    const then = this.#now();
    const { pods: alive, gone } = this.#options.session();
    for (const name of pods === 'all' ? [...gone.map((pod) => pod.name), ...alive.keys()] : pods) then.asked.add(name);
    this.#work(then);
    return then;
  }

  #work(then: LogsThen): void {
    if (then.working !== undefined || dueIn(then).length === 0) return;
    const { signal, report } = this.#options;
    then.working = this.#readDue(then)
      .catch((error: unknown) => {
        // What cannot be read now is not tried again at this moment.
        for (const name of then.asked) then.read.set(name, then.at);
        if (!isAbort(error) && !signal.aborted) report(toProblem(error));
      })
      .finally(() => (then.working = undefined));
  }

  async #readDue(then: LogsThen): Promise<void> {
    const { session, clock, signal, changed, flush } = this.#options;
    await flush?.();
    for (let due = dueIn(then); due.length > 0 && this.#then === then; due = dueIn(then)) {
      const to = then.at;
      for (const name of due) {
        const pod = podNamed(name, session());
        const container = pod === undefined ? undefined : mainContainer(pod)?.name;
        const lines = container === undefined ? [] : await this.#linesOf(name, container, signal, { after: then.read.get(name), to });
        // Meanwhile another moment may be shown.
        if (this.#then !== then) return;
        then.read.set(name, to);
        if (lines.length > 0) then.lines.append(name, lines);
        changed();
        await turnOver();
      }
      if (then.at !== to && due.every((name) => then.read.has(name))) await clock.sleep(onMs, signal);
    }
  }

  /** The last lines of a container up to the moment that is shown, of those after another one. */
  async #linesOf(
    name: string,
    container: string,
    signal: AbortSignal,
    { after, to }: { readonly after?: Instant | undefined; readonly to: Instant } = { to: this.#options.session().past ?? Infinity },
  ): Promise<readonly LogLine[]> {
    const { folder, session } = this.#options;
    const pod = podNamed(name, session());
    if (pod === undefined) return [];
    const batches: (readonly LogLine[])[] = [];
    let count = 0;
    // Stamps are whole milliseconds.
    const from = after === undefined ? undefined : after + 1;
    for await (const { lines } of readSpool({ folder: podFolder(folder, pod.uid), container, from, to, backwards: true, signal })) {
      batches.push(lines);
      count += lines.length;
      if (count >= mostLines) break;
    }
    return batches.toReversed().flat().slice(-mostLines);
  }
}
