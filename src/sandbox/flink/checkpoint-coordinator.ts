import type { Random } from '../base/random.ts';
import type { SandboxClock } from '../base/clock.ts';
import type { CheckpointBook, CheckpointEntry } from './checkpoints.ts';
import type { JobRequest, JobStatus } from './job-types.ts';
import { LOGGERS, type FlinkLog } from './log-format.ts';
import { durationOf } from './settings.ts';
import type { VertexRun } from './tasks.ts';

/** What checkpoints need of the cluster that the job runs on. */
export interface CheckpointHost {
  readonly clock: SandboxClock;
  readonly random: Random;
  readonly log: FlinkLog;
  /** `web.checkpoints.history`. */
  readonly checkpointsKept: number;
  /** Checkpoints and savepoints do not come to an end (a fault). */
  stuck(): boolean;
  /** Why checkpoints and savepoints fail (a fault). */
  failing(): string | undefined;
}

/** The part of a job that its checkpoints need. */
export interface CheckpointedJob {
  readonly id: string;
  readonly request: JobRequest;
  readonly startTime: number;
  readonly status: JobStatus;
  readonly vertices: readonly VertexRun[];
  readonly tasks: readonly unknown[];
  readonly checkpoints: CheckpointBook;
}

export type CheckpointOutcome = { readonly id: number; readonly path: string } | { readonly failure: string };

/** Takes the checkpoints and savepoints of one job. */
export interface CheckpointCoordinator {
  /** Milliseconds between checkpoints; undefined if they are off. */
  readonly interval: number | undefined;
  /** Milliseconds after which one that has not completed fails. */
  readonly timeout: number;
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
/** What CheckpointFailureReason says in Flink 2.3 if a task could not write its state. */
export const ASYNC_FAILED = 'Asynchronous task checkpoint failed.';
const SUSPENDED = 'Checkpoint Coordinator is suspending.';

/** A job with a slow step has not got every checkpoint through: not the one that many before the newest. */
const FAILED_BACK = 6;

const failedOne = (entry: CheckpointEntry): CheckpointEntry => ({
  ...entry,
  status: 'FAILED',
  bytes: 0,
  acknowledged: entry.subtasks - 1,
  path: undefined,
  failure: ASYNC_FAILED,
});

export function checkpointCoordinator(
  { clock, random, log, checkpointsKept, stuck, failing }: CheckpointHost,
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

  // Barriers wait in the same queues as the records, and one checkpoint in nine comes at a bad moment.
  const held = job.vertices.some(({ flow }) => flow.held);
  const took = (id: number, ms: number): number => (held ? ms * (id % 9 === 4 ? 14 : 5) : ms);

  return {
    interval,
    timeout,
    take(kind, { directory = '', format = 'CANONICAL' } = {}) {
      const book = job.checkpoints;
      const { promise, resolve } = Promise.withResolvers<CheckpointOutcome>();
      const entry = book.begin(clock.now(), job.tasks.length, kind, kind === 'CHECKPOINT' ? undefined : format);
      log(
        LOGGERS.coordinator,
        `Triggering checkpoint ${entry.id} (type=${typeOf(kind, format)}) @ ${entry.triggeredAt} for job ${job.id}.`,
      );
      const ms = kind === 'CHECKPOINT' ? took(entry.id, random.between(20, 160)) : random.between(700, 1_500);
      // All but the slowest one.
      clock.after(ms * 0.6, () => book.acknowledge(entry.id, job.tasks.length - 1));
      const end = (): void => {
        const at = clock.now();
        // Some tasks have not acknowledged: the coordinator waits until the timeout.
        if (stuck() && job.status === 'RUNNING' && at - entry.triggeredAt < timeout) return void clock.after(LOOK_AGAIN, end);
        if (stuck() && job.status === 'RUNNING') book.fail(entry.id, at, EXPIRED);
        const declined = failing();
        if (declined !== undefined) book.fail(entry.id, at, declined);
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
          endedAt: triggeredAt + took(id, random.between(20, 160)),
          bytes: bytesAt(triggeredAt),
          subtasks: job.tasks.length,
          acknowledged: job.tasks.length,
          path: pathOf(id),
          failure: undefined,
        };
      });
      job.checkpoints.adopt(count, held ? newest.map((entry, back) => (back === FAILED_BACK ? failedOne(entry) : entry)) : newest);
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
