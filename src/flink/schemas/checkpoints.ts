import * as z from 'zod/mini';
import type { Checkpoint, CheckpointStatistics } from '../types.ts';
import { number, text } from './values.ts';

/** One entry. The type tag `className` differs between versions, so only `status` is used. */
const checkpoint = z.pipe(
  z.object({
    id: number,
    status: z.string(),
    is_savepoint: z.boolean(),
    trigger_timestamp: number,
    latest_ack_timestamp: number,
    end_to_end_duration: number,
    state_size: number,
    num_subtasks: number,
    num_acknowledged_subtasks: number,
    external_path: text,
    failure_message: text,
    failure_timestamp: z.optional(number),
  }),
  z.transform((entry): Checkpoint => ({
    id: entry.id,
    status: entry.status,
    isSavepoint: entry.is_savepoint,
    triggeredAt: entry.trigger_timestamp,
    endedAt: endOf(entry.status, entry.latest_ack_timestamp, entry.failure_timestamp),
    durationMs: entry.end_to_end_duration,
    sizeBytes: entry.state_size,
    acknowledged: entry.num_acknowledged_subtasks,
    subtasks: entry.num_subtasks,
    path: entry.external_path,
    failure: entry.failure_message,
  })),
);

function endOf(status: string, acknowledged: number, failed: number | undefined): number | undefined {
  if (status === 'COMPLETED') return acknowledged;
  return status === 'FAILED' ? failed : undefined;
}

const latest = z.pipe(
  z.nullish(checkpoint),
  z.transform((value) => value ?? undefined),
);

const restored = z.pipe(
  z.nullish(z.object({ id: number, restore_timestamp: number, is_savepoint: z.boolean(), external_path: text })),
  z.transform((entry) =>
    entry === null || entry === undefined
      ? undefined
      : { id: entry.id, at: entry.restore_timestamp, isSavepoint: entry.is_savepoint, path: entry.external_path },
  ),
);

/** `GET /jobs/:id/checkpoints`. */
export const checkpoints = z.pipe(
  z.object({
    counts: z.object({ restored: number, completed: number, failed: number, in_progress: number }),
    latest: z.object({ completed: latest, savepoint: latest, failed: latest, restored }),
    history: z.array(checkpoint),
  }),
  z.transform((body): CheckpointStatistics => ({
    restored: body.counts.restored,
    completed: body.counts.completed,
    failed: body.counts.failed,
    inProgress: body.counts.in_progress,
    latestCompleted: body.latest.completed,
    latestSavepoint: body.latest.savepoint,
    latestFailed: body.latest.failed,
    latestRestored: body.latest.restored,
    history: body.history.toSorted((a, b) => b.id - a.id),
  })),
);
