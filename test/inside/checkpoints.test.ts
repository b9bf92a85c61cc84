import { describe, expect, test } from 'vitest';
import type { SubtaskCheckpoint, VertexCheckpoint } from '../../src/flink/checkpoint-types.ts';
import { checkpointFailure } from '../../src/inside/checkpoints/failure-reason.ts';
import { byDelay, holdupOf, subtaskByDelay, type NamedVertex } from '../../src/inside/checkpoints/holdup.ts';
import { checkpointFacts, configurationRows, countWords, summaryRows } from '../../src/inside/checkpoints/overview.ts';
import { checkpointConfiguration } from '../support/checkpoints.ts';
import { longestPhase, phases, splitOf, type Acknowledged } from '../../src/inside/checkpoints/split.ts';

const subtask = (index: number, durationMs: number, more: Partial<Acknowledged> = {}): Acknowledged => ({
  state: 'acknowledged',
  subtask: index,
  at: 1000 + durationMs,
  durationMs,
  startDelayMs: 5,
  alignmentMs: 0,
  syncMs: 0,
  asyncMs: 1,
  sizeBytes: 10,
  writtenBytes: 10,
  processedBytes: 0,
  persistedBytes: 0,
  unaligned: false,
  aborted: false,
  ...more,
});

const vertex = (name: string, durationMs: number, more: Partial<VertexCheckpoint> = {}): NamedVertex => ({
  vertexId: name.toLowerCase(),
  name,
  status: 'COMPLETED',
  acknowledged: 2,
  subtasks: 2,
  durationMs,
  acknowledgedAt: 1,
  sizeBytes: 10,
  writtenBytes: 10,
  processedBytes: 0,
  persistedBytes: 0,
  ...more,
});

const completed = { status: 'COMPLETED' };

describe('the phases of a checkpoint', () => {
  test('together are the time until the acknowledgement', () => {
    const split = splitOf(subtask(0, 100, { startDelayMs: 20, alignmentMs: 30, syncMs: 10, asyncMs: 5 }));
    expect(split).toEqual({ 'start delay': 20, alignment: 30, sync: 10, async: 5, other: 35 });
    expect(phases.reduce((sum, phase) => sum + (split?.[phase] ?? 0), 0)).toBe(100);
    expect(split === undefined ? undefined : longestPhase(split)).toBe('other');
  });

  test('of an unaligned checkpoint overlap: none of them is negative', () => {
    expect(splitOf(subtask(0, 100, { alignmentMs: 90, asyncMs: 95 }))?.other).toBe(0);
  });

  test('are unknown if the server does not report them', () => {
    expect(splitOf(subtask(0, 100, { syncMs: undefined }))).toBeUndefined();
  });
});

describe('who holds up a checkpoint', () => {
  test('a subtask that took much longer than the others, with the phase that took it', () => {
    const found = holdupOf(
      completed,
      [vertex('Count', 5020), vertex('Source', 20)],
      [subtask(0, 18), subtask(1, 5020, { syncMs: 5000 }), subtask(2, 20)],
    );
    expect(found).toEqual({
      vertexId: 'count',
      subtask: 1,
      sentence:
        'Subtask 1 of Count held it up: it acknowledged after 5s, the others of this operator after 20ms (median). 5s of that (100%) was the synchronous part, in which the task processes nothing.',
    });
  });

  test('an operator all of whose subtasks are slow', () => {
    const slow = { syncMs: 3000 };
    expect(
      holdupOf(completed, [vertex('Count', 3020), vertex('Source', 20)], [subtask(0, 3020, slow), subtask(1, 3018, slow)]),
    ).toMatchObject({
      vertexId: 'count',
      subtask: undefined,
      sentence: expect.stringMatching(
        /^Count held it up: it acknowledged after 3s, the next operator, Source, after 20ms\. 3s of that \(99%\)/,
      ),
    });
  });

  test('nobody, if it was quick, or if all took about as long', () => {
    expect(holdupOf(completed, [vertex('Count', 40), vertex('Source', 2)], undefined)?.sentence).toBe(
      'No operator holds it up: all acknowledged within 40ms.',
    );
    const found = holdupOf(
      completed,
      [vertex('Count', 3000), vertex('Source', 2500)],
      [subtask(0, 3000, { startDelayMs: 2900 }), subtask(1, 2800)],
    );
    expect(found).toMatchObject({ vertexId: undefined });
    expect(found?.sentence).toMatch(/^No operator stands out: they acknowledged after 2\.5s to 3s\. 2\.9s of that .*start delay/);
  });

  test('no phase is named that has less than half of the time', () => {
    const even = { startDelayMs: 800, alignmentMs: 800, syncMs: 700, asyncMs: 700 };
    expect(holdupOf(completed, [vertex('Count', 3000)], [subtask(0, 3000, even)])?.sentence).toBe(
      'Count held it up: it acknowledged after 3s.',
    );
  });

  test('subtasks that have not acknowledged', () => {
    const late = [vertex('Count', 10, { acknowledged: 1, status: 'IN_PROGRESS' }), vertex('Source', 20)];
    const subtasks: readonly SubtaskCheckpoint[] = [{ state: 'pending', subtask: 1 }, subtask(0, 10)];
    expect(holdupOf({ status: 'IN_PROGRESS' }, late, subtasks)).toEqual({
      vertexId: 'count',
      subtask: 1,
      sentence: 'It waits for subtasks: 1 of 2 of Count: subtask 1.',
    });
    expect(holdupOf({ status: 'FAILED' }, late, undefined)?.sentence).toBe('These subtasks did not acknowledge: 1 of 2 of Count.');
  });

  test('is on top of the drill-down: what is missing, then the slowest', () => {
    const vertices = [vertex('Quick', 1), vertex('Slow', 100), vertex('Missing', 5, { acknowledged: 0 })];
    expect(vertices.toSorted(byDelay).map(({ name }) => name)).toEqual(['Missing', 'Slow', 'Quick']);
    const subtasks: readonly SubtaskCheckpoint[] = [
      subtask(0, 1),
      subtask(1, 9),
      { state: 'pending', subtask: 2 },
      { state: 'pending', subtask: 3 },
    ];
    expect(subtasks.toSorted(subtaskByDelay).map((one) => one.subtask)).toEqual([2, 3, 1, 0]);
  });
});

