import type { Checkpoint, CheckpointStatistics, JobOverview, JobState } from '../../flink/types.ts';
import type { Instant } from '../../support/clock.ts';
import type { Job, Session } from '../types.ts';

type Answer = Readonly<Record<string, unknown>>;

/** The answers of Flink's REST endpoint that a session knows, by path, as Flink 2.3 writes them. Of others it only keeps conclusions. */
export function stillAnswers({ overview, config, jobs, jobsKnown }: Session, at: Instant): ReadonlyMap<string, unknown> {
  const answers = new Map<string, unknown>();
  const count = (...states: readonly JobState[]): number => jobs.filter(({ state }) => states.includes(state)).length;
  if (overview !== undefined)
    answers.set('/overview', {
      taskmanagers: overview.taskManagers,
      'slots-total': overview.slotsTotal,
      'slots-available': overview.slotsAvailable,
      'jobs-running': jobs.length - count('FINISHED', 'CANCELED', 'FAILED'),
      'jobs-finished': count('FINISHED'),
      'jobs-cancelled': count('CANCELED'),
      'jobs-failed': count('FAILED'),
      'flink-version': overview.flinkVersion,
      'flink-commit': overview.flinkCommit ?? '',
    });
  if (config !== undefined)
    answers.set('/config', {
      'refresh-interval': config.refreshIntervalMs,
      'timezone-name': 'UTC',
      'timezone-offset': 0,
      'flink-version': config.flinkVersion,
      features: { 'web-submit': false, 'web-cancel': false },
    });
  if (!jobsKnown) return answers;
  answers.set('/jobs', { jobs: jobs.map(({ id, state }) => ({ id, status: state })) });
  answers.set('/jobs/overview', { jobs: jobs.map((job) => jobAnswer(job, at)) });
  for (const job of jobs) {
    if (job.checkpoints !== undefined) answers.set(`/jobs/${job.id}/checkpoints`, checkpointsAnswer(job.checkpoints));
    answers.set(`/jobs/${job.id}/exceptions`, exceptionsAnswer(job));
  }
  return answers;
}

const jobAnswer = ({ id, name, state, startTime, endTime, lastModification, tasks }: JobOverview, at: Instant): Answer => ({
  jid: id,
  name,
  'start-time': startTime,
  'end-time': endTime,
  duration: (endTime < 0 ? at : endTime) - startTime,
  state,
  'last-modification': lastModification,
  tasks: { total: tasks.total, ...tasks.byState },
});

function checkpointsAnswer({ restored, completed, failed, inProgress, history, ...latest }: CheckpointStatistics): Answer {
  const { latestCompleted, latestSavepoint, latestFailed, latestRestored } = latest;
  return {
    counts: { restored, total: completed + failed + inProgress, in_progress: inProgress, completed, failed },
    latest: {
      completed: checkpointAnswer(latestCompleted),
      savepoint: checkpointAnswer(latestSavepoint),
      failed: checkpointAnswer(latestFailed),
      restored:
        latestRestored === undefined
          ? null
          : {
              id: latestRestored.id,
              restore_timestamp: latestRestored.at,
              is_savepoint: latestRestored.isSavepoint,
              external_path: latestRestored.path ?? null,
            },
    },
    history: history.map(checkpointAnswer),
  };
}

const checkpointAnswer = (checkpoint: Checkpoint | undefined): Answer | null =>
  checkpoint === undefined
    ? null
    : {
        className: checkpoint.status.toLowerCase(),
        id: checkpoint.id,
        status: checkpoint.status,
        is_savepoint: checkpoint.isSavepoint,
        trigger_timestamp: checkpoint.triggeredAt,
        latest_ack_timestamp: checkpoint.endedAt ?? -1,
        state_size: checkpoint.sizeBytes,
        end_to_end_duration: checkpoint.durationMs,
        num_subtasks: checkpoint.subtasks,
        num_acknowledged_subtasks: checkpoint.acknowledged,
        external_path: checkpoint.path ?? null,
        failure_message: checkpoint.failure ?? null,
        ...(checkpoint.status === 'FAILED' ? { failure_timestamp: checkpoint.endedAt } : {}),
      };

const exceptionsAnswer = ({ exceptions }: Job): Answer => ({
  exceptionHistory: {
    entries: exceptions.map(({ at, name, stacktrace, taskName, taskManagerId }) => ({
      exceptionName: name,
      stacktrace,
      timestamp: at,
      taskName: taskName ?? null,
      taskManagerId: taskManagerId ?? null,
      concurrentExceptions: [],
    })),
    truncated: false,
  },
});
