import type { Random } from '../base/random.ts';
import type { SandboxClock } from '../base/clock.ts';
import type { CheckpointBook, CheckpointEntry } from './checkpoints.ts';
import type { JobRequest, JobStatus } from './job-types.ts';
import { LOGGERS, type FlinkLog } from './log-format.ts';
import { durationOf } from './settings.ts';

/** What checkpoints need of the cluster that the job runs on. */
export interface CheckpointHost {
  readonly clock: SandboxClock;
  readonly random: Random;
  readonly log: FlinkLog;
  /** `web.checkpoints.history`. */
  readonly checkpointsKept: number;
  /** Checkpoints and savepoints do not come to an end (a fault). */
  stuck(): boolean;
}

/** The part of a job that its checkpoints need. */
export interface CheckpointedJob {
  readonly id: string;
  readonly request: JobRequest;
  readonly startTime: number;
  readonly status: JobStatus;
  readonly tasks: readonly unknown[];
  readonly checkpoints: CheckpointBook;
}

export type CheckpointOutcome = { readonly id: number; readonly path: string } | { readonly failure: string };

/** Takes the checkpoints and savepoints of one job. */
export interface CheckpointCoordinator {
  /** Milliseconds between checkpoints; undefined if they are off. */
  readonly interval: number | undefined;
  /** Takes one; resolves when it has completed or failed. `directory` is where a savepoint is stored. */
  take(
    kind: CheckpointEntry['kind'],
    options?: { readonly directory?: string; readonly format?: 'CANONICAL' | 'NATIVE' },
  ): Promise<CheckpointOutcome>;
  /** Fills in the checkpoints that a job running since then would have taken. */
  adopt(since: number): void;
}

/** Where the jobs of the sandbox claim to store their checkpoints. */
const CHECKPOINTS = 's3://flink/checkpoints';
const LOOK_AGAIN = 500;
const EXPIRED = 'Checkpoint expired before completing.';
const SUSPENDED = 'Checkpoint Coordinator is suspending.';

export function checkpointCoordinator(
  { clock, random, log, checkpointsKept, stuck }: CheckpointHost,
  job: CheckpointedJob,
): CheckpointCoordinator {
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
      const entry = book.begin(clock.now(), job.tasks.length, kind, kind === 'CHECKPOINT' ? undefined : format);
      log(
        LOGGERS.coordinator,
        `Triggering checkpoint ${entry.id} (type=${typeOf(kind, format)}) @ ${entry.triggeredAt} for job ${job.id}.`,
      );
      const ms = kind === 'CHECKPOINT' ? random.between(20, 160) : random.between(700, 1_500);
      clock.after(ms * 0.6, () => book.acknowledge(entry.id, Math.ceil(job.tasks.length / 2)));
      const end = (): void => {
        const at = clock.now();
        // Some tasks have not acknowledged: the coordinator waits until the timeout.
        if (stuck() && job.status === 'RUNNING' && at - entry.triggeredAt < timeout) return void clock.after(LOOK_AGAIN, end);
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
      clock.after(ms, end);
      return promise;
    },
    adopt(since) {
      if (interval === undefined) return;
      const count = Math.floor((clock.now() - since) / interval);
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

/** The type in the coordinator's log lines. */
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
