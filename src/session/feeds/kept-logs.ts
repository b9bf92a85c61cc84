import type { LogLine } from '../../kubernetes/model/types.ts';
import type { Instant } from '../../support/clock.ts';
import { isAbort, type Problem, toProblem } from '../../support/problem.ts';
import { turnOver } from '../../support/turns.ts';
import { mainContainer } from '../../native/main-container.ts';
import { gapText } from '../../spool/gap.ts';
import { readSpool, type SpooledPod, spooledPods } from '../../spool/reader.ts';
import { Spool } from '../../spool/spool.ts';
import { goneLimit, timelineEntry } from '../draft.ts';
import type { Pod, Session } from '../types.ts';
import type { FeedContext } from './context.ts';

export interface KeptLogsOptions {
  /** The folder for the logs of all clusters, and how it is shown. */
  readonly folder: string;
  readonly label: string;
}

/** A log on disk, and how it is called. */
export interface KeptLog {
  readonly folder: string;
  readonly container: string;
  readonly log: string;
}

/** A pod whose log is being kept, and what its record says. */
interface Recorded {
  readonly pod: Pod;
  readonly clusterUid: string | undefined;
  readonly gone: boolean;
}

/**
 * The followed logs on disk. Writes what comes, with what becomes of the pods, and finds the logs of pods that went in earlier sessions.
 */
export class KeptLogs implements AsyncDisposable {
  readonly #context: FeedContext;
  readonly #options: KeptLogsOptions;
  readonly #spool: Spool;
  /** By uid. */
  readonly #recorded = new Map<string, Recorded>();
  /** Pods of earlier sessions that are gone, by name. */
  #earlier: ReadonlyMap<string, SpooledPod> = new Map();
  readonly #unsubscribe: () => void;
  readonly #finding: Promise<void>;
  #fails = false;

