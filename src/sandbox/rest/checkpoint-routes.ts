import type { CheckpointEntry } from '../flink/checkpoints.ts';
import { acknowledges, checkpointShare, slowestTask, type CheckpointShare } from '../flink/checkpoint-shares.ts';
import type { FlinkCluster } from '../flink/cluster.ts';
import type { FlinkJob } from '../flink/job.ts';
import { refused } from './rest-errors.ts';
import { jobPart, unresolved, vertexPart } from './path-parts.ts';
import type { RestRoute } from './rest-route.ts';
import { NOTHING, rangeOf, spread } from './spread.ts';
import type { VertexRun } from '../flink/tasks.ts';

/** Reading checkpoints. Triggering them is with the other operations. */
export const checkpointRoutes: readonly RestRoute[] = [
  { method: 'GET', pattern: '/jobs/:job/checkpoints', run: (cluster, _call, parts) => statistics(jobPart(cluster, parts)) },
  { method: 'GET', pattern: '/jobs/:job/checkpoints/config', run: (cluster, _call, parts) => configuration(jobPart(cluster, parts)) },
  {
    method: 'GET',
    pattern: '/jobs/:job/checkpoints/details/:checkpoint',
    run: (cluster, _call, parts) => details(cluster, jobPart(cluster, parts), parts['checkpoint'] ?? ''),
  },
  {
    method: 'GET',
    pattern: '/jobs/:job/checkpoints/details/:checkpoint/subtasks/:vertex',
    run: (cluster, _call, parts) => ofVertex(cluster, jobPart(cluster, parts), parts),
  },
];

/** The jobs of the sandbox go on when checkpoints fail. */
const TOLERATED = 100;

/** The interval of a job without periodic checkpoints: the double next to Java's `Long.MAX_VALUE`. */
const NEVER = 2 ** 63;

function statistics(job: FlinkJob): unknown {
  if (job.request.graph.type === 'BATCH') throw refused(404, 'Checkpointing has not been enabled.');
  const book = job.checkpoints;
  const aligned = book.durations.map((ms) => Math.round(ms * 0.2 * job.vertices.reduce((sum, { flow }) => sum + flow.in * 0.021, 0)));
  return {
    counts: {
      restored: book.restoredTimes,
      total: book.total,
      in_progress: book.inProgress.length,
      completed: book.completed,
      failed: book.failed,
    },
    summary: {
      checkpointed_size: spread(book.sizes),
      state_size: spread(book.sizes),
      end_to_end_duration: spread(book.durations),
      alignment_buffered: NOTHING,
      processed_data: spread(aligned),
      persisted_data: spread(book.durations.map(() => 0)),
    },
    latest: {
      completed: orNull(book.latestCompleted),
      savepoint: orNull(book.latestSavepoint),
      failed: orNull(book.latestFailed),
      restored:
        book.restored === undefined
          ? null
          : {
              id: book.restored.id,
              restore_timestamp: book.restored.at,
              is_savepoint: book.restored.isSavepoint,
              external_path: book.restored.path,
            },
    },
    // Flink keeps one completed checkpoint; savepoints belong to the user.
    history: book.history.map((entry) => ({
      ...entryOf(entry),
      ...(entry.status === 'COMPLETED' ? { discarded: entry.kind === 'CHECKPOINT' && entry.id !== book.latestCompleted?.id } : {}),
    })),
  };
}

const orNull = (entry: CheckpointEntry | undefined): unknown => (entry === undefined ? null : entryOf(entry));

function entryOf(entry: CheckpointEntry): Record<string, unknown> {
  return {
    className: entry.status.toLowerCase(),
    id: entry.id,
    status: entry.status,
    is_savepoint: entry.kind !== 'CHECKPOINT',
    savepointFormat: entry.format ?? null,
    trigger_timestamp: entry.triggeredAt,
    latest_ack_timestamp: entry.status === 'IN_PROGRESS' ? -1 : entry.endedAt,
    checkpointed_size: entry.bytes,
    state_size: entry.bytes,
    end_to_end_duration: entry.endedAt < 0 ? -1 : entry.endedAt - entry.triggeredAt,
    alignment_buffered: 0,
    processed_data: 0,
    persisted_data: 0,
    num_subtasks: entry.subtasks,
    num_acknowledged_subtasks: entry.acknowledged,
    checkpoint_type: entry.kind,
    tasks: {},
    ...(entry.status === 'COMPLETED' ? { external_path: entry.path ?? '', discarded: false } : {}),
    ...(entry.status === 'FAILED' ? { failure_timestamp: entry.endedAt, failure_message: entry.failure ?? '' } : {}),
  };
}

