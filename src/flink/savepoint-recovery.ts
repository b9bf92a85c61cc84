import type { Clock, Instant } from '../support/clock.ts';
import { Problem } from '../support/problem.ts';
import { isTerminal, type CheckpointStatistics, type FlinkClient } from './types.ts';

/** How far the clocks of this machine and the JobManager may differ, in milliseconds. */
const clockDifferenceMs = 60_000;
/**
 * If statistics still do not show a savepoint after this time, in milliseconds, they are trusted: the server caches them for three seconds,
 * `rest.cache.checkpoint-statistics.timeout`.
 */
const believedAfterMs = 10_000;

/**
 * The state before a savepoint was triggered, to distinguish it from older ones. Checkpoint ids only grow within a job, even across
 * failovers. If no id is known (an operation that is resumed later), the time has to do.
 */
export interface SavepointMark {
  readonly lastCheckpointId: number | undefined;
  readonly triggeredAt: Instant;
}

interface Watch {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** For savepoints that the cluster itself no longer knows. */
  readonly findSavepoint?: SavepointFinder | undefined;
}

/**
 * Take this before sending a trigger. A job without statistics, or a server that does not report them, is not a reason to skip the trigger.
 */
export async function savepointMark(client: FlinkClient, jobId: string, { clock, signal }: Watch): Promise<SavepointMark> {
  const triggeredAt = clock.now();
  try {
    const statistics = await client.checkpoints(jobId, { signal });
    return {
      triggeredAt,
      lastCheckpointId: statistics === undefined ? undefined : Math.max(0, ...entries(statistics).map((entry) => entry.id)),
    };
  } catch (error) {
    // The trigger that follows reports the cause in better words.
    signal.throwIfAborted();
    if (!(error instanceof Problem)) throw error;
    return { triggeredAt, lastCheckpointId: undefined };
  }
}

/** The value: true if there is nowhere left to look. */
const lost = new WeakMap<Problem, boolean>();

/**
 * The outcome of an operation is unknown: it may have succeeded, but its result can no longer be read. `gone`: it is not where it would be
 * stored either.
 */
export function lostResult(message: string, hint: string, gone = false): Problem {
  const problem = new Problem('failed', message, { hint });
  lost.set(problem, gone);
  return problem;
}

/** True for a failure that only means that the result is unknown. */
export const resultIsLost = (error: unknown): boolean => error instanceof Problem && lost.has(error);

/** True if looking again is useless too: anything found later belongs to another operation. */
export const resultIsGone = (error: unknown): boolean => error instanceof Problem && lost.get(error) === true;

/** Looks for a savepoint of a job in its storage. `directory`: where it was to be written; undefined for the cluster's default. */
export type SavepointFinder = (
  wanted: { readonly jobId: string; readonly directory: string | undefined; readonly since: Instant },
  signal: AbortSignal,
) => Promise<StoredSavepoint>;

/** `none`: the directory holds none; `unseen`: the directory could not be read. `reason` is a sentence. */
export type StoredSavepoint =
  | { readonly state: 'found'; readonly path: string }
  | { readonly state: 'none' | 'unseen'; readonly reason: string };

interface Forgotten {
  readonly jobId: string;
  readonly mark: SavepointMark;
  /** Undefined: the cluster's default. */
  readonly directory?: string | undefined;
  /** The job ends with its savepoint. */
  readonly endsJob: boolean;
}

/**
 * The path of a savepoint that was triggered after `mark`, from the job's checkpoint statistics. Waits for a savepoint in progress, and up
 * to `patienceMs` for a new leader to recover the job, less once it has; time without answers does not count. A new leader starts with
 * empty statistics, and its store holds only checkpoints (source: `CheckpointCoordinator`, seen on Flink 2.3), so this then falls back to
 * `findSavepoint`. Rejects with `failed` if there is no savepoint, or if a job that should have ended is still running.
 */
export async function recoveredSavepoint(
  client: FlinkClient,
  { jobId, mark, directory, endsJob }: Forgotten,
  watch: Watch,
  patienceMs: number,
): Promise<{ readonly path: string }> {
  let path = await patiently(watch, { unknown: patienceMs, absent: believedAfterMs }, async () => {
    const found = await look(client, jobId, mark, watch);
    if (found.state === 'failed') throw new Problem('failed', `The savepoint of job ${jobId} failed: ${found.reason}`);
    return found.state === 'completed' ? { value: found.path } : found.state;
  });
  const stored = path === undefined ? await watch.findSavepoint?.({ jobId, directory, since: mark.triggeredAt }, watch.signal) : undefined;
  if (stored?.state === 'found') path = stored.path;
  const end = endsJob
    ? await patiently(watch, path === undefined ? { unknown: 0, absent: 0 } : { unknown: patienceMs, absent: patienceMs }, () =>
        jobEnd(client, jobId, watch),
      )
    : 'unasked';
  if (path === undefined) {
    throw lostResult(
      `The cluster no longer knows the savepoint of job ${jobId} that was asked for, and the job's statistics show none of that time.${stored === undefined || stored.state === 'found' ? '' : ` ${stored.reason}`}${end === undefined ? ' The job was not stopped.' : ''}`,
      stored?.state === 'none'
        ? 'The JobManager was probably replaced while it was being written; take another one.'
        : `The JobManager was probably replaced in between; look for savepoint-${jobId.slice(0, 6)}-… in the savepoint directory before you take another one: it is complete when it holds a file _metadata.`,
      stored?.state === 'none',
    );
  }
  if (end === undefined)
    throw new Problem('failed', `The savepoint ${path} of job ${jobId} is complete, but the job was not stopped: it is still running.`);
  return { path };
}

