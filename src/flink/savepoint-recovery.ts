import type { Clock, Instant } from '../support/clock.ts';
import { Problem } from '../support/problem.ts';
import type { CheckpointStatistics, FlinkClient } from './types.ts';

/** How much the clocks of this machine and of the JobManager may differ, in milliseconds. */
const clockDifferenceMs = 60_000;

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
}

/** To be taken before a trigger is sent. A job without statistics, or a server that does not tell them, is no reason not to trigger. */
export async function savepointMark(client: FlinkClient, jobId: string, { clock, signal }: Watch): Promise<SavepointMark> {
  const triggeredAt = clock.now();
  try {
    const statistics = await client.checkpoints(jobId, { signal });
    return { triggeredAt, lastCheckpointId: statistics === undefined ? undefined : Math.max(0, ...entries(statistics).map((entry) => entry.id)) };
  } catch (error) {
    // The trigger that follows says what is wrong in better words.
    signal.throwIfAborted();
    if (!(error instanceof Problem)) throw error;
    return { triggeredAt, lastCheckpointId: undefined };
  }
}

/**
 * The path of a savepoint that was triggered after `mark`, from the job's checkpoint statistics. Waits for one that is in progress, and up
 * to `patienceMs` for a new leader to bring the job back. Rejects with `failed` when there is none.
 */
export async function recoveredSavepoint(client: FlinkClient, jobId: string, mark: SavepointMark, { clock, signal }: Watch, patienceMs: number): Promise<{ readonly path: string }> {
  const until = clock.monotonic() + patienceMs;
  for (;;) {
    const found = await look(client, jobId, mark, signal);
    if (found.state === 'completed') return { path: found.path };
    if (found.state === 'failed') throw new Problem('failed', `The savepoint of job ${jobId} failed: ${found.reason}`);
    if (found.state !== 'in-progress' && clock.monotonic() >= until) {
      throw new Problem('failed', `The cluster no longer knows the savepoint of job ${jobId} that was asked for, and the job's statistics show none of that time.`, {
        hint: 'The JobManager was probably replaced in between; look into the savepoint directory before you take another one.',
      });
    }
    await clock.sleep(1_000, signal);
  }
}

type Found =
  | { readonly state: 'completed'; readonly path: string }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'in-progress' | 'unknown' };

async function look(client: FlinkClient, jobId: string, mark: SavepointMark, signal: AbortSignal): Promise<Found> {
  let statistics: CheckpointStatistics | undefined;
  try {
    statistics = await client.checkpoints(jobId, { signal });
  } catch (error) {
    // A new leader does not know the job yet, or cannot be reached yet.
    signal.throwIfAborted();
    if (!(error instanceof Problem) || !['not-found', 'unreachable', 'unavailable'].includes(error.kind)) throw error;
    return { state: 'unknown' };
  }
  if (statistics === undefined) return { state: 'unknown' };
  const after = entries(statistics)
    .filter((entry) => entry.isSavepoint && (mark.lastCheckpointId === undefined ? entry.at >= mark.triggeredAt - clockDifferenceMs : entry.id > mark.lastCheckpointId))
    .toSorted((a, b) => a.id - b.id);
  const done = after.find((entry) => entry.status === 'COMPLETED' && entry.path !== undefined);
  if (done?.path !== undefined) return { state: 'completed', path: done.path };
  if (after.some((entry) => entry.status === 'IN_PROGRESS')) return { state: 'in-progress' };
  const failed = after.find((entry) => entry.status === 'FAILED');
  return failed === undefined ? { state: 'unknown' } : { state: 'failed', reason: failed.failure ?? 'Flink gives no reason.' };
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
    .map((entry) => ({ id: entry.id, isSavepoint: entry.isSavepoint, status: entry.status, at: entry.triggeredAt, path: entry.path, failure: entry.failure }));
  if (latestRestored === undefined) return taken;
  // The moment of a restore says nothing of when it was taken: only its id can tell that it is newer.
  return [...taken, { ...latestRestored, at: 0, status: 'COMPLETED', failure: undefined }];
}
