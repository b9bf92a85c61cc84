import type { CheckpointEntry } from './checkpoints.ts';
import type { FlinkJob, JobHost } from './job.ts';
import { LOGGERS } from './log-format.ts';
import { durationOf } from './settings.ts';

export type CheckpointOutcome = { readonly id: number; readonly path: string } | { readonly failure: string };

/** Takes the checkpoints and savepoints of one job. */
export interface CheckpointCoordinator {
  /** Milliseconds between checkpoints; undefined where they are off. */
  readonly interval: number | undefined;
  /** Begins one; the answer resolves when it is over. `directory` is where a savepoint goes. */
  take(
    kind: CheckpointEntry['kind'],
    options?: { readonly directory?: string; readonly format?: 'CANONICAL' | 'NATIVE' },
  ): Promise<CheckpointOutcome>;
  /** Fills in what was taken since then, for a story that is on its way. */
  adopt(since: number): void;
}

/** Where checkpoints of the sandbox's jobs are said to be. */
const CHECKPOINTS = 's3://flink/checkpoints';
const LOOK_AGAIN = 500;
const EXPIRED = 'Checkpoint expired before completing.';
const SUSPENDED = 'Checkpoint Coordinator is suspending.';

export function checkpointCoordinator({ timeline, random, log, checkpointsKept, stuck }: JobHost, job: FlinkJob): CheckpointCoordinator {
  const { graph, configuration } = job.request;
  const interval =
    graph.checkpointEvery === undefined
      ? undefined
      : (durationOf(configuration['execution.checkpointing.interval']) ?? graph.checkpointEvery);
  const timeout = durationOf(configuration['execution.checkpointing.timeout']) ?? 600_000;
  const bytesAt = (at: number): number => 4_096 * job.tasks.length + random.between(0, 2_048) + Math.round((at - job.startTime) / 50);
  const pathOf = (id: number): string => `${CHECKPOINTS}/${job.id}/chk-${id}`;

  return {
    interval,
    take(kind, { directory = '', format = 'CANONICAL' } = {}) {
      const book = job.checkpoints;
      const { promise, resolve } = Promise.withResolvers<CheckpointOutcome>();
      const entry = book.begin(timeline.now(), job.tasks.length, kind, kind === 'CHECKPOINT' ? undefined : format);
      log(
        LOGGERS.coordinator,
        `Triggering checkpoint ${entry.id} (type=${typeOf(kind, format)}) @ ${entry.triggeredAt} for job ${job.id}.`,
      );
      const ms = kind === 'CHECKPOINT' ? random.between(20, 160) : random.between(700, 1_500);
      timeline.after(ms * 0.6, () => book.acknowledge(entry.id, Math.ceil(job.tasks.length / 2)));
      const end = (): void => {
        const at = timeline.now();
        // The tasks behind the slow one have not acknowledged: the coordinator waits on, until it gives up.
        if (stuck() && job.status === 'RUNNING' && at - entry.triggeredAt < timeout) return void timeline.after(LOOK_AGAIN, end);
        if (stuck() && job.status === 'RUNNING') book.fail(entry.id, at, EXPIRED);
        if (job.status !== 'RUNNING') book.fail(entry.id, at, SUSPENDED);
        const path =
          kind === 'CHECKPOINT' ? pathOf(entry.id) : `${directory.replace(/\/+$/, '')}/savepoint-${job.id.slice(0, 6)}-${random.hex(12)}`;
        const done = book.complete(entry.id, at, bytesAt(at), path);
        if (done === undefined) return resolve({ failure: book.find(entry.id)?.failure ?? SUSPENDED });
        log(
          LOGGERS.coordinator,
          `Completed checkpoint ${entry.id} for job ${job.id} (${done.bytes} bytes, checkpointDuration=${at - entry.triggeredAt} ms, finalizationTime=${random.between(0, 4)} ms).`,
        );
        resolve({ id: entry.id, path });
      };
      timeline.after(ms, end);
      return promise;
    },
    adopt(since) {
      if (interval === undefined) return;
      const count = Math.floor((timeline.now() - since) / interval);
      const newest = Array.from({ length: Math.min(count, checkpointsKept) }, (_, back): CheckpointEntry => {
        const id = count - back;
        const triggeredAt = since + id * interval - random.between(0, 40);
        return {
          id,
          status: 'COMPLETED',
          kind: 'CHECKPOINT',
          format: undefined,
          triggeredAt,
          endedAt: triggeredAt + random.between(20, 160),
          bytes: bytesAt(triggeredAt),
          subtasks: job.tasks.length,
          acknowledged: job.tasks.length,
          path: pathOf(id),
          failure: undefined,
        };
      });
      job.checkpoints.adopt(count, newest);
    },
  };
}

/** The type as the coordinator logs it. */
function typeOf(kind: CheckpointEntry['kind'], format: string): string {
  switch (kind) {
    case 'CHECKPOINT':
      return 'CHECKPOINT';
    case 'SAVEPOINT':
      return `SavepointType{name='Savepoint', postCheckpointAction=NONE, formatType=${format}}`;
    case 'SYNC_SAVEPOINT':
      return `SavepointType{name='Suspend Savepoint', postCheckpointAction=SUSPEND, formatType=${format}}`;
  }
}
