import * as z from 'zod/mini';
import { expect, test } from 'vitest';
import { checkpointConfiguration, checkpointDetail, checkpointSubtasks } from '../../src/flink/schemas/checkpoint-details.ts';
import { checkpoints } from '../../src/flink/schemas/checkpoints.ts';
import { exceptionHistory } from '../../src/flink/schemas/exceptions.ts';
import { createFlinkClient } from '../../src/flink/client.ts';
import { fixedRoute } from '../../src/flink/route.ts';
import { capture, captureText, restServer } from './rest-server.ts';

const read = <S extends z.ZodMiniType>(schema: S, name: string): z.output<S> => z.parse(schema, JSON.parse(captureText(name)));

test('the history of checkpoints has what was written, what kind each is, and how long they take', () => {
  const found = read(checkpoints, 'job-running-checkpoints-2');
  expect(found).toMatchObject({ total: 14, completed: 13, failed: 1 });
  expect(found.summary?.durationMs).toEqual({
    min: 19,
    average: 48,
    p50: 26,
    p90: 183.19999999999993,
    p95: 246,
    p99: 246,
    p999: 246,
    max: 246,
  });
  expect(found.history[0]).toMatchObject({
    id: 13,
    type: 'CHECKPOINT',
    savepointFormat: undefined,
    sizeBytes: 6714,
    writtenBytes: 6714,
    processedBytes: 0,
    discarded: false,
  });
});

test('percentiles are unknown until there is a checkpoint, and not a number', () => {
  const nothing = { min: 0, max: 0, avg: 0, p50: 'NaN', p90: 'NaN', p95: 'NaN', p99: 'NaN', p999: 'NaN' };
  const found = z.parse(checkpoints, {
    counts: { restored: 0, total: 0, in_progress: 0, completed: 0, failed: 0 },
    summary: {
      end_to_end_duration: nothing,
      state_size: nothing,
      checkpointed_size: nothing,
      processed_data: nothing,
      persisted_data: nothing,
    },
    latest: { completed: null, savepoint: null, failed: null, restored: null },
    history: [],
  });
  expect(found.summary?.durationMs).toMatchObject({ p50: undefined, p999: undefined });
});

test('a server without percentiles and totals is understood: Flink before 1.14', () => {
  const found = z.parse(checkpoints, {
    counts: { restored: 0, in_progress: 1, completed: 2, failed: 3 },
    summary: { end_to_end_duration: { min: 1, max: 3, avg: 2 }, state_size: { min: 1, max: 3, avg: 2 } },
    latest: { completed: null, savepoint: null, failed: null, restored: null },
    history: [],
  });
  expect(found).toMatchObject({ total: 6, summary: { durationMs: { average: 2, p50: undefined }, writtenBytes: undefined } });
});

test('the settings of checkpoints', () => {
  expect(read(checkpointConfiguration, 'job-running-checkpoints-config')).toMatchObject({
    mode: 'exactly_once',
    intervalMs: 2000,
    timeoutMs: 30_000,
    kept: 'kept on cancel',
    stateBackend: 'HashMapStateBackend',
    tolerableFailures: 0,
  });
  expect(read(checkpointConfiguration, 'job-backpressured-checkpoints-config').intervalMs).toBeUndefined();
});

test('the settings of a server that reports fewer of them: Flink 1.9', () => {
  const found = z.parse(checkpointConfiguration, {
    mode: 'at_least_once',
    interval: 1000,
    timeout: 2000,
    min_pause: 0,
    max_concurrent: 1,
    externalization: { enabled: false, delete_on_cancellation: true },
  });
  expect(found).toMatchObject({ kept: 'not kept', stateBackend: undefined, unaligned: undefined });
});

