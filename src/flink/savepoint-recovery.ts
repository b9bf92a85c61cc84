import type { Clock, Instant } from '../support/clock.ts';
import { Problem } from '../support/problem.ts';
import { isTerminal, type CheckpointStatistics, type FlinkClient } from './types.ts';

/** How much the clocks of this machine and of the JobManager may differ, in milliseconds. */
const clockDifferenceMs = 60_000;
/** Statistics that answer and do not show a savepoint are believed after this time, in milliseconds: they are kept for three seconds, `rest.cache.checkpoint-statistics.timeout`. */
const believedAfterMs = 10_000;

/**
 * What was there before a savepoint was triggered, so that it can be told from older ones. Checkpoint ids only grow within a job, also
 * across failovers; where none is known (an operation that is taken up again later) the time must do.
 */
export interface SavepointMark {
  readonly lastCheckpointId: number | undefined;
  readonly triggeredAt: Instant;
}

interface Watch {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Where what the cluster knows is not all there is. */
  readonly findSavepoint?: SavepointFinder | undefined;
}

/** To be taken before a trigger is sent. A job without statistics, or a server that does not tell them, is no reason not to trigger. */
export async function savepointMark(client: FlinkClient, jobId: string, { clock, signal }: Watch): Promise<SavepointMark> {
  const triggeredAt = clock.now();
  try {
    const statistics = await client.checkpoints(jobId, { signal });
    return {
      triggeredAt,
      lastCheckpointId: statistics === undefined ? undefined : Math.max(0, ...entries(statistics).map((entry) => entry.id)),
    };
  } catch (error) {
    // The trigger that follows says what is wrong in better words.
    signal.throwIfAborted();
    if (!(error instanceof Problem)) throw error;
    return { triggeredAt, lastCheckpointId: undefined };
  }
}

/** Whether there is nowhere left to look. */
const lost = new WeakMap<Problem, boolean>();

/** Nobody knows how an operation ended: it may have been done, and its result is not told any more. `gone`: it is not where it would be stored. */
export function lostResult(message: string, hint: string, gone = false): Problem {
  const problem = new Problem('failed', message, { hint });
  lost.set(problem, gone);
  return problem;
}

/** True for a failure that says only that nobody knows the result. */
export const resultIsLost = (error: unknown): boolean => error instanceof Problem && lost.has(error);

/** True when it is also no use to look again: what is found later is another one. */
export const resultIsGone = (error: unknown): boolean => error instanceof Problem && lost.get(error) === true;

/** Looks for a savepoint of a job where it is stored. `directory`: where it was to be written, undefined for the cluster's default. */
export type SavepointFinder = (
  wanted: { readonly jobId: string; readonly directory: string | undefined; readonly since: Instant },
  signal: AbortSignal,
) => Promise<StoredSavepoint>;

/** `none`: its directory holds none; `unseen`: it could not be looked at. `reason` is a sentence. */
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
 * The path of a savepoint that was triggered after `mark`, from the job's checkpoint statistics. Waits for one that is in progress, and up
 * to `patienceMs` for a new leader to bring the job back, less once it has; a time without answers does not count. A new leader has none from
 * before: it begins with empty statistics, and only checkpoints are in its store (source: `CheckpointCoordinator`, seen on Flink 2.3). Then
 * `findSavepoint` has the word. Rejects with `failed` when there is none, and when the job goes on that should have ended.
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
    throw new Problem('failed', `The savepoint ${path} of job ${jobId} is complete, but the job was not stopped: it goes on.`);
  return { path };
}

/** `unknown`: the server does not know the job; `absent`: it does, and shows nothing of what is looked for. The others do not try the patience. */
type Step<T> = { readonly value: T } | 'unknown' | 'absent' | 'in-progress' | 'no-answer';

/** Asks every second; undefined when the answer was the same for as long as `patience` says, in milliseconds. */
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

/** Whether a job has ended. One that a new leader does not know has: those that go on are brought back before it answers for any. */
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
    // A new leader does not know the job yet, or cannot be reached yet.
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

/** All that the statistics know, the restored one too: after a failover it may be the only one left. */
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
  // The moment of a restore says nothing of when it was taken: only its id can tell that it is newer.
  return [...taken, { ...latestRestored, at: 0, status: 'COMPLETED', failure: undefined }];
}
