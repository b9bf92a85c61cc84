import type { CheckpointConfiguration, CheckpointEntry, CheckpointHistory, Spread } from '../../flink/checkpoint-types.ts';
import { formatBytes, formatDuration } from '../../support/format.ts';
import { checkpointFailure, type CheckpointFailure } from './failure-reason.ts';
import type { Split } from './split.ts';

/** A checkpoint of a job's history. */
export interface CheckpointFacts {
  readonly id: number;
  /** `checkpoint`, `unaligned checkpoint`, `savepoint`. */
  readonly kind: string;
  readonly status: string;
  readonly triggeredAt: number;
  /** Undefined: no subtask has acknowledged. */
  readonly durationMs: number | undefined;
  /** What it refers to. */
  readonly fullBytes: number;
  /** What was written for it. */
  readonly writtenBytes: number | undefined;
  readonly acknowledged: number;
  readonly subtasks: number;
  readonly path: string | undefined;
  readonly discarded: boolean | undefined;
  readonly failure: CheckpointFailure | undefined;
  /** The job was last restored from it. */
  readonly restored: boolean;
  /** Of the subtask that acknowledged last, which is when the checkpoint was complete; undefined: not known. */
  readonly split: Split | undefined;
}

export function kindOf({ type, isSavepoint }: Pick<CheckpointEntry, 'type' | 'isSavepoint'>): string {
  if (isSavepoint) return 'savepoint';
  return type === 'UNALIGNED_CHECKPOINT' ? 'unaligned checkpoint' : 'checkpoint';
}

/** What else is known of it: the checkpoint that the job was restored from, the timeout of its checkpoints, and its phases. */
interface Around {
  readonly restoredId?: number | undefined;
  readonly timeoutMs?: number | undefined;
  readonly split?: Split | undefined;
}

export function checkpointFacts(entry: CheckpointEntry, { restoredId, timeoutMs, split }: Around): CheckpointFacts {
  return {
    id: entry.id,
    kind: kindOf(entry),
    status: entry.status,
    triggeredAt: entry.triggeredAt,
    durationMs: entry.durationMs < 0 ? undefined : entry.durationMs,
    fullBytes: entry.sizeBytes,
    writtenBytes: entry.writtenBytes,
    acknowledged: entry.acknowledged,
    subtasks: entry.subtasks,
    path: entry.path,
    discarded: entry.discarded,
    failure: entry.status === 'FAILED' ? checkpointFailure(entry.failure ?? 'no reason given', timeoutMs) : undefined,
    restored: entry.id === restoredId,
    split,
  };
}

/** A measure of all completed checkpoints, as cells: `-` for what is not known. */
export interface SummaryRow {
  readonly measure: string;
  readonly cells: readonly string[];
}

export const summaryTitles = ['MIN', 'AVG', 'MAX', 'P50', 'P90', 'P95', 'P99', 'P999'] as const;

function summaryRow(measure: string, spread: Spread | undefined, text: (value: number) => string): readonly SummaryRow[] {
  if (spread === undefined) return [];
  const { min, average, max, p50, p90, p95, p99, p999 } = spread;
  return [{ measure, cells: [min, average, max, p50, p90, p95, p99, p999].map((value) => (value === undefined ? '-' : text(value))) }];
}

/** Nothing without a completed checkpoint: Flink's zeros would be read as measured. */
export function summaryRows({ summary, completed }: Pick<CheckpointHistory, 'summary' | 'completed'>): readonly SummaryRow[] {
  if (summary === undefined || completed === 0) return [];
  return [
    ...summaryRow('duration', summary.durationMs, formatDuration),
    ...summaryRow('full size', summary.sizeBytes, formatBytes),
    ...summaryRow('written', summary.writtenBytes, formatBytes),
    ...summaryRow('while aligning', summary.processedBytes, formatBytes),
    ...summaryRow('in flight', summary.persistedBytes, formatBytes),
  ];
}

export interface ConfigurationRow {
  readonly label: string;
  readonly value: string;
}

const yesNo = (value: boolean | undefined): string => (value === undefined ? '-' : value ? 'yes' : 'no');
const span = (ms: number | undefined): string => (ms === undefined ? '-' : formatDuration(ms));

/** The configuration of a job's checkpoints, in the order of Flink's documentation; settings that a server does not report are left out. */
export function configurationRows(found: CheckpointConfiguration): readonly ConfigurationRow[] {
  const rows: readonly (ConfigurationRow | undefined)[] = [
    { label: 'interval', value: found.intervalMs === undefined ? 'none: only on request' : span(found.intervalMs) },
    { label: 'mode', value: found.mode?.replaceAll('_', ' ') ?? '-' },
    { label: 'timeout', value: span(found.timeoutMs) },
    { label: 'pause between', value: span(found.minPauseMs) },
    { label: 'at the same time', value: String(found.maxConcurrent) },
    { label: 'tolerated failures', value: found.tolerableFailures === undefined ? '-' : String(found.tolerableFailures) },
    { label: 'unaligned', value: unalignedWords(found) },
    { label: 'after the job', value: found.kept ?? '-' },
    { label: 'after tasks finish', value: yesNo(found.afterTasksFinish) },
    { label: 'state backend', value: found.stateBackend ?? '-' },
    { label: 'storage', value: found.storage ?? '-' },
    found.changelog === true
      ? { label: 'changelog', value: `${found.changelogStorage ?? '-'}, materialised every ${span(found.changelogIntervalMs)}` }
      : undefined,
  ];
  return rows.filter((row) => row !== undefined).filter(({ value }) => value !== '-');
}

function unalignedWords({ unaligned, alignedTimeoutMs }: CheckpointConfiguration): string {
  if (unaligned !== true) return yesNo(unaligned);
  return alignedTimeoutMs === undefined || alignedTimeoutMs === 0 ? 'yes' : `after ${span(alignedTimeoutMs)} of alignment`;
}

/** `14 so far: 13 completed, 1 failed; restored twice`. */
export function countWords({ total, completed, failed, inProgress, restored }: CheckpointHistory): string {
  const parts = [`${completed} completed`, `${failed} failed`, ...(inProgress === 0 ? [] : [`${inProgress} in progress`])];
  const times = restored === 0 ? '' : `; restored ${restored === 1 ? 'once' : restored === 2 ? 'twice' : `${restored} times`}`;
  return `${total} so far: ${parts.join(', ')}${times}`;
}
