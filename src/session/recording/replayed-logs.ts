import { mainContainer } from '../../native/main-container.ts';
import type { LogLine } from '../../kubernetes/model/types.ts';
import { podFolder } from '../../spool/places.ts';
import { readSpool } from '../../spool/reader.ts';
import type { Clock, Instant } from '../../support/clock.ts';
import { isAbort, type Problem, toProblem } from '../../support/problem.ts';
import { lifetime } from '../../support/waiting.ts';
import { turnOver } from '../../support/turns.ts';
import type { ContainerLogState, ContainerOfPod } from '../log-state.ts';
import { logReader } from '../logs/log-reader.ts';
import { LogStore } from '../logs/log-store.ts';
import { createLogView } from '../logs/log-view.ts';
import { HeldTemplates } from '../logs/template-reading.ts';
import type { ContainerLog, LogReader, LogView, Session, SessionLogs, ViewOptions } from '../types.ts';
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
}

/** Lines of a pod before the moment that is shown: more than a screen scrolls through, and quick to read. */
const mostLines = 10_000;

/** The logs of one moment. */
interface LogsThen {
  readonly at: Instant | undefined;
  readonly lines: LogStore;
  readonly asked: Set<string>;
}

/** The logs of a recording. Nothing is followed: what was kept of a pod up to the moment that is shown is read when it is looked at. */
export class ReplayedLogs implements SessionLogs {
  readonly #options: ReplayedLogsOptions;
  #then: LogsThen | undefined;
  #templates: { readonly of: string; readonly logs: LogsThen; readonly reading: TemplateReading } | undefined;

  constructor(options: ReplayedLogsOptions) {
    this.#options = options;
  }

  get reader(): LogReader {
    return logReader(this.#now().lines, this.#options.session);
  }

  follow(): void {}

  unfollow(): void {}

  view(pods: readonly string[] | 'all', options: ViewOptions = {}): LogView {
    const { session, clock } = this.#options;
    const { lines } = this.#lookAt(pods);
    return createLogView({ store: lines, session, clock, pods: pods === 'all' ? () => lines.names : pods, ...options });
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

  container({ pod, container }: ContainerOfPod, changed: () => void): ContainerLog {
    const { session, clock, signal } = this.#options;
    const lines = new LogStore();
    lines.readBy(session().logPatterns);
    lines.open(pod);
    const reading = lifetime(signal);
    let state: ContainerLogState = { kind: 'connecting' };
    const become = (next: ContainerLogState): void => {
      state = next;
      if (!reading.signal.aborted) changed();
    };
    this.#linesOf(pod, container, reading.signal).then(
      (found) => {
        lines.append(pod, found);
        become(found.length > 0 ? { kind: 'ended' } : { kind: 'broken', reason: `The log of container ${container} was not recorded.` });
      },
      (error: unknown) => {
        if (!isAbort(error)) become({ kind: 'broken', reason: toProblem(error).message });
      },
    );
    return {
      pod,
      container,
      get state() {
        return state;
      },
      view: (options) => createLogView({ store: lines, session, clock, pods: [pod], timeline: true, ...options }),
      [Symbol.dispose]: reading.end,
    };
  }

  /** Those of the moment that is shown. */
  #now(): LogsThen {
    const { past: at, logPatterns } = this.#options.session();
    if (this.#then === undefined || this.#then.at !== at) {
      this.#then = { at, lines: new LogStore(), asked: new Set() };
      this.#then.lines.readBy(logPatterns);
    }
    return this.#then;
  }

  #lookAt(pods: readonly string[] | 'all'): LogsThen {
    const then = this.#now();
    const { pods: alive, gone } = this.#options.session();
    const names = pods === 'all' ? [...gone.map(({ name }) => name), ...alive.keys()] : pods;
    const fresh = names.filter((name) => !then.asked.has(name));
    for (const name of fresh) then.asked.add(name);
    if (fresh.length > 0) void this.#read(fresh, then);
    return then;
  }

  async #read(names: readonly string[], then: LogsThen): Promise<void> {
    const { session, signal, changed, report } = this.#options;
    try {
      for (const name of names) {
        const pod = podNamed(session(), name);
        const container = pod === undefined ? undefined : mainContainer(pod)?.name;
        const lines = container === undefined ? [] : await this.#linesOf(name, container, signal);
        // Meanwhile another moment may be shown.
        if (this.#then !== then) return;
        if (lines.length === 0) continue;
        then.lines.append(name, lines);
        changed();
        await turnOver();
      }
    } catch (error) {
      if (!isAbort(error)) report(toProblem(error));
    }
  }

  /** The last lines of a container up to the moment that is shown. */
  async #linesOf(name: string, container: string, signal: AbortSignal): Promise<readonly LogLine[]> {
    const { folder, session } = this.#options;
    const { past } = session();
    const pod = podNamed(session(), name);
    if (pod === undefined) return [];
    const batches: (readonly LogLine[])[] = [];
    let count = 0;
    for await (const { lines } of readSpool({ folder: podFolder(folder, pod.uid), container, to: past, backwards: true, signal })) {
      batches.push(lines);
      count += lines.length;
      if (count >= mostLines) break;
    }
    return batches.toReversed().flat().slice(-mostLines);
  }
}

const podNamed = ({ pods, gone }: Session, name: string) => pods.get(name) ?? gone.findLast((pod) => pod.name === name);
