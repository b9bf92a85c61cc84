import { isTerminal } from '../../flink/types.ts';
import type { Instant } from '../../support/clock.ts';
import { type JobPhase, phaseOf, restartedLately, waitsLong } from '../job-phase.ts';
import type { Job, Session, SourceStatus } from '../types.ts';
import { shortCause } from '../../causes/root-cause.ts';
import { idPrefix } from '../job-words.ts';
import { memoised } from './memo.ts';

export type JobSeverity = 'ok' | 'busy' | 'warn' | 'error' | 'done';

/** One line of the jobs panel: data only, no styling. */
export interface JobRow {
  /** The full id. */
  readonly key: string;
  readonly idPrefix: string;
  readonly name: string;
  /** Flink's state, or `WAITING` if the tasks wait for slots. */
  readonly state: JobPhase;
  readonly severity: JobSeverity;
  /** Tasks that are running, or finished if the job is. */
  readonly tasksUp: number;
  readonly tasksTotal: number;
  /** Number of tasks per lower-case execution state. */
  readonly tasks: Readonly<Record<string, number>>;
  readonly startTime: Instant;
  readonly endTime: Instant | undefined;
  /** While Flink does not answer: the time of this data, at which the job's times stop. */
  readonly asOf: Instant | undefined;
  /** Since when it has been up; undefined: it is not up, or has ended. */
  readonly upSince: Instant | undefined;
  /** At the last poll. */
  readonly durationMs: number;
  readonly restarts: number | undefined;
  readonly lastCheckpointAt: Instant | undefined;
  /** Why the newest checkpoint attempt failed. */
  readonly checkpointFailure: string | undefined;
  /** Why the job last failed, without package names. */
  readonly lastFailure: string | undefined;
  readonly lastFailureAt: Instant | undefined;
}

export interface JobSummary {
  readonly total: number;
  readonly up: number;
  /** Waiting for slots, or to be started. */
  readonly waiting: number;
  /** Failing or restarting now. */
  readonly restarting: number;
  readonly failed: number;
}

/** How urgently a job state needs attention. */
export function jobSeverity(state: JobPhase): JobSeverity {
  if (state === 'RUNNING') return 'ok';
  if (state === 'FAILED') return 'error';
  if (state === 'FINISHED' || state === 'CANCELED') return 'done';
  if (state === 'RESTARTING' || state === 'FAILING' || state === 'SUSPENDED') return 'warn';
  return 'busy';
}

const severityOf = (job: Job): JobSeverity => (restartedLately(job) || waitsLong(job) ? 'warn' : jobSeverity(phaseOf(job)));

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
    state: phaseOf(job),
    severity: severityOf(job),
    tasksUp: isTerminal(job.state) ? (tasks.byState.finished ?? 0) : (tasks.byState.running ?? 0) + (tasks.byState.finished ?? 0),
    tasksTotal: tasks.total,
    tasks: tasks.byState,
    startTime: job.startTime,
    endTime: job.endTime > 0 ? job.endTime : undefined,
    asOf: undefined,
    upSince: job.state === 'RUNNING' ? Math.max(job.startTime, job.runningSince ?? 0) : undefined,
    durationMs: job.durationMs,
    restarts: job.restarts,
    lastCheckpointAt: completed === undefined ? undefined : (completed.endedAt ?? completed.triggeredAt),
    checkpointFailure:
      failed !== undefined && failed.triggeredAt > (completed?.triggeredAt ?? -1) ? (failed.failure ?? 'no reason given') : undefined,
    lastFailure: failure === undefined ? undefined : shortCause(failure),
    lastFailureAt: failure?.at,
  };
  rows.set(job, row);
  return row;
}

const heldAt = (flink: SourceStatus | undefined): Instant | undefined => (flink?.state === 'live' ? undefined : flink?.dataAt);

/** By start time, newest first. */
export const selectJobRows: (session: Session) => readonly JobRow[] = memoised(
  ({ jobs, sources }) => [jobs, heldAt(sources.get('flink'))] as const,
  (jobs, asOf) => jobs.map((job) => (asOf === undefined ? jobRow(job) : { ...jobRow(job), asOf })),
);

const summaryOf = (job: Job): keyof JobSummary | undefined => {
  const phase = phaseOf(job);
  if (phase === 'RUNNING') return 'up';
  if (phase === 'FAILED') return 'failed';
  if (phase === 'RESTARTING' || phase === 'FAILING') return 'restarting';
  return isTerminal(phase) || phase === 'CANCELLING' ? undefined : 'waiting';
};

export const selectJobSummary: (session: Session) => JobSummary = memoised(
  ({ jobs }) => [jobs] as const,
  (jobs) => {
    const summary = { total: jobs.length, up: 0, waiting: 0, restarting: 0, failed: 0 };
    for (const job of jobs) {
      const place = summaryOf(job);
      if (place !== undefined) summary[place] += 1;
    }
    return summary;
  },
);
