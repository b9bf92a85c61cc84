import type { CheckpointEntry } from '../flink/checkpoints.ts';
import type { FlinkJob } from '../flink/job.ts';
import { refused } from './rest-errors.ts';
import { jobPart, unresolved, vertexPart } from './path-parts.ts';
import type { RestRoute } from './rest-route.ts';

/** Reading checkpoints. Triggering them is with the other operations. */
export const checkpointRoutes: readonly RestRoute[] = [
  { method: 'GET', pattern: '/jobs/:job/checkpoints', run: (cluster, _call, parts) => statistics(jobPart(cluster, parts)) },
  { method: 'GET', pattern: '/jobs/:job/checkpoints/config', run: (cluster, _call, parts) => configuration(jobPart(cluster, parts)) },
  {
    method: 'GET',
    pattern: '/jobs/:job/checkpoints/details/:checkpoint',
    run: (cluster, _call, parts) => details(jobPart(cluster, parts), parts['checkpoint'] ?? ''),
  },
  {
    method: 'GET',
    pattern: '/jobs/:job/checkpoints/details/:checkpoint/subtasks/:vertex',
    run: (cluster, _call, parts) => ofVertex(jobPart(cluster, parts), parts),
  },
];

/** The interval of a job without periodic checkpoints: the double next to Java's `Long.MAX_VALUE`. */
const NEVER = 2 ** 63;

function statistics(job: FlinkJob): unknown {
  if (job.request.graph.type === 'BATCH') throw refused(404, 'Checkpointing has not been enabled.');
  const book = job.checkpoints;
  const nothing = book.durations.map(() => 0);
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
      alignment_buffered: { min: 0, max: 0, avg: 0, p50: 0, p90: 0, p95: 0, p99: 0, p999: 0 },
      processed_data: spread(nothing),
      persisted_data: spread(nothing),
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
    history: book.history.map(entryOf),
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

/** Until there is a value, percentiles are the string `NaN`. */
function spread(values: readonly number[]): Record<string, unknown> {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number): unknown =>
    sorted.length === 0 ? 'NaN' : sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
  return {
    min: sorted[0] ?? 0,
    max: sorted.at(-1) ?? 0,
    avg: sorted.length === 0 ? 0 : Math.round(sorted.reduce((sum, value) => sum + value, 0) / sorted.length),
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    p999: at(0.999),
  };
}

function configuration(job: FlinkJob): unknown {
  if (job.request.graph.type === 'BATCH') throw refused(404, `Checkpointing is not enabled for this job (${job.id}).`);
  const { interval } = job.coordinator;
  return {
    mode: interval === undefined ? 'at_least_once' : 'exactly_once',
    interval: interval ?? NEVER,
    timeout: 600_000,
    min_pause: 0,
    max_concurrent: 1,
    externalization: { enabled: interval !== undefined, delete_on_cancellation: false },
    state_backend: 'HashMapStateBackend',
    checkpoint_storage: 'FileSystemCheckpointStorage',
    unaligned_checkpoints: false,
    tolerable_failed_checkpoints: 0,
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

function taskPart(job: FlinkJob, entry: CheckpointEntry, subtasks: number): Record<string, unknown> {
  const {
    className: _name,
    is_savepoint: _is,
    savepointFormat: _format,
    trigger_timestamp: _at,
    checkpoint_type: _type,
    tasks: _tasks,
    external_path: _path,
    discarded: _gone,
    ...rest
  } = entryOf(entry);
  const bytes = Math.round(entry.bytes * (subtasks / job.tasks.length));
  return {
    ...rest,
    checkpointed_size: bytes,
    state_size: bytes,
    num_subtasks: subtasks,
    num_acknowledged_subtasks: Math.min(entry.acknowledged, subtasks),
  };
}

function details(job: FlinkJob, id: string): unknown {
  const entry = find(job, id);
  return {
    ...entryOf(entry),
    tasks: Object.fromEntries(job.vertices.map((vertex) => [vertex.id, taskPart(job, entry, vertex.tasks.length)])),
  };
}

function ofVertex(job: FlinkJob, parts: Readonly<Record<string, string>>): unknown {
  const entry = find(job, parts['checkpoint'] ?? '');
  const vertex = vertexPart(job, parts);
  const duration = entry.endedAt < 0 ? -1 : entry.endedAt - entry.triggeredAt;
  const bytes = Math.round(entry.bytes / job.tasks.length);
  const flat = (value: number): unknown => ({
    min: value,
    max: value,
    avg: value,
    p50: 'NaN',
    p90: 'NaN',
    p95: 'NaN',
    p99: 'NaN',
    p999: 'NaN',
  });
  return {
    ...taskPart(job, entry, vertex.tasks.length),
    summary: {
      checkpointed_size: flat(bytes),
      state_size: flat(bytes),
      end_to_end_duration: flat(duration),
      checkpoint_duration: { sync: flat(0), async: flat(2) },
      alignment: { buffered: flat(0), processed: flat(0), persisted: flat(0), duration: flat(0) },
      start_delay: flat(8),
    },
    subtasks: vertex.tasks.map((task) =>
      entry.status === 'COMPLETED'
        ? {
            className: 'completed',
            index: task.subtask,
            ack_timestamp: entry.endedAt,
            end_to_end_duration: duration,
            checkpointed_size: bytes,
            state_size: bytes,
            checkpoint: { sync: 0, async: 2 },
            alignment: { buffered: 0, processed: 0, persisted: 0, duration: 0 },
            start_delay: 8,
            unaligned_checkpoint: false,
            aborted: false,
            status: 'completed',
          }
        : { className: 'pending', index: task.subtask, status: 'pending_or_failed' },
    ),
  };
}
