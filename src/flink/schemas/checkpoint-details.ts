import * as z from 'zod/mini';
import type { CheckpointConfiguration, CheckpointDetail, SubtaskCheckpoint, VertexCheckpoint } from '../checkpoint-types.ts';
import { entryOf, entryShape, progressShape } from './checkpoints.ts';
import { flag, maybeNumber, number, text } from './values.ts';

/** The interval of a job that takes no checkpoints by itself is Java's `Long.MAX_VALUE`, which a double cannot hold. */
const never = 2 ** 63;

/** `GET /jobs/:id/checkpoints/config`. */
export const checkpointConfiguration = z.pipe(
  z.object({
    mode: text,
    interval: number,
    timeout: number,
    min_pause: number,
    max_concurrent: number,
    externalization: z.nullish(z.object({ enabled: z.boolean(), delete_on_cancellation: flag })),
    state_backend: text,
    checkpoint_storage: text,
    unaligned_checkpoints: flag,
    aligned_checkpoint_timeout: maybeNumber,
    tolerable_failed_checkpoints: maybeNumber,
    checkpoints_after_tasks_finish: flag,
    state_changelog_enabled: flag,
    changelog_storage: text,
    changelog_periodic_materialization_interval: maybeNumber,
  }),
  z.transform((body): CheckpointConfiguration => ({
    mode: body.mode,
    intervalMs: body.interval >= never ? undefined : body.interval,
    timeoutMs: body.timeout,
    minPauseMs: body.min_pause,
    maxConcurrent: body.max_concurrent,
    kept: keptOf(body.externalization),
    stateBackend: body.state_backend,
    storage: body.checkpoint_storage,
    unaligned: body.unaligned_checkpoints,
    alignedTimeoutMs: body.aligned_checkpoint_timeout,
    tolerableFailures: body.tolerable_failed_checkpoints,
    afterTasksFinish: body.checkpoints_after_tasks_finish,
    changelog: body.state_changelog_enabled,
    changelogStorage: body.changelog_storage,
    changelogIntervalMs: body.changelog_periodic_materialization_interval,
  })),
);

function keptOf(
  found: { readonly enabled: boolean; readonly delete_on_cancellation: boolean | undefined } | null | undefined,
): CheckpointConfiguration['kept'] {
  if (found === null || found === undefined) return undefined;
  if (!found.enabled) return 'not kept';
  return found.delete_on_cancellation === true ? 'deleted on cancel' : 'kept on cancel';
}

const task = z.object({ status: z.string(), ...progressShape });

/** Flink writes -1 for what has not happened. */
const happened = (value: number): number | undefined => (value < 0 ? undefined : value);

function vertexOf(vertexId: string, body: z.output<typeof task>): VertexCheckpoint {
  return {
    vertexId,
    status: body.status,
    acknowledged: body.num_acknowledged_subtasks,
    subtasks: body.num_subtasks,
    durationMs: happened(body.end_to_end_duration),
    acknowledgedAt: happened(body.latest_ack_timestamp),
    sizeBytes: body.state_size,
    writtenBytes: body.checkpointed_size,
    processedBytes: body.processed_data,
    persistedBytes: body.persisted_data,
  };
}

/** `GET /jobs/:id/checkpoints/details/:id`. */
export const checkpointDetail = z.pipe(
  z.object({ ...entryShape, tasks: z.record(z.string(), task) }),
  z.transform((body): CheckpointDetail => ({
    ...entryOf(body),
    vertices: Object.entries(body.tasks).map(([vertexId, one]) => vertexOf(vertexId, one)),
  })),
);

const subtask = z.object({
  index: number,
  status: z.string(),
  ack_timestamp: maybeNumber,
  end_to_end_duration: maybeNumber,
  state_size: maybeNumber,
  checkpointed_size: maybeNumber,
  checkpoint: z.nullish(z.object({ sync: maybeNumber, async: maybeNumber })),
  alignment: z.nullish(z.object({ processed: maybeNumber, persisted: maybeNumber, duration: maybeNumber })),
  start_delay: maybeNumber,
  unaligned_checkpoint: flag,
  aborted: flag,
});

const span = (value: number | undefined): number | undefined => (value === undefined ? undefined : happened(value));

/** A subtask that has not acknowledged has `pending_or_failed` as its status, and no numbers. */
function subtaskOf(body: z.output<typeof subtask>): SubtaskCheckpoint {
  const { index, ack_timestamp: at, end_to_end_duration: durationMs } = body;
  if (body.status !== 'completed' || at === undefined || durationMs === undefined) return { state: 'pending', subtask: index };
  return {
    state: 'acknowledged',
    subtask: index,
    at,
    durationMs,
    startDelayMs: span(body.start_delay),
    alignmentMs: span(body.alignment?.duration),
    syncMs: span(body.checkpoint?.sync),
    asyncMs: span(body.checkpoint?.async),
    sizeBytes: body.state_size ?? 0,
    writtenBytes: body.checkpointed_size,
    processedBytes: span(body.alignment?.processed),
    persistedBytes: span(body.alignment?.persisted),
    unaligned: body.unaligned_checkpoint,
    aborted: body.aborted,
  };
}

/** `GET /jobs/:id/checkpoints/details/:id/subtasks/:vertex`. */
export const checkpointSubtasks = z.pipe(
  z.object({ subtasks: z.array(subtask) }),
  z.transform((body): readonly SubtaskCheckpoint[] => body.subtasks.map(subtaskOf)),
);
