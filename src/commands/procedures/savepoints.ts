import * as flinkOperations from '../../flink/async-operation.ts';
import type { SavepointFormat } from '../../flink/types.ts';
import type { TriggerNote } from '../../session/resume-note.ts';
import type { Job, Operation } from '../../session/types.ts';
import { jobLabel } from '../../session/job-words.ts';
import type { CommandContext } from '../model/types.ts';

type Tools = Pick<CommandContext, 'flink' | 'cluster' | 'operations' | 'newId' | 'clock' | 'refresh'>;

export interface SavepointWish {
  /** A folder as the cluster sees it; undefined: the cluster's default. */
  readonly directory: string | undefined;
  readonly format: SavepointFormat;
}

/** Stops a job with a savepoint, as an operation; resolves with the savepoint's path. */
export function stopWithSavepoint(
  tools: Tools,
  job: Job,
  { directory, format, drain }: SavepointWish & { readonly drain: boolean },
): Promise<string> {
  return triggered(
    tools,
    { kind: 'stop-job', title: `Stop ${jobLabel(job)} with a savepoint`, job, directory },
    async (triggerId, watching) => {
      const { path } = await flinkOperations.stopWithSavepoint(
        tools.flink,
        { jobId: job.id, triggerId, format, drain, directory },
        watching,
      );
      return { value: path, result: path };
    },
  );
}

/** Takes a savepoint of a job that keeps running, as an operation; resolves with its path. */
export function takeSavepoint(tools: Tools, job: Job, { directory, format }: SavepointWish): Promise<string> {
  return triggered(tools, { kind: 'savepoint', title: `Savepoint of ${jobLabel(job)}`, job, directory }, async (triggerId, watching) => {
    const { path } = await flinkOperations.takeSavepoint(tools.flink, { jobId: job.id, triggerId, format, directory }, watching);
    return { value: path, result: path };
  });
}

/** Takes a checkpoint of a job, as an operation; resolves with its number. */
export function takeCheckpoint(tools: Tools, job: Job, full: boolean): Promise<number> {
  return triggered(
    tools,
    { kind: 'checkpoint', title: `${full ? 'Full checkpoint' : 'Checkpoint'} of ${jobLabel(job)}`, job },
    async (triggerId, watching) => {
      const { checkpointId } = await flinkOperations.takeCheckpoint(tools.flink, { jobId: job.id, full, triggerId }, watching);
      return { value: checkpointId, result: String(checkpointId) };
    },
  );
}

/** Deletes a savepoint, as an operation. */
export function disposeSavepoint({ flink, operations, clock }: Tools, path: string): Promise<void> {
  return operations.track({ title: `Delete savepoint ${path}`, kind: 'dispose', jobId: undefined }, async (_report, signal) => {
    await flinkOperations.removeSavepoint(flink, path, { clock, signal });
    return { value: undefined, result: path };
  });
}

/** An operation of Flink with a trigger id. */
interface Trigger {
  readonly kind: Operation['kind'] & TriggerNote['what'];
  readonly title: string;
  readonly job: Job;
  readonly directory?: string | undefined;
}

/** The trigger id is chosen and saved before it is sent: however this ends, the result can be requested with it. */
function triggered<T>(
  { operations, cluster, newId, clock, refresh }: Tools,
  { kind, title, job, directory }: Trigger,
  work: (triggerId: string, watching: flinkOperations.Watching) => Promise<{ readonly value: T; readonly result: string }>,
): Promise<T> {
  return operations.track({ title, kind, jobId: job.id }, async (report, signal) => {
    const triggerId = newId();
    const note = { jobId: job.id, triggerId, what: kind, directory };
    report.note(note);
    report.unsent(true);
    const done = await work(triggerId, {
      clock,
      signal,
      findSavepoint: cluster.findSavepoint,
      onMarked({ lastCheckpointId }) {
        if (lastCheckpointId !== undefined) report.note({ ...note, lastCheckpointId });
      },
      onSending: () => report.unsent(false),
      onProgress: ({ acknowledged, subtasks }) => report.progress(`${acknowledged}/${subtasks} subtasks`),
      onTrouble: (problem) => report.progress(problem === undefined ? '' : `no answer, asking again: ${problem.message}`),
    });
    refresh();
    return done;
  });
}
