import { backoff } from '../../support/backoff.ts';
import type { Clock } from '../../support/clock.ts';
import { isAbort, type Problem, toProblem } from '../../support/problem.ts';
import { deadline, lifetime, type Waker } from '../../support/waiting.ts';
import { readList } from './list-pages.ts';
import type { Liveness } from './liveness.ts';
import { objectReader } from './odd-objects.ts';
import { MOST_PAUSE_MS } from '../model/shared-run.ts';
import { HEALTHY_MS, statusReporter, type StatusReporter } from '../model/stream-status.ts';
import type { Transport } from '../request/transport.ts';
import type { KubernetesObject, ListOptions, ResourceType, WatchSink } from '../model/types.ts';
import { openWatch, type WatchBatch } from './watch-stream.ts';

/** Shared by all streams of a client. */
export interface StreamContext {
  readonly transport: Transport;
  readonly liveness: Liveness;
  readonly waker: Waker;
  readonly clock: Clock;
  /** 0 up to 1. */
  readonly random: () => number;
}

/**
 * The server ends a watch by itself after this time, spread so that they do not all come back at once (client-go's reflector: 5 to 10
 * minutes).
 */
const WATCH_SECONDS = { least: 300, most: 540 };
/** How long after that a stream that has not ended is considered dead. */
const OVERDUE_MS = 15_000;
/** Retry interval after a refusal: short enough that restored rights are noticed while the user is watching. */
const DENIED_RETRY_MS = 10_000;
/** The longest wait that a server can ask for, unless it is about credentials. */
const MOST_RETRY_AFTER_MS = 30_000;
/** Failures in a row after which the resource version is no longer trusted. */
const RELIST_AFTER = 3;
const RELIST_MS = 250;

/** See `KubernetesClient.listAndWatch`. Idea: client-go `tools/cache.Reflector`. */
export async function listAndWatch<T>(
  context: StreamContext,
  resource: ResourceType,
  options: ListOptions & { readonly signal: AbortSignal },
  project: (raw: KubernetesObject) => T,
  sink: WatchSink<T>,
): Promise<void> {
  const { transport, liveness, waker, clock, random } = context;
  const { signal } = options;
  const status = statusReporter(sink.status.bind(sink), clock);
  const pauses = backoff({ random });
  let attempt = lifetime(signal);
  let tries = noFailures;
  let version: string | undefined;
  let reopening = false;

  const startAnew = (): void => {
    reopening = true;
    attempt.end();
  };
  const release = liveness.add({
    overdue: (heardAt, problem) => status.stale(heardAt, problem),
    heard: () => status.heard(),
    reopen() {
      waker.wake();
      startAnew();
    },
  });

  const reader = objectReader(project, (objects) => sink.unreadable?.(objects));
  const deliver = (batches: readonly WatchBatch[], resourceVersion: string): void => {
    for (const { kind, objects } of batches) sink[kind](reader.watched(kind, objects));
    version = resourceVersion;
    if (tries.failures > 0) tries = { ...tries, failures: 0 };
    status.live();
  };

  const run = async (trySignal: AbortSignal): Promise<void> => {
    if (version === undefined) {
      reader.begin();
      version = await readList(transport, resource, { ...options, signal: trySignal }, reader.listed, (items, position) => {
        if (position.last) reader.complete();
        sink.page(items, position);
      });
      status.live();
    }
    const seconds = Math.round(WATCH_SECONDS.least + random() * (WATCH_SECONDS.most - WATCH_SECONDS.least));
    const overdue = deadline(clock, seconds * 1_000 + OVERDUE_MS, startAnew);
    try {
      const stream = await openWatch(transport, resource, { ...options, signal: trySignal }, version, seconds);
      status.live();
      await stream.read(deliver);
    } finally {
      overdue();
    }
  };

  try {
    status.connecting();
    while (!signal.aborted) {
      attempt = lifetime(signal);
      const startedAt = clock.monotonic();
      const problem = await outcome(run(attempt.signal));
      if (signal.aborted) break;
      const healthy = clock.monotonic() - startedAt >= HEALTHY_MS;
      if (healthy || reopening) {
        pauses.reset();
        tries = noFailures;
      }
      // The server ends every watch at some point, which is not a failure.
      const goesOn = reopening || (problem === undefined && healthy);
      reopening = false;
      if (goesOn) continue;
      const next = afterFailure(tries, problem);
      tries = next.tries;
      if (next.relist) version = undefined;
      await pause(problem, { pauses: next.soon ? Math.min(pauses.next(), RELIST_MS) : pauses.next(), status, waker, clock, signal });
    }
  } catch (error) {
    // The caller's abort during a wait is the normal end.
    if (!isAbort(error)) throw error;
  } finally {
    release();
  }
}

/** The failures since the last watch that went well. */
interface Tries {
  readonly failures: number;
  /** How often the version was too old to watch from. */
  readonly expired: number;
}

const noFailures: Tries = { failures: 0, expired: 0 };

/** Whether to list again after a watch that ended with `problem`, or early, and whether to do so at once. */
export function afterFailure(
  { failures, expired }: Tries,
  problem: Problem | undefined,
): { readonly tries: Tries; readonly relist: boolean; readonly soon: boolean } {
  switch (problem?.kind) {
    case 'gone':
      // At once, but only once: a server where every version expires is already in trouble.
      return { tries: { failures, expired: expired + 1 }, relist: true, soon: expired === 0 };
    case 'unreachable':
      return { tries: { failures, expired }, relist: false, soon: false };
    default:
      return { tries: { failures: failures + 1, expired }, relist: failures + 1 >= RELIST_AFTER, soon: false };
  }
}

/** The failure of a try; undefined for a normal end or any abort. */
async function outcome(running: Promise<void>): Promise<Problem | undefined> {
  try {
    await running;
    return undefined;
  } catch (error) {
    return isAbort(error) ? undefined : toProblem(error);
  }
}

/** Reports the problem and the time of the next try, and waits for it. */
export async function pause(
  problem: Problem | undefined,
  {
    pauses,
    status,
    waker,
    clock,
    signal,
  }: {
    readonly pauses: number;
    readonly status: StatusReporter;
    readonly waker: Waker;
    readonly clock: Clock;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const denied = problem !== undefined && (problem.kind === 'forbidden' || problem.kind === 'unauthorized');
  const slow = denied || problem?.kind === 'not-found' || problem?.kind === 'invalid';
  // Missing credentials come with the time until the next try, which may be minutes; a server may send any time.
  const ms = slow
    ? Math.max(DENIED_RETRY_MS, problem.kind === 'unauthorized' ? Math.min(problem.retryAfterMs ?? 0, MOST_PAUSE_MS) : 0)
    : Math.max(pauses, Math.min(problem?.retryAfterMs ?? 0, MOST_RETRY_AFTER_MS));
  const nextTryAt = clock.now() + ms;
  if (denied) status.denied(problem, nextTryAt);
  else if (problem && problem.kind !== 'gone') status.lost(problem, nextTryAt);
  await waker.sleep(ms, signal);
}
