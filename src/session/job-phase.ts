import type { JobOverview } from '../flink/types.ts';
import type { Job } from './types.ts';

/** `WAITING`: Flink calls the job RUNNING although none of its tasks run, because they wait for slots. */
export type JobPhase = JobOverview['state'] | 'WAITING';

/**
 * Flink's state, or `WAITING`. A streaming job runs with all of its tasks or not at all; some tasks of a batch job (which has no
 * checkpoints) may wait while others work. SCHEDULED is a task that has requested a slot. Source: `ExecutionState`, Flink 2.3.
 */
export function phaseOf({
  state,
  tasks: { byState },
  checkpoints,
}: Pick<Job, 'state' | 'tasks'> & { readonly checkpoints?: Job['checkpoints'] }): JobPhase {
  if (state !== 'RUNNING' || (byState.scheduled ?? 0) === 0) return state;
  const works = ['running', 'finished', 'initializing', 'deploying'].some((each) => (byState[each] ?? 0) > 0);
  return works && checkpoints === undefined ? state : 'WAITING';
}

/** Slots usually come within seconds: the JVM of a TaskManager starts faster. */
const patienceMs = 15_000;

/** The server's time at the last poll. */
export const polledAt = ({ startTime, durationMs }: Pick<JobOverview, 'startTime' | 'durationMs'>): number => startTime + durationMs;

/** The job has been waiting for slots longer than a start takes. */
export const waitsLong = (job: Job): boolean => phaseOf(job) === 'WAITING' && polledAt(job) - job.lastModification > patienceMs;

const minute = 60_000;
/** Failures further apart than this are not one series. */
const seriesGapMs = 10 * minute;

/** The average time between the last failures of a job, in milliseconds; undefined if they are not a series. */
export function restartPeriod({ exceptions }: Pick<Job, 'exceptions'>): number | undefined {
  const times = exceptions.slice(0, 6).map(({ at }) => at);
  const gaps: number[] = [];
  for (let index = 1; index < times.length; index += 1) {
    const gap = (times[index - 1] ?? 0) - (times[index] ?? 0);
    if (gap <= 0 || gap > seriesGapMs) break;
    gaps.push(gap);
  }
  return gaps.length === 0 ? undefined : gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
}

/** The job runs again after a failure, but for less than a minute, or less than three times the usual time between two failures. */
export function restartedLately(job: Job): boolean {
  const failed = job.exceptions[0]?.at;
  return job.state === 'RUNNING' && failed !== undefined && polledAt(job) - failed < Math.max(minute, 3 * (restartPeriod(job) ?? 0));
}