function configuration(job: FlinkJob): unknown {
  if (job.request.graph.type === 'BATCH') throw refused(404, `Checkpointing is not enabled for this job (${job.id}).`);
  const { interval } = job.coordinator;
  return {
    mode: interval === undefined ? 'at_least_once' : 'exactly_once',
    interval: interval ?? NEVER,
    timeout: job.coordinator.timeout,
    min_pause: 0,
    max_concurrent: 1,
    externalization: { enabled: interval !== undefined, delete_on_cancellation: false },
    state_backend: 'HashMapStateBackend',
    checkpoint_storage: 'FileSystemCheckpointStorage',
    unaligned_checkpoints: false,
    tolerable_failed_checkpoints: TOLERATED,
    aligned_checkpoint_timeout: 0,
    checkpoints_after_tasks_finish: true,
    state_changelog_enabled: false,
    changelog_periodic_materialization_interval: 600_000,
    changelog_storage: 'memory',
  };
}

function find(job: FlinkJob, id: string): CheckpointEntry {
  if (!/^\d+$/.test(id)) throw unresolved('path', 'checkpointid', id);
  const entry = job.checkpoints.find(Number(id));
  if (entry === undefined) throw refused(404, `Could not find checkpointing statistics for checkpoint ${id}.`);
  return entry;
}

/** A vertex in a checkpoint: all its tasks with what they did. */
function sharesOf(job: FlinkJob, entry: CheckpointEntry, vertex: VertexRun, now: number): readonly (CheckpointShare | undefined)[] {
  const slowest = slowestTask(job.vertices, entry.id)?.task;
  const total = (entry.endedAt < 0 ? now : entry.endedAt) - entry.triggeredAt;
  // The size of one that has not completed is what has been acknowledged so far.
  const bytes = entry.bytes > 0 ? entry.bytes : (job.checkpoints.latestCompleted?.bytes ?? 0);
  const tasks = job.tasks.length;
  return vertex.tasks.map((task) =>
    acknowledges(entry, task, slowest)
      ? checkpointShare({ id: entry.id, bytes }, { vertex, task, slowest: task === slowest, tasks }, total)
      : undefined,
  );
}

const present = (shares: readonly (CheckpointShare | undefined)[]): readonly CheckpointShare[] =>
  shares.filter((share) => share !== undefined);
const total = (shares: readonly CheckpointShare[], of: (share: CheckpointShare) => number): number =>
  shares.reduce((sum, share) => sum + of(share), 0);

function vertexPartOf(entry: CheckpointEntry, shares: readonly (CheckpointShare | undefined)[]): Record<string, unknown> {
  const known = present(shares);
  const duration = known.length === 0 ? -1 : Math.max(...known.map((share) => share.duration));
  const bytes = total(known, (share) => share.bytes);
  return {
    id: entry.id,
    // A vertex whose tasks have all acknowledged is done, whatever becomes of the checkpoint.
    status: known.length === shares.length ? 'COMPLETED' : entry.status,
    latest_ack_timestamp: duration < 0 ? -1 : entry.triggeredAt + duration,
    checkpointed_size: bytes,
    state_size: bytes,
    end_to_end_duration: duration,
    alignment_buffered: 0,
    processed_data: total(known, (share) => share.processed),
    persisted_data: 0,
    num_subtasks: shares.length,
    num_acknowledged_subtasks: known.length,
  };
}

function details(cluster: FlinkCluster, job: FlinkJob, id: string): unknown {
  const entry = find(job, id);
  const now = cluster.now();
  return {
    ...entryOf(entry),
    tasks: Object.fromEntries(job.vertices.map((vertex) => [vertex.id, vertexPartOf(entry, sharesOf(job, entry, vertex, now))])),
  };
}

function ofVertex(cluster: FlinkCluster, job: FlinkJob, parts: Readonly<Record<string, string>>): unknown {
  const entry = find(job, parts['checkpoint'] ?? '');
  const shares = sharesOf(job, entry, vertexPart(job, parts), cluster.now());
  const range = (of: (share: CheckpointShare) => number): unknown => rangeOf(present(shares).map(of));
  return {
    ...vertexPartOf(entry, shares),
    summary: {
      checkpointed_size: range((share) => share.bytes),
      state_size: range((share) => share.bytes),
      end_to_end_duration: range((share) => share.duration),
      checkpoint_duration: { sync: range((share) => share.sync), async: range((share) => share.async) },
      alignment: {
        buffered: NOTHING,
        processed: range((share) => share.processed),
        persisted: range(() => 0),
        duration: range((share) => share.alignment),
      },
      start_delay: range((share) => share.startDelay),
    },
    subtasks: shares.map((share, index) =>
      share === undefined
        ? { className: 'pending', index, status: 'pending_or_failed' }
        : {
            className: 'completed',
            index,
            ack_timestamp: entry.triggeredAt + share.duration,
            end_to_end_duration: share.duration,
            checkpointed_size: share.bytes,
            state_size: share.bytes,
            checkpoint: { sync: share.sync, async: share.async },
            alignment: { buffered: 0, processed: share.processed, persisted: 0, duration: share.alignment },
            start_delay: share.startDelay,
            unaligned_checkpoint: false,
            aborted: false,
            status: 'completed',
          },
    ),
  };
}
