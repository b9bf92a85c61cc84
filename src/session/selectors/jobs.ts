import { isTerminal } from '../../flink/types.ts';
import type { Instant } from '../../support/clock.ts';
import type { Job, Session } from '../types.ts';
import { idPrefix, shortCause } from '../words.ts';
import { memoised } from './memo.ts';

export type JobSeverity = 'ok' | 'busy' | 'warn' | 'error' | 'done';

/** One line of the jobs panel: facts, no looks. */
export interface JobRow {
  /** The whole id. */
  readonly key: string;
  readonly idPrefix: string;
  readonly name: string;
  /** Flink's word: `RUNNING`, `RESTARTING`, … */
  readonly state: string;
  readonly severity: JobSeverity;
  /** Tasks that run, or that are finished where the job is. */
  readonly tasksUp: number;
  readonly tasksTotal: number;
  /** Number of tasks per lower-case execution state. */
  readonly tasks: Readonly<Record<string, number>>;
  readonly startTime: Instant;
  readonly endTime: Instant | undefined;
  /** As of the last poll. */
  readonly durationMs: number;
  readonly restarts: number | undefined;
  readonly lastCheckpointAt: Instant | undefined;
  /** The newest checkpoint attempt failed: why. */
  readonly checkpointFailure: string | undefined;
  /** Why the job failed last, without package names. */
  readonly lastFailure: string | undefined;
  readonly lastFailureAt: Instant | undefined;
}

export interface JobSummary {
  readonly total: number;
  /** Not terminal. */
  readonly up: number;
  readonly failed: number;
  /** Failing or restarting now. */
  readonly troubled: number;
}

/** How much a job state needs an eye. */
export function jobSeverity(state: string): JobSeverity {
  if (state === 'RUNNING') return 'ok';
  if (state === 'FAILED') return 'error';
  if (state === 'FINISHED' || state === 'CANCELED') return 'done';
  if (state === 'RESTARTING' || state === 'FAILING' || state === 'SUSPENDED') return 'warn';
  return 'busy';
}

const rows = new WeakMap<Job, JobRow>();

export function jobRow(job: Job): JobRow {
  const before = rows.get(job);
  if (before !== undefined) return before;
  const { checkpoints, tasks } = job;
  const completed = checkpoints?.latestCompleted;
  const failed = checkpoints?.latestFailed;
  const failure = job.exceptions[0];
  const row: JobRow = {
    key: job.id,
    idPrefix: idPrefix(job.id),
    name: job.name,
    state: job.state,
    severity: jobSeverity(job.state),
    tasksUp: isTerminal(job.state) ? (tasks.byState['finished'] ?? 0) : (tasks.byState['running'] ?? 0) + (tasks.byState['finished'] ?? 0),
    tasksTotal: tasks.total,
    tasks: tasks.byState,
    startTime: job.startTime,
    endTime: job.endTime > 0 ? job.endTime : undefined,
    durationMs: job.durationMs,
    restarts: job.restarts,
    lastCheckpointAt: completed === undefined ? undefined : (completed.endedAt ?? completed.triggeredAt),
    checkpointFailure: failed !== undefined && failed.triggeredAt > (completed?.triggeredAt ?? -1) ? (failed.failure ?? 'no reason given') : undefined,
    lastFailure: failure === undefined ? undefined : shortCause(failure),
    lastFailureAt: failure?.at,
  };
  rows.set(job, row);
  return row;
}

/** In the order of their start, newest first. */
export const selectJobRows: (session: Session) => readonly JobRow[] = memoised(({ jobs }) => [jobs] as const, (jobs) => jobs.map(jobRow));

export const selectJobSummary: (session: Session) => JobSummary = memoised(
  ({ jobs }) => [jobs] as const,
  (jobs) => ({
    total: jobs.length,
    up: jobs.filter(({ state }) => !isTerminal(state)).length,
    failed: jobs.filter(({ state }) => state === 'FAILED').length,
    troubled: jobs.filter(({ state }) => jobSeverity(state) === 'warn').length,
  }),
);