/**
 * `unknown`: the server does not know the job; `absent`: it knows the job but does not show the savepoint. The other words do not count
 * against the patience.
 */
type Step<T> = { readonly value: T } | 'unknown' | 'absent' | 'in-progress' | 'no-answer';

/** Asks every second; undefined once the answer has been the same for as long as `patience` allows, in milliseconds. */
async function patiently<T>(
  { clock, signal }: Watch,
  patience: Readonly<Record<'unknown' | 'absent', number>>,
  ask: () => Promise<Step<T>>,
): Promise<T | undefined> {
  let [last, since] = ['', clock.monotonic()];
  for (;;) {
    const step = await ask();
    if (typeof step === 'object') return step.value;
    if (step !== last) [last, since] = [step, clock.monotonic()];
    if ((step === 'unknown' || step === 'absent') && clock.monotonic() - since >= patience[step]) return undefined;
    await clock.sleep(1_000, signal);
  }
}

/** Whether a job has ended. True for a job that a new leader does not know: it recovers the running ones before it answers for any. */
async function jobEnd(client: FlinkClient, jobId: string, { signal }: Watch): Promise<Step<true>> {
  try {
    const job = (await client.jobs({ signal })).find(({ id }) => id === jobId);
    return job === undefined || isTerminal(job.state) ? { value: true } : 'absent';
  } catch (error) {
    return whenNotAnswered(error, signal);
  }
}

function whenNotAnswered(error: unknown, signal: AbortSignal): 'unknown' | 'no-answer' {
  signal.throwIfAborted();
  if (error instanceof Problem && error.kind === 'not-found') return 'unknown';
  if (error instanceof Problem && (error.kind === 'unreachable' || error.kind === 'unavailable')) return 'no-answer';
  throw error;
}

type Found =
  | { readonly state: 'completed'; readonly path: string }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'in-progress' | 'unknown' | 'absent' | 'no-answer' };

async function look(client: FlinkClient, jobId: string, mark: SavepointMark, { signal }: Watch): Promise<Found> {
  let statistics: CheckpointStatistics | undefined;
  try {
    statistics = await client.checkpoints(jobId, { signal });
  } catch (error) {
    // A new leader does not know the job yet, or is not reachable yet.
    return { state: whenNotAnswered(error, signal) };
  }
  if (statistics === undefined) return { state: 'absent' };
  const after = entries(statistics)
    .filter(
      (entry) =>
        entry.isSavepoint &&
        (mark.lastCheckpointId === undefined ? entry.at >= mark.triggeredAt - clockDifferenceMs : entry.id > mark.lastCheckpointId),
    )
    .toSorted((a, b) => a.id - b.id);
  const done = after.find((entry) => entry.status === 'COMPLETED' && entry.path !== undefined);
  if (done?.path !== undefined) return { state: 'completed', path: done.path };
  if (after.some((entry) => entry.status === 'IN_PROGRESS')) return { state: 'in-progress' };
  const failed = after.find((entry) => entry.status === 'FAILED');
  return failed === undefined ? { state: 'absent' } : { state: 'failed', reason: failed.failure ?? 'Flink gives no reason.' };
}

interface Entry {
  readonly id: number;
  readonly isSavepoint: boolean;
  readonly status: string;
  readonly at: Instant;
  readonly path: string | undefined;
  readonly failure: string | undefined;
}

/** Everything in the statistics, including the restored savepoint: after a failover it may be the only one left. */
function entries(statistics: CheckpointStatistics): readonly Entry[] {
  const { latestCompleted, latestSavepoint, latestFailed, latestRestored, history } = statistics;
  const taken = [latestCompleted, latestSavepoint, latestFailed, ...history]
    .filter((entry) => entry !== undefined)
    .map((entry) => ({
      id: entry.id,
      isSavepoint: entry.isSavepoint,
      status: entry.status,
      at: entry.triggeredAt,
      path: entry.path,
      failure: entry.failure,
    }));
  if (latestRestored === undefined) return taken;
  // The time of a restore does not say when the savepoint was taken: only its id can show that it is newer.
  return [...taken, { ...latestRestored, at: 0, status: 'COMPLETED', failure: undefined }];
}
