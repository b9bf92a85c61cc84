import type { CheckpointConfiguration, CheckpointEntry, CheckpointHistory } from '../../src/flink/checkpoint-types.ts';

/** A complete checkpoint of one subtask. */
export const checkpointEntry = ({ id, ...more }: Partial<CheckpointEntry> & Pick<CheckpointEntry, 'id'>): CheckpointEntry => ({
  id,
  status: 'COMPLETED',
  isSavepoint: false,
  triggeredAt: id,
  endedAt: undefined,
  durationMs: 500,
  sizeBytes: 1,
  acknowledged: 1,
  subtasks: 1,
  path: undefined,
  failure: undefined,
  type: 'CHECKPOINT',
  savepointFormat: undefined,
  writtenBytes: 1,
  processedBytes: 0,
  persistedBytes: 0,
  discarded: false,
  ...more,
});

/** The history of a job with these checkpoints, newest first. */
export const checkpointHistory = (entries: readonly CheckpointEntry[]): CheckpointHistory => ({
  restored: 0,
  total: entries.length,
  completed: entries.length,
  failed: 0,
  inProgress: 0,
  latestCompleted: entries[0],
  latestSavepoint: undefined,
  latestFailed: undefined,
  latestRestored: undefined,
  summary: undefined,
  history: entries,
});

/** How a job takes checkpoints, as far as every server reports it. */
export const checkpointConfiguration = (given: Partial<CheckpointConfiguration> = {}): CheckpointConfiguration => ({
  mode: 'exactly_once',
  intervalMs: 10_000,
  timeoutMs: 600_000,
  minPauseMs: 0,
  maxConcurrent: 1,
  kept: undefined,
  stateBackend: undefined,
  storage: undefined,
  unaligned: undefined,
  alignedTimeoutMs: undefined,
  tolerableFailures: undefined,
  afterTasksFinish: undefined,
  changelog: undefined,
  changelogStorage: undefined,
  changelogIntervalMs: undefined,
  ...given,
});
