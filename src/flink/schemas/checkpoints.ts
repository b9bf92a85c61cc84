import * as z from 'zod/mini';
import type { CheckpointEntry, CheckpointHistory, Spread } from '../checkpoint-types.ts';
import { flag, maybeNumber, number, text } from './values.ts';

/** How far a checkpoint is, or one vertex of it: the same members in the history and in the details. */
export const progressShape = {
  latest_ack_timestamp: number,
  end_to_end_duration: number,
  state_size: number,
  checkpointed_size: maybeNumber,
  processed_data: maybeNumber,
  persisted_data: maybeNumber,
  num_subtasks: number,
  num_acknowledged_subtasks: number,
};

export const entryShape = {
  id: number,
  status: z.string(),
  is_savepoint: z.boolean(),
  savepointFormat: text,
  checkpoint_type: text,
  trigger_timestamp: number,
  ...progressShape,
  external_path: text,
  discarded: flag,
  failure_message: text,
  failure_timestamp: z.optional(number),
};

const entryFields = z.object(entryShape);

/** One entry. The type tag `className` differs between versions, so only `status` is used. */
export const entryOf = (entry: z.output<typeof entryFields>): CheckpointEntry => ({
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
  type: entry.checkpoint_type,
  savepointFormat: entry.savepointFormat,
  writtenBytes: entry.checkpointed_size,
  processedBytes: entry.processed_data,
  persistedBytes: entry.persisted_data,
  discarded: entry.discarded,
});

const checkpoint = z.pipe(entryFields, z.transform(entryOf));

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

/** Until there is a value, a percentile is `"NaN"`. */
const known = (value: number | undefined): number | undefined => (value === undefined || Number.isNaN(value) ? undefined : value);

const spread = z.pipe(
  z.nullish(
    z.object({
      min: maybeNumber,
      max: maybeNumber,
      avg: maybeNumber,
      p50: maybeNumber,
      p90: maybeNumber,
      p95: maybeNumber,
      p99: maybeNumber,
      p999: maybeNumber,
    }),
  ),
  z.transform((body): Spread | undefined =>
    body === null || body === undefined
      ? undefined
      : {
          min: known(body.min),
          average: known(body.avg),
          p50: known(body.p50),
          p90: known(body.p90),
          p95: known(body.p95),
          p99: known(body.p99),
          p999: known(body.p999),
          max: known(body.max),
        },
  ),
);

/** `GET /jobs/:id/checkpoints`. */
export const checkpoints = z.pipe(
  z.object({
    counts: z.object({ restored: number, total: maybeNumber, completed: number, failed: number, in_progress: number }),
    summary: z.nullish(
      z.object({
        end_to_end_duration: spread,
        state_size: spread,
        checkpointed_size: spread,
        processed_data: spread,
        persisted_data: spread,
      }),
    ),
    latest: z.object({ completed: latest, savepoint: latest, failed: latest, restored }),
    history: z.array(checkpoint),
  }),
  z.transform((body): CheckpointHistory => ({
    total: body.counts.total ?? body.counts.completed + body.counts.failed + body.counts.in_progress,
    summary:
      body.summary === null || body.summary === undefined
        ? undefined
        : {
            durationMs: body.summary.end_to_end_duration,
            sizeBytes: body.summary.state_size,
            writtenBytes: body.summary.checkpointed_size,
            processedBytes: body.summary.processed_data,
            persistedBytes: body.summary.persisted_data,
          },
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
