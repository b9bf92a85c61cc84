import type { KubernetesClient, LogLine, StreamStatus } from '../../kubernetes/model/types.ts';
import { mainContainer } from '../../native/main-container.ts';
import type { Pod } from '../../native/pod.ts';
import type { Clock, Instant } from '../../support/clock.ts';
import { isAbort, Problem, sentence } from '../../support/problem.ts';
import { type Gap, gapText, unreadText } from '../../spool/gap.ts';
import type { SpooledPod } from '../../spool/reader.ts';
import { abortable, lifetime } from '../../support/waiting.ts';
import { Handover } from '../../support/by-time.ts';
import { keptLines } from './kept-pods.ts';
import type { KeptLine } from './kept-lines.ts';
import type { PodLine, PodName } from './line-format.ts';

export interface PodLogsOptions {
  readonly kubernetes: Pick<KubernetesClient, 'followLog'>;
  readonly namespace: string;
  readonly follow: boolean;
  /** The container before the one that runs. */
  readonly previous: boolean;
  /** Undefined: that of Flink. */
  readonly container: string | undefined;
  readonly since: Instant | undefined;
  readonly until: Instant | undefined;
  readonly briefOf: (pod: Pod) => string;
  /** A sentence about a log, for the person who reads it. */
  readonly report: (sentence: string) => void;
  readonly clock: Pick<Clock, 'now'>;
}

/** How one log is read. */
export interface Reading {
  readonly choose: (line: LogLine) => readonly KeptLine[];
  /** How many lines to start with; undefined: all. */
  readonly tail: number | undefined;
  readonly signal: AbortSignal;
}

/** How a log on disk is read. */
export interface KeptReading extends Omit<Reading, 'choose'> {
  /** Chooses from the beginning of the log, or after lines that were left out. */
  readonly choose: () => Reading['choose'];
  /** Whether one of many lines may be chosen; undefined: any line may. */
  readonly among: ((lines: string) => boolean) | undefined;
}

export type Print = (lines: readonly PodLine[]) => Promise<void>;

/** A log that is not followed is given up if its server has been away for this long. */
const patienceMs = 30_000;

/** Reads the logs of pods from their nodes. A stream that breaks is resumed without a line lost or repeated. */
export class PodLogs {
  /** Some log could not be read to its end. */
  failed = false;
  readonly #options: PodLogsOptions;

  constructor(options: PodLogsOptions) {
    this.#options = options;
  }

  /** The lines of a pod as they are asked for: what nobody asks for stays on the node. */
  async *lines(pod: Pod, reading: Reading): AsyncGenerator<readonly PodLine[], void, undefined> {
    using own = lifetime(reading.signal);
    const handover = new Handover<PodLine>();
    const done = this.print(pod, { ...reading, signal: own.signal }, (lines) => abortable(handover.give(lines), own.signal)).finally(() =>
      handover.end(),
    );
    yield* handover;
    own.end();
    await done;
  }

  /** Prints the lines of a pod until its log ends, or `signal` aborts. */
  async print(pod: Pod, { choose, tail, signal }: Reading, print: Print): Promise<void> {
    const { kubernetes, namespace, follow, previous, since, until = Number.POSITIVE_INFINITY, report } = this.#options;
    using own = lifetime(signal);
    const name: PodName = { name: pod.name, brief: this.#options.briefOf(pod) };
    const request = {
      namespace,
      pod: pod.name,
      container: this.#options.container ?? mainContainer(pod)?.name,
      previous,
      follow,
      ...(tail === undefined ? {} : { tailLines: tail }),
      ...(since === undefined ? {} : { since }),
    };
    const status = this.#reporter(pod, own.end);
    try {
      await kubernetes.followLog(
        request,
        {
          async lines(lines) {
            const kept: PodLine[] = [];
            for (const line of lines) {
              if (line.at > until) continue;
              for (const one of choose(line)) kept.push({ ...one, pod: name });
            }
            // Lines are in their order, but for a moment of disorder between the two outputs of a container.
            const over = (lines.at(-1)?.at ?? 0) > until + disorderMs;
            await print(kept);
            if (over) own.end();
          },
          status,
          missing: (from, to) => report(unreadText(pod.shortName, from, to)),
        },
        own.signal,
      );
    } catch (error) {
      if (isAbort(error)) return;
      if (!(error instanceof Problem)) throw error;
      this.#fail(pod, error);
    }
  }

  /** The lines of a pod that is gone, from the disk. */
  async *kept(kept: SpooledPod, { choose, among, tail, signal }: KeptReading): AsyncGenerator<readonly PodLine[], void, undefined> {
    const { container, since, until, briefOf, report } = this.#options;
    const onGap = (gap: Gap): void => report(gapText(gap, kept.pod.shortName));
    const pod = { name: kept.pod.name, brief: briefOf(kept.pod) };
    let chosen = choose();
    for await (const { lines, apart } of keptLines(kept, { container, since, until, tail, among, signal, onGap })) {
      // What was left out may have ended an entry: the rest of another one does not belong to it.
      if (apart) chosen = choose();
      yield lines.flatMap((line) => chosen(line).map((one) => ({ ...one, pod })));
    }
  }

  #fail(pod: Pod, problem: Problem): void {
    this.failed = true;
    this.#options.report(`The log of ${pod.shortName} cannot be read: ${sentence(problem)}`);
  }

  #reporter(pod: Pod, end: () => void): (status: StreamStatus | { readonly state: 'ended' }) => void {
    const { clock, follow, report } = this.#options;
    let lostAt: Instant | undefined;
    return (status) => {
      switch (status.state) {
        case 'denied':
          this.#fail(pod, status.problem);
          return end();
        case 'live':
          if (lostAt !== undefined) report(`The log of ${pod.shortName} goes on.`);
          lostAt = undefined;
          return;
        case 'lost':
          if (lostAt === undefined)
            report(`The log of ${pod.shortName} is interrupted: ${sentence(status.problem)} It goes on as soon as that is possible.`);
          lostAt ??= clock.now();
          if (follow || clock.now() - lostAt < patienceMs) return;
          this.#fail(pod, status.problem);
          return end();
      }
    };
  }
}

const disorderMs = 1_000;
