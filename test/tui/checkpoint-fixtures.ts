import { byDelay, holdupOf, type NamedVertex } from '../../src/inside/checkpoints/holdup.ts';
import type { CheckpointFacts } from '../../src/inside/checkpoints/overview.ts';
import type { Acknowledged, Split } from '../../src/inside/checkpoints/split.ts';
import { failuresOf } from '../../src/inside/exceptions/failures.ts';
import { checkpointConfiguration } from '../support/checkpoints.ts';
import { jobConfiguration } from '../support/job-detail.ts';
import type { Inspection } from '../../src/session/inspections/inspections.ts';

/** The moment of `richSession`. */
const now = Date.UTC(2026, 10, 22, 11, 34, 20, 500);
const second = 1_000;

const split = (sync: number, rest: number): Split => ({ 'start delay': 20, alignment: 0, sync, async: 5, other: rest });

export const checkpoint = (id: number, more: Partial<CheckpointFacts> = {}): CheckpointFacts => ({
  id,
  kind: 'checkpoint',
  status: 'COMPLETED',
  triggeredAt: now - (45 - id) * 10 * second,
  durationMs: 5_030,
  fullBytes: 12_400_000,
  writtenBytes: 1_200_000,
  acknowledged: 8,
  subtasks: 8,
  path: `s3://bucket/checkpoints/chk-${id}`,
  discarded: false,
  failure: undefined,
  restored: false,
  split: split(5_000, 5),
  ...more,
});

const operator = (name: string, vertexId: string, durationMs: number): NamedVertex => ({
  name,
  vertexId,
  status: 'COMPLETED',
  acknowledged: 4,
  subtasks: 4,
  durationMs,
  acknowledgedAt: now,
  sizeBytes: 6_200_000,
  writtenBytes: 600_000,
  processedBytes: 0,
  persistedBytes: 0,
});

const acknowledged = (subtask: number, durationMs: number, syncMs: number): Acknowledged => ({
  state: 'acknowledged',
  subtask,
  at: now,
  durationMs,
  startDelayMs: 20,
  alignmentMs: 0,
  syncMs,
  asyncMs: 5,
  sizeBytes: 1_550_000,
  writtenBytes: 150_000,
  processedBytes: 0,
  persistedBytes: 0,
  unaligned: false,
  aborted: false,
});

const stack = [
  'java.lang.RuntimeException: record could not be processed',
  '\tat orders.Enrich.map(Enrich.java:42)',
  '\tat org.apache.flink.streaming.api.operators.StreamMap.processElement(StreamMap.java:37)',
  '\tat java.base/java.lang.Thread.run(Thread.java:840)',
  'Caused by: java.io.IOException: disk quota exceeded',
  '\tat orders.Enrich.lookUp(Enrich.java:57)',
  '\t... 2 more',
].join('\n');

/** What places show of the checkpoints, the failures and the configuration of a job. */
export function checkpointsAndFailures(job: string, taskManager: string): readonly Inspection[] {
  const rows = [
    checkpoint(43, { status: 'IN_PROGRESS', durationMs: undefined, acknowledged: 6, path: undefined, split: undefined }),
    checkpoint(42, { restored: true }),
    checkpoint(41, {
      status: 'FAILED',
      path: undefined,
      split: undefined,
      failure: { words: 'it did not complete in time (10m)', original: 'Checkpoint expired before completing.' },
    }),
  ];
  const vertices = [operator('Sink: Print', 'v2', 40), operator('Source: Orders', 'v1', 5_030)].toSorted(byDelay);
  const subtasks = [acknowledged(2, 5_030, 5_000), acknowledged(0, 31, 3), acknowledged(1, 30, 3), acknowledged(3, 29, 3)];
  const failures = failuresOf({
    failures: [now - 14 * second, now - 40 * second].map((at) => ({
      exceptionName: 'java.lang.RuntimeException',
      stacktrace: stack,
      at,
      taskName: 'Sink: Print (3/4) - execution #1',
      taskManagerId: taskManager,
      endpoint: '10.1.0.7:6122',
      labels: {},
      concurrent: [],
    })),
  });
  const read = { readAt: now, problem: undefined };
  return [
    {
      subject: { kind: 'checkpoints', job },
      facts: {
        on: true,
        counts: '43 so far: 41 completed, 1 failed, 1 in progress',
        completed: 41,
        restored: { id: 42, at: now - 60 * second, isSavepoint: false, path: 's3://bucket/checkpoints/chk-42' },
        latestSavepoint: undefined,
        rows,
        summary: undefined,
        configuration: undefined,
      },
      ...read,
    },
    ...rows.slice(1).map((row): Inspection => ({
      subject: { kind: 'checkpoint', job, id: row.id, vertex: undefined },
      facts: { checkpoint: row, vertices, vertexId: 'v1', subtasks, holdup: holdupOf(row, vertices, subtasks) },
      ...read,
    })),
    {
      subject: { kind: 'job-configuration', job },
      facts: {
        configuration: jobConfiguration({ restartStrategy: 'Exponential delay', parallelism: 4, user: { '--topic': 'orders' } }),
        checkpoints: checkpointConfiguration(),
      },
      ...read,
    },
    { subject: { kind: 'exceptions', job }, facts: { failures, truncated: false }, ...read },
    ...failures.map((failure): Inspection => ({ subject: { kind: 'exception', job, id: failure.id }, facts: failure, ...read })),
  ];
}
