import { formatDuration } from '../../support/format.ts';

/** Why a checkpoint failed. */
export interface CheckpointFailure {
  /** One sentence without a full stop. */
  readonly words: string;
  /** As Flink writes it. */
  readonly original: string;
}

/** The messages of `CheckpointFailureReason`, Flink 2.3, in words. */
const reasons: readonly (readonly [sign: string, words: string])[] = [
  ['Periodic checkpoint scheduler is shut down', 'the job was being stopped'],
  ['The maximum number of queued checkpoint requests exceeded', 'too many checkpoints were waiting already'],
  ['The minimum time between checkpoints is still pending', 'the pause after the last checkpoint was not over'],
  ['Not all required tasks are currently running', 'not all tasks were running'],
  ['IO-problem detected', 'the JobManager could not read or write a file when it began the checkpoint'],
  ['Blocking output edge exists in running tasks', 'a running task exchanges data as a batch job does, which has no checkpoints'],
  ['Asynchronous task checkpoint failed', 'a task could not write its state'],
  ['exception of other subtasks sharing the ChannelState file', 'another subtask that writes to the same file failed'],
  ['Checkpoint expired before completing', 'it did not complete in time'],
  ['Checkpoint has been subsumed', 'a newer checkpoint completed first'],
  ['Checkpoint was declined (tasks not ready)', 'a task was not ready for it'],
  ['Checkpoint was declined (task is closing)', 'a task was ending'],
  ['a barrier from newer checkpoint was received', 'a newer checkpoint overtook it'],
  ['Task received cancellation from one of its inputs', 'a task before it gave it up'],
  ['one input stream is finished', 'an input of a task has ended'],
  ['Checkpoint was declined', 'a task refused it'],
  ['CheckpointCoordinator shutdown', 'the job ended'],
  ['Checkpoint Coordinator is suspending', 'the JobManager stopped leading the job'],
  ['FailoverRegion is restarting', 'the job was restarting'],
  ['Task has failed', 'a task failed'],
  ['Task local checkpoint failure', 'a task could not make its part of it'],
  ['Unknown task for the checkpoint to notify', 'a task was not known to the JobManager'],
  ['Failure to finalize checkpoint', 'the JobManager could not complete it'],
  ['Trigger checkpoint failure', 'it could not be triggered'],
];

/** `CheckpointException` appends the reason to a message of its own; a task puts its name there. */
const appended = /^(.*?)\s*Failure reason: (.+)$/s;
const taskName = /^Task name with subtask : /;

/** The reason in words; Flink's own if it is not one of those that are known. */
export function checkpointFailure(original: string, timeoutMs: number | undefined): CheckpointFailure {
  const [, own = '', reason = original] = appended.exec(original) ?? [];
  const known = reasons.find(([sign]) => reason.includes(sign));
  if (known === undefined) return { words: original.replace(/\.\s*$/, ''), original };
  const [sign, words] = known;
  const limit = sign.includes('expired') && timeoutMs !== undefined ? ` (${formatDuration(timeoutMs)})` : '';
  const detail = own.replace(taskName, 'task ').replace(/\.\s*$/, '');
  return { words: `${words}${limit}${detail === '' ? '' : `: ${detail}`}`, original };
}