  constructor(context: FeedContext, options: KeptLogsOptions) {
    this.#context = context;
    this.#options = options;
    const { store, target, clock } = context;
    const { folder } = options;
    this.#spool = new Spool({ folder, cluster: target, clock, report: (problem) => this.#report(problem) });
    this.#unsubscribe = store.subscribe((session, before) => {
      if (session.pods === before.pods && session.gone === before.gone && session.deployment === before.deployment) return;
      for (const { pod } of this.#recorded.values()) this.#record(pod, session);
    });
    this.#finding = this.#findEarlier();
  }

  /** Copies lines of the pod's followed container. */
  append(pod: Pod, container: string, lines: readonly LogLine[]): void {
    this.#spool.append(pod.uid, container, lines);
    if (this.#recorded.has(pod.uid)) return;
    this.#recorded.set(pod.uid, { pod, clusterUid: undefined, gone: false });
    this.#write({ pod, clusterUid: this.#context.store.get().deployment?.uid, gone: false });
  }

  /** The log has ended for good. */
  end(pod: Pod, container: string): void {
    this.#spool.end(pod.uid, container);
  }

  /** Resolves once what came so far is on disk, or cannot be written. */
  flush(): Promise<void> {
    return this.#spool.flush();
  }

  /** The pod went in an earlier session, and its log is kept. */
  hasEarlier(name: string): boolean {
    return this.#earlier.has(name);
  }

  /** The last lines of a pod of an earlier session, in their order. */
  async earlierLines(name: string, most: number): Promise<readonly LogLine[]> {
    const found = this.#earlierLog(name);
    return found === undefined ? [] : this.#last(found, most, undefined);
  }

  #earlierLog(name: string): KeptLog | undefined {
    const found = this.#earlier.get(name);
    const container = found === undefined ? undefined : (mainContainer(found.pod)?.name ?? found.containers[0]);
    return found === undefined || container === undefined ? undefined : { folder: found.folder, container, log: found.pod.shortName };
  }

  /** The logs of all pods that had this name, whether or not something is on disk. */
  logsOf(name: string): readonly KeptLog[] {
    const { pods, gone } = this.#context.store.get();
    const known = [...gone.filter((pod) => pod.name === name), ...(pods.has(name) ? [pods.get(name)] : [])];
    const logs = new Map<string, KeptLog>();
    const earlier = this.#earlierLog(name);
    if (earlier !== undefined) logs.set(earlier.folder, earlier);
    for (const pod of known) {
      const container = pod === undefined ? undefined : mainContainer(pod)?.name;
      if (pod === undefined || container === undefined) continue;
      const folder = this.#spool.podFolder(pod.uid);
      if (!logs.has(folder)) logs.set(folder, { folder, container, log: pod.shortName });
    }
    return [...logs.values()];
  }

  /**
   * The last lines of a container that still runs, for a log that is followed again; none if the last one is older than `since`: what was
   * written meanwhile may be too much to read.
   */
  async lastLines(pod: Pod, container: string, most: number, since: Instant): Promise<readonly LogLine[]> {
    const lines = await this.#last({ folder: this.#spool.podFolder(pod.uid), container, log: pod.shortName }, most, since);
    return (lines.at(-1)?.at ?? -Infinity) < since ? [] : lines;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#unsubscribe();
    await this.#finding;
    await this.#spool[Symbol.asyncDispose]();
  }

  /** What is missing among them becomes entries of the timeline, which stand between the lines. */
  async #last({ folder, container, log }: KeptLog, most: number, since: Instant | undefined): Promise<readonly LogLine[]> {
    const { signal, queue } = this.#context;
    const batches: (readonly LogLine[])[] = [];
    let count = 0;
    for await (const { lines, gaps } of readSpool({ folder, container, backwards: true, signal })) {
      batches.push(lines);
      count += lines.length;
      for (const gap of gaps)
        queue.tell({ kind: 'timeline', at: gap.to, line: timelineEntry(gap.to, 'drey', 'warn', undefined, gapText(gap, log)) });
      if (count >= most || (since !== undefined && (lines.at(-1)?.at ?? since) < since)) break;
      await turnOver();
    }
    return batches.toReversed().flat().slice(-most);
  }

  /** Writes what is new of the pod. */
  #record({ uid, name }: Pod, session: Session): void {
    const before = this.#recorded.get(uid);
    if (before === undefined) return;
    const alive = session.pods.get(name);
    const gone = alive?.uid === uid ? undefined : session.gone.findLast((each) => each.uid === uid);
    const pod = gone ?? (alive?.uid === uid ? alive : before.pod);
    const now: Recorded = { pod, clusterUid: session.deployment?.uid, gone: before.gone || gone !== undefined };
    if (pod !== before.pod || now.clusterUid !== before.clusterUid || now.gone !== before.gone) this.#write(now);
  }

  #write(recorded: Recorded): void {
    this.#recorded.set(recorded.pod.uid, recorded);
    this.#spool.record({ ...recorded, seenAt: this.#context.clock.now() });
  }

  /** Once it is known which pods there are and which cluster this is: pods that went in earlier sessions are told. */
  async #findEarlier(): Promise<void> {
    const { store, signal, queue, clock } = this.#context;
    try {
      const { deployment } = await store.until(isSettled, signal);
      const found = await spooledPods(this.#spool.folder, deployment?.uid);
      const { pods } = store.get();
      const earlier = found.filter(({ pod }) => pods.get(pod.name)?.uid !== pod.uid).slice(-goneLimit);
      if (earlier.length === 0) return;
      this.#earlier = new Map(earlier.map((each) => [each.pod.name, each]));
      queue.tell({ kind: 'pods-kept', at: clock.now(), pods: earlier.map(({ pod, gone }) => ({ pod, gone })) });
    } catch (error) {
      if (isAbort(error)) return;
      const { message } = toProblem(error);
      const text = `The logs of earlier sessions cannot be read: ${message}`;
      queue.tell({ kind: 'timeline', at: clock.now(), line: timelineEntry(clock.now(), 'drey', 'warn', undefined, text) });
    }
  }

  /** Undefined: the disk can be written. */
  #report(problem: Problem | undefined): void {
    const { queue, clock } = this.#context;
    const { label } = this.#options;
    const at = clock.now();
    queue.tell({ kind: 'spool', at, folder: problem === undefined ? label : undefined });
    const failed = this.#fails;
    this.#fails = problem !== undefined;
    if (problem !== undefined) {
      const text = [problem.message, problem.hint ?? ''].join(' ').trim();
      queue.tell({ kind: 'timeline', at, line: timelineEntry(at, 'drey', 'warn', undefined, text) });
    } else if (failed) {
      queue.tell({ kind: 'timeline', at, line: timelineEntry(at, 'drey', 'info', undefined, `Logs are written to ${label} again`) });
    }
  }
}

/** The list of pods is complete, and it is known which Deployment they belong to, or that this cannot be known. */
function isSettled({ podsKnown, deployment, sources }: Session): boolean {
  const state = sources.get('deployment')?.state;
  return podsKnown && (deployment !== undefined || state === 'live' || state === 'denied' || state === 'lost');
}