test('a checkpoint has its part of every operator, and that of every subtask', () => {
  const { id, vertices } = read(checkpointDetail, 'checkpoint-details');
  expect(id).toBe(13);
  expect(vertices).toHaveLength(2);
  expect(vertices[0]).toMatchObject({ status: 'COMPLETED', acknowledged: 2, subtasks: 2, durationMs: 20, sizeBytes: 530 });
  expect(read(checkpointSubtasks, 'checkpoint-details-subtasks')[1]).toEqual({
    state: 'acknowledged',
    subtask: 1,
    at: 1795345462184,
    durationMs: 20,
    startDelayMs: 8,
    alignmentMs: 0,
    syncMs: 1,
    asyncMs: 1,
    sizeBytes: 3092,
    writtenBytes: 3092,
    processedBytes: 0,
    persistedBytes: 0,
    unaligned: false,
    aborted: false,
  });
});

test('a subtask that has not acknowledged has no numbers, and an operator without any has no duration', () => {
  const found = z.parse(checkpointSubtasks, { subtasks: [{ className: 'pending', index: 3, status: 'pending_or_failed' }] });
  expect(found).toEqual([{ state: 'pending', subtask: 3 }]);
  const detail = JSON.parse(captureText('checkpoint-details')) as { tasks: Record<string, Record<string, number>> };
  const tasks = Object.fromEntries(
    Object.entries(detail.tasks).map(([vertex, task]) => [vertex, { ...task, latest_ack_timestamp: -1, end_to_end_duration: -1 }]),
  );
  expect(z.parse(checkpointDetail, { ...detail, tasks }).vertices[0]).toMatchObject({ durationMs: undefined, acknowledgedAt: undefined });
});

test('a batch job has no checkpoints and no settings of them, which is not an error', async () => {
  await using server = await restServer(({ path }) =>
    capture(path.endsWith('/config') ? 'batch-job-checkpoints-config' : 'batch-job-checkpoints', 404),
  );
  await using client = createFlinkClient({ router: fixedRoute(server.url) });
  expect(await client.checkpointHistory('b')).toBeUndefined();
  expect(await client.checkpointConfiguration('b')).toBeUndefined();
});

test('what a session keeps of every job is less than what is read of one', async () => {
  await using server = await restServer(() => capture('job-running-checkpoints-2'));
  await using client = createFlinkClient({ router: fixedRoute(server.url) });
  const [kept, whole] = await Promise.all([client.checkpoints('a'), client.checkpointHistory('a')]);
  expect(server.seen).toHaveLength(1);
  expect(whole?.history[0]).toMatchObject(kept?.history[0] ?? {});
  expect(kept).not.toHaveProperty('summary');
  expect(kept?.history[0]).not.toHaveProperty('writtenBytes');
});

test('exceptions have their task, their TaskManager, their labels, and those that came with them', () => {
  const { failures, truncated } = read(exceptionHistory, 'job-failed-exceptions');
  expect(truncated).toBe(false);
  expect(failures.map(({ at }) => at)).toEqual([1795345440517, 1795345439534, 1795345438464]);
  expect(failures[0]).toMatchObject({ exceptionName: 'org.apache.flink.runtime.JobException', taskName: undefined, labels: {} });
  expect(failures[0]?.concurrent[0]).toMatchObject({
    taskName: 'bomb -> discard: Writer (1/1) - execution #2',
    taskManagerId: 'localhost:37761-09a4f0',
    endpoint: 'localhost:40185',
  });
  expect(read(exceptionHistory, 'job-failed-exceptions-one')).toMatchObject({ truncated: true });
});

test('exceptions of Flink 1.18 and 1.20: `location`, and the deprecated members beside the history', () => {
  const entry = { exceptionName: 'a.B', stacktrace: 'a.B: c', timestamp: 5, taskName: 'map (1/2) - execution #0', location: 'host:1' };
  const found = z.parse(exceptionHistory, {
    'root-exception': 'a.B: c',
    timestamp: 5,
    truncated: false,
    'all-exceptions': [
      { exception: 'a.B: c', task: 'map (1/2)', location: 'host:1', endpoint: 'host:1', timestamp: 5, taskManagerId: 'tm' },
    ],
    exceptionHistory: { truncated: false, entries: [{ ...entry, concurrentExceptions: [] }] },
  });
  expect(found.failures[0]).toMatchObject({ endpoint: 'host:1', labels: {}, concurrent: [] });
});