test.each([
  ['Checkpoint expired before completing.', 600_000, 'it did not complete in time (10m)'],
  [
    'An Exception occurred while triggering the checkpoint. IO-problem detected.',
    undefined,
    'the JobManager could not read or write a file when it began the checkpoint',
  ],
  [
    'Task name with subtask : map (1/2)#0 Failure reason: Checkpoint was declined (task is closing)',
    undefined,
    'a task was ending: task map (1/2)#0',
  ],
  [
    'Could not materialise snapshot. Failure reason: Checkpoint was declined.',
    undefined,
    'a task refused it: Could not materialise snapshot',
  ],
  ['Something new of a later version.', undefined, 'Something new of a later version'],
])('"%s" in words', (original, timeoutMs, words) => {
  expect(checkpointFailure(original, timeoutMs)).toEqual({ words, original });
});

const entry = {
  id: 7,
  status: 'COMPLETED',
  isSavepoint: false,
  triggeredAt: 1,
  endedAt: 2,
  durationMs: 1,
  sizeBytes: 100,
  acknowledged: 1,
  subtasks: 1,
  path: 'file:/x',
  failure: undefined,
  type: 'UNALIGNED_CHECKPOINT',
  savepointFormat: undefined,
  writtenBytes: 10,
  processedBytes: 0,
  persistedBytes: 0,
  discarded: false,
};

test('a checkpoint of the history has its kind, its sizes, and whether the job was restored from it', () => {
  expect(checkpointFacts(entry, { restoredId: 7 })).toMatchObject({
    kind: 'unaligned checkpoint',
    restored: true,
    fullBytes: 100,
    writtenBytes: 10,
  });
  expect(checkpointFacts({ ...entry, isSavepoint: true, status: 'FAILED' }, {})).toMatchObject({
    kind: 'savepoint',
    restored: false,
    failure: { words: 'no reason given' },
  });
});

test('percentiles are shown once there is a checkpoint, and are unknown on servers that have none', () => {
  const spread = { min: 1, average: 2, p50: undefined, p90: undefined, p95: undefined, p99: undefined, p999: undefined, max: 3 };
  const summary = {
    durationMs: spread,
    sizeBytes: undefined,
    writtenBytes: undefined,
    processedBytes: undefined,
    persistedBytes: undefined,
  };
  expect(summaryRows({ summary, completed: 0 })).toEqual([]);
  expect(summaryRows({ summary, completed: 2 })).toEqual([{ measure: 'duration', cells: ['1ms', '2ms', '3ms', '-', '-', '-', '-', '-'] }]);
});

test('the configuration says what is not periodic, and leaves out what the server does not report', () => {
  const rows = configurationRows(
    checkpointConfiguration({ intervalMs: undefined, unaligned: true, alignedTimeoutMs: 30_000, changelog: false }),
  );
  expect(rows.map(({ label, value }) => `${label}: ${value}`)).toEqual([
    'interval: none: only on request',
    'mode: exactly once',
    'timeout: 10m',
    'pause between: 0s',
    'at the same time: 1',
    'unaligned: after 30s of alignment',
  ]);
});

test('the counts in words', () => {
  const history = { total: 15, completed: 13, failed: 1, inProgress: 1, restored: 2 };
  expect(
    countWords({
      ...history,
      latestCompleted: undefined,
      latestSavepoint: undefined,
      latestFailed: undefined,
      latestRestored: undefined,
      summary: undefined,
      history: [],
    }),
  ).toBe('15 so far: 13 completed, 1 failed, 1 in progress; restored twice');
});
