import type { Call } from './call.ts';

export interface Checkpoint {
  readonly id: number;
  readonly status: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED' | (string & {});
  readonly isSavepoint: boolean;
  readonly triggeredAt: number;
  readonly endedAt: number | undefined;
  readonly durationMs: number;
  readonly sizeBytes: number;
  readonly acknowledged: number;
  readonly subtasks: number;
  readonly path: string | undefined;
  readonly failure: string | undefined;
}

export interface RestoredCheckpoint {
  readonly id: number;
  readonly at: number;
  readonly isSavepoint: boolean;
  readonly path: string | undefined;
}

/** `GET /jobs/:id/checkpoints`; `undefined` if checkpointing is off. */
export interface CheckpointStatistics {
  readonly restored: number;
  readonly completed: number;
  readonly failed: number;
  readonly inProgress: number;
  readonly latestCompleted: Checkpoint | undefined;
  readonly latestSavepoint: Checkpoint | undefined;
  readonly latestFailed: Checkpoint | undefined;
  /** What the job was started from, or last restarted from after a failure. */
  readonly latestRestored: RestoredCheckpoint | undefined;
  /** Newest first. */
  readonly history: readonly Checkpoint[];
}

/** A checkpoint with everything that its job's history says about it. What a version does not report is undefined. */
export interface CheckpointEntry extends Checkpoint {
  /** `CHECKPOINT`, `UNALIGNED_CHECKPOINT`, `SAVEPOINT` or `SYNC_SAVEPOINT`. */
  readonly type: string | undefined;
  readonly savepointFormat: string | undefined;
  /** What was written for it; `sizeBytes` counts what it refers to as well. */
  readonly writtenBytes: number | undefined;
  /** Data that arrived while barriers were aligned. */
  readonly processedBytes: number | undefined;
  /** Data in flight that belongs to it, if it is unaligned. */
  readonly persistedBytes: number | undefined;
  /** Its files were deleted. */
  readonly discarded: boolean | undefined;
}

/** Flink has percentiles since 1.14; each is undefined until there is a value. */
export interface Spread {
  readonly min: number | undefined;
  readonly average: number | undefined;
  readonly p50: number | undefined;
  readonly p90: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
  readonly p999: number | undefined;
  readonly max: number | undefined;
}

/** The completed checkpoints of a job in numbers. */
export interface CheckpointSummary {
  readonly durationMs: Spread | undefined;
  readonly sizeBytes: Spread | undefined;
  readonly writtenBytes: Spread | undefined;
  readonly processedBytes: Spread | undefined;
  readonly persistedBytes: Spread | undefined;
}

/** `GET /jobs/:id/checkpoints`, all of it. */
export interface CheckpointHistory extends CheckpointStatistics {
  readonly total: number;
  readonly summary: CheckpointSummary | undefined;
  readonly history: readonly CheckpointEntry[];
}

/** `GET /jobs/:id/checkpoints/config`. */
export interface CheckpointConfiguration {
  readonly mode: string | undefined;
  /** Undefined: none is taken by itself. */
  readonly intervalMs: number | undefined;
  readonly timeoutMs: number;
  readonly minPauseMs: number;
  readonly maxConcurrent: number;
  readonly kept: 'not kept' | 'deleted on cancel' | 'kept on cancel' | undefined;
  readonly stateBackend: string | undefined;
  readonly storage: string | undefined;
  readonly unaligned: boolean | undefined;
  readonly alignedTimeoutMs: number | undefined;
  readonly tolerableFailures: number | undefined;
  readonly afterTasksFinish: boolean | undefined;
  readonly changelog: boolean | undefined;
  readonly changelogStorage: string | undefined;
  readonly changelogIntervalMs: number | undefined;
}

/** One operator's part of a checkpoint. */
export interface VertexCheckpoint {
  readonly vertexId: string;
  readonly status: string;
  readonly acknowledged: number;
  readonly subtasks: number;
  /** From the trigger to the last acknowledgement; undefined: none yet. */
  readonly durationMs: number | undefined;
  readonly acknowledgedAt: number | undefined;
  readonly sizeBytes: number;
  readonly writtenBytes: number | undefined;
  readonly processedBytes: number | undefined;
  readonly persistedBytes: number | undefined;
}

/** `GET /jobs/:id/checkpoints/details/:id`. */
export interface CheckpointDetail extends CheckpointEntry {
  readonly vertices: readonly VertexCheckpoint[];
}

/** One subtask's part of a checkpoint. `pending`: it did not acknowledge, which is final once the checkpoint failed. */
export type SubtaskCheckpoint =
  | { readonly state: 'pending'; readonly subtask: number }
  | {
      readonly state: 'acknowledged';
      readonly subtask: number;
      readonly at: number;
      /** From the trigger to its acknowledgement. */
      readonly durationMs: number;
      /** From the trigger to the first barrier. */
      readonly startDelayMs: number | undefined;
      /** From the first barrier to the last one. */
      readonly alignmentMs: number | undefined;
      /** In the task's own thread, which processes nothing meanwhile. */
      readonly syncMs: number | undefined;
      /** Beside the task. */
      readonly asyncMs: number | undefined;
      readonly sizeBytes: number;
      readonly writtenBytes: number | undefined;
      readonly processedBytes: number | undefined;
      readonly persistedBytes: number | undefined;
      readonly unaligned: boolean | undefined;
      readonly aborted: boolean | undefined;
    };

export interface CheckpointCalls {
  /** What the session keeps of every job; undefined if checkpointing is off. */
  checkpoints(id: string, call?: Call): Promise<CheckpointStatistics | undefined>;
  /** All that the server tells; undefined if checkpointing is off. */
  checkpointHistory(id: string, call?: Call): Promise<CheckpointHistory | undefined>;
  /** Undefined if checkpointing is off. */
  checkpointConfiguration(id: string, call?: Call): Promise<CheckpointConfiguration | undefined>;
  /** Rejects with `not-found` once the server no longer knows the checkpoint. */
  checkpointDetail(id: string, checkpoint: number, call?: Call): Promise<CheckpointDetail>;
  checkpointSubtasks(id: string, checkpoint: number, vertex: string, call?: Call): Promise<readonly SubtaskCheckpoint[]>;
}
