import { lineMasker } from '../../config/secrets/lines.ts';
import type { KubernetesClient, LogLine } from '../../kubernetes/model/types.ts';
import type { Pod } from '../../native/pod.ts';
import { LogCopy } from '../../spool/copy.ts';
import { gapText } from '../../spool/gap.ts';
import { readSpool } from '../../spool/reader.ts';
import type { Clock, Instant } from '../../support/clock.ts';
import { isAbort, Problem } from '../../support/problem.ts';
import { turnOver } from '../../support/turns.ts';
import { deadline, lifetime } from '../../support/waiting.ts';

export interface PodToAsk {
  readonly kubernetes: Pick<KubernetesClient, 'followLog'>;
  readonly namespace: string;
  readonly pod: Pod;
}

export interface CopyRequest {
  /** Who is asked for what is not kept; undefined: nobody. */
  readonly pod: PodToAsk | undefined;
  /** Where the log is kept; undefined: it is not. */
  readonly kept: string | undefined;
  readonly container: string;
  readonly from: Instant;
  readonly to: Instant;
  /** Where the copy is written. */
  readonly folder: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface CopiedLog {
  readonly lines: number;
  /** What is missing in the spool, as sentences. */
  readonly gaps: readonly string[];
  /** Why the pod did not give its log. */
  readonly problem: Problem | undefined;
}

/** A server that is lost in the middle of a log is given up then. */
const patienceMs = 15_000;
/** A spool that begins so soon after the wanted time has all of it. */
const beginsSoonMs = 60_000;
/** More gaps than these say nothing new. */
const mostGaps = 20;

type Take = (lines: readonly LogLine[]) => Promise<void>;

/** Copies the log of a container with its secrets masked. If the signal aborts, what was copied so far stays. */
export async function copyLog(request: CopyRequest): Promise<CopiedLog> {
  const { pod, kept, container, from, folder, clock, signal } = request;
  await using copy = new LogCopy(folder, container);
  const mask = lineMasker();
  const gaps: string[] = [];
  let count = 0;
  let putting: Promise<void> | undefined;
  const put: Take = async (lines) => {
    if (lines.length === 0) return;
    count += lines.length;
    putting = copy.append(lines.map((line) => masked(line, mask)));
    await putting;
    await turnOver();
  };
  const span = kept === undefined ? undefined : await keptSpan(kept, request);
  const fromSpool = kept === undefined || span === undefined ? undefined : () => copyKept(kept, request, put, gaps);
  let problem: Problem | undefined;
  try {
    if (pod === undefined) await fromSpool?.();
    else {
      const joined = new Joined(span, fromSpool, put);
      const since = span !== undefined && span.first - from < beginsSoonMs ? span.last : from;
      problem = await askPod(pod, { container, since, clock, signal }, (lines) => joined.take(lines));
      await joined.end();
    }
  } catch (error) {
    if (!isAbort(error)) throw error;
    // Whoever was stopped may have left the last lines on their way to the disk.
    await putting;
  }
  await copy.end();
  return { lines: count, gaps, problem };
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

function masked(line: LogLine, mask: (text: string) => string): LogLine {
  const text = decoder.decode(line.bytes.subarray(line.from, line.to));
  const shown = mask(text);
  if (shown === text) return line;
  const bytes = encoder.encode(shown);
  return { ...line, bytes, from: 0, to: bytes.length };
}

interface Span {
  readonly first: Instant;
  readonly last: Instant;
}

/** The moments of the first and the last kept line; undefined: there is none. */
async function keptSpan(folder: string, { container, from, to, signal }: CopyRequest): Promise<Span | undefined> {
  const ends: (Instant | undefined)[] = [];
  for (const backwards of [false, true]) {
    const index = backwards ? -1 : 0;
    let end: Instant | undefined;
    for await (const { lines } of readSpool({ folder, container, from, to, backwards, signal })) {
      end = lines.at(index)?.at;
      if (end !== undefined) break;
    }
    ends.push(end);
  }
  const [first, last] = ends;
  return first === undefined || last === undefined ? undefined : { first, last };
}

async function copyKept(folder: string, { container, from, to, signal }: CopyRequest, put: Take, gaps: string[]): Promise<void> {
  for await (const batch of readSpool({ folder, container, from, to, signal })) {
    for (const gap of batch.gaps) if (gaps.length < mostGaps) gaps.push(gapText(gap, container));
    await put(batch.lines);
  }
}

/** Lines of a pod, with those of the spool in their place: the pod gives what was written before and after them. */
class Joined {
  readonly #span: Span | undefined;
  readonly #put: Take;
  #fromSpool: (() => Promise<void>) | undefined;

  constructor(span: Span | undefined, fromSpool: (() => Promise<void>) | undefined, put: Take) {
    this.#span = span;
    this.#fromSpool = fromSpool;
    this.#put = put;
  }

  async take(lines: readonly LogLine[]): Promise<void> {
    const span = this.#span;
    if (span === undefined) return this.#put(lines);
    await this.#put(lines.filter(({ at }) => at < span.first));
    if ((lines.at(-1)?.at ?? -Infinity) < span.first) return;
    await this.end();
    await this.#put(lines.filter(({ at }) => at > span.last));
  }

  /** Nothing more comes from the pod. */
  async end(): Promise<void> {
    const fromSpool = this.#fromSpool;
    this.#fromSpool = undefined;
    await fromSpool?.();
  }
}

interface LogWish {
  readonly container: string;
  readonly since: Instant;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** The lines of the run before and of this one. Returns why the pod does not give them. */
async function askPod({ kubernetes, namespace, pod }: PodToAsk, wish: LogWish, take: Take): Promise<Problem | undefined> {
  const { container, since, clock, signal } = wish;
  const restarted = (pod.containers.find(({ name }) => name === container)?.restarts ?? 0) > 0;
  for (const previous of restarted ? [true, false] : [false]) {
    using own = lifetime(signal);
    let problem: Problem | undefined;
    let callOff = (): void => undefined;
    try {
      await kubernetes.followLog(
        { namespace, pod: pod.name, container, previous, since, follow: false },
        {
          lines: take,
          status(status) {
            callOff();
            if (status.state === 'denied' || status.state === 'lost') ({ problem } = status);
            else if (status.state === 'live') problem = undefined;
            if (status.state === 'denied') own.end();
            if (status.state === 'lost') callOff = deadline(clock, patienceMs, own.end);
          },
        },
        own.signal,
      );
    } catch (error) {
      signal.throwIfAborted();
      if (isAbort(error)) return problem;
      if (!(error instanceof Problem)) throw error;
      problem = error;
    } finally {
      callOff();
    }
    // The run before is not kept for ever.
    if (problem !== undefined && !previous) return problem;
  }
  return undefined;
}
