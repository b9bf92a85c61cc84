import * as z from 'zod/mini';
import { expect, test } from 'vitest';
import { createFlinkClient } from '../../src/flink/client.ts';
import { aggregatedMetrics, metricNames } from '../../src/flink/schemas/metrics.ts';
import { vertexAccumulators, vertexDetail, vertexTaskManagers, vertexTimeShares } from '../../src/flink/schemas/vertices.ts';
import { captureText, restServer, type RestServer } from './rest-server.ts';

const capture = (name: string): unknown => JSON.parse(captureText(name));
const read = <S extends z.ZodMiniType>(schema: S, name: string): z.output<S> => z.parse(schema, capture(name));

const clientOf = (server: RestServer) =>
  createFlinkClient({ router: { route: async () => ({ description: server.url, url: server.url }), lost: () => {} } });

test('a vertex says for each subtask where it runs, what it read and how long it was in each state', () => {
  const vertex = read(vertexDetail, 'vertex-count');
  expect(vertex).toMatchObject({ name: 'count per key -> discard: Writer', parallelism: 2, maxParallelism: 128, now: 1795345458053 });
  expect(vertex.subtasks[1]).toEqual({
    subtask: 1,
    attempt: 0,
    state: 'RUNNING',
    taskManagerId: 'localhost:37761-09a4f0',
    endpoint: 'localhost:40185',
    startTime: 1795345437363,
    endTime: -1,
    durationMs: 20690,
    statusMs: { INITIALIZING: 395, SCHEDULED: 277, RUNNING: 19898, DEPLOYING: 397, CREATED: 30 },
    io: { readBytes: 47383, readRecords: 2227, writeBytes: 0, writeRecords: 0 },
    others: [],
  });
});

const plain = { subtask: 0, attempt: 2, status: 'RUNNING', 'start-time': 1, 'end-time': -1, duration: 2 };

test('a vertex of Flink 1.18 has a host and no endpoint; a subtask without a TaskManager has neither', () => {
  const vertex = z.parse(vertexDetail, {
    id: 'v',
    name: 'n',
    parallelism: 2,
    now: 3,
    subtasks: [
      { ...plain, host: 'worker:1234', 'taskmanager-id': 'w-1' },
      { ...plain, subtask: 1, status: 'SCHEDULED', host: '(unassigned)', 'taskmanager-id': '(unassigned)' },
    ],
  });
  expect(vertex.subtasks.map(({ endpoint, taskManagerId }) => [endpoint, taskManagerId])).toEqual([
    ['worker:1234', 'w-1'],
    [undefined, undefined],
  ]);
});

test('what a subtask has not reported is unknown, not 0', () => {
  const vertex = z.parse(vertexDetail, {
    id: 'v',
    name: 'n',
    parallelism: 1,
    now: 3,
    subtasks: [
      { ...plain, metrics: { 'read-records': 0, 'read-records-complete': false, 'write-records': 0, 'write-records-complete': true } },
    ],
  });
  expect(vertex.subtasks[0]?.io).toEqual({ readBytes: undefined, readRecords: undefined, writeBytes: undefined, writeRecords: 0 });
});

test('attempts that run at the same time are listed with their subtask', () => {
  const vertex = z.parse(vertexDetail, {
    id: 'v',
    name: 'n',
    parallelism: 1,
    now: 3,
    subtasks: [{ ...plain, 'other-concurrent-attempts': [{ ...plain, attempt: 3, 'taskmanager-id': 'w-2' }] }],
  });
  expect(vertex.subtasks[0]?.others).toMatchObject([{ attempt: 3, taskManagerId: 'w-2' }]);
});

test('how busy each subtask is comes as shares, and is empty before Flink has measured', () => {
  expect(read(vertexTimeShares, 'backpressure-1')).toEqual(new Map([[0, { busy: 0.989, backPressured: 0, idle: 0.011 }]]));
  expect(z.parse(vertexTimeShares, { status: 'deprecated' })).toEqual(new Map());
  expect(z.parse(vertexTimeShares, { status: 'ok', subtasks: [{ subtask: 0, ratio: 0, idleRatio: 'NaN', busyRatio: 'NaN' }] })).toEqual(
    new Map([[0, { busy: undefined, backPressured: 0, idle: undefined }]]),
  );
});

test('the TaskManagers of a vertex have their subtasks by state and what went in and out', () => {
  expect(read(vertexTaskManagers, 'vertex-count-taskmanagers')).toMatchObject([
    { id: 'localhost:37761-09a4f0', state: 'RUNNING', io: { readRecords: 4442, readBytes: 94514 }, counts: { RUNNING: 2, FAILED: 0 } },
  ]);
});

test('a vertex has the accumulators of its code, with their values as Flink prints them', () => {
  expect(read(vertexAccumulators, 'vertex-count-accumulators')).toEqual([]);
  expect(z.parse(vertexAccumulators, { 'user-accumulators': [{ name: 'lines', type: 'LongCounter', value: '42' }] })).toEqual([
    { name: 'lines', type: 'LongCounter', value: '42' },
  ]);
});

test('metrics have names, and values over all subtasks with their skew', () => {
  const names = read(metricNames, 'vertex-count-subtasks-metrics');
  expect(names).toContain('busyTimeMsPerSecond');
  expect(names).toEqual(names.toSorted());
  expect(read(aggregatedMetrics, 'vertex-metrics-aggregated')[0]).toEqual({
    name: 'numRecordsIn',
    min: 2215,
    max: 2227,
    avg: 2221,
    sum: 4442,
    skew: 0.27014858171994593,
  });
});

test('the watermarks of a vertex are by subtask; a source has none', async () => {
  await using server = await restServer(({ path }) => ({
    status: 200,
    text: captureText(path.includes('source') ? 'vertex-source-watermarks' : 'vertex-count-watermarks'),
  }));
  await using flink = clientOf(server);
  expect([...(await flink.vertexWatermarks('j', 'count')).keys()]).toEqual([0, 1]);
  expect(await flink.vertexWatermarks('j', 'source')).toEqual(new Map());
});

test('a metric that is a text is not asked for over all subtasks: the JobManager writes a stack trace into its log each time', async () => {
  const asked: string[] = [];
  await using server = await restServer(({ path }) => {
    const names = decodeURIComponent(path.split('get=')[1] ?? '').split(',');
    asked.push(names.join());
    return { status: 200, text: JSON.stringify(names.filter((id) => id !== 'version').map((id) => ({ id, max: 1 }))) };
  });
  await using flink = clientOf(server);
  const names = ['busyTimeMsPerSecond', 'isBackPressured', 'version'];
  for (let nth = 0; nth < 2; nth += 1)
    expect((await flink.aggregatedMetrics('j', 'v', names)).map(({ name }) => name)).toEqual(['busyTimeMsPerSecond']);
  expect(await flink.aggregatedMetrics('j', 'v', ['isBackPressured'])).toEqual([]);
  expect(asked).toEqual(['busyTimeMsPerSecond,version', 'busyTimeMsPerSecond']);
});

test('values by subtask are asked for in as few requests as their names fit into', async () => {
  await using server = await restServer(({ path }) => {
    const names = decodeURIComponent(path.split('get=')[1] ?? '').split(',');
    return { status: 200, text: JSON.stringify(names.map((id) => ({ id, value: `${id.split('.')[0]}.5` }))) };
  });
  await using flink = clientOf(server);
  const subtasks = Array.from({ length: 300 }, (_, index) => index);
  const values = await flink.subtaskMetrics('j', 'v', { names: ['count.numRecordsIn'], subtasks }, {});
  expect(values.get('count.numRecordsIn')?.size).toBe(300);
  expect(values.get('count.numRecordsIn')?.get(299)).toBe(299.5);
  expect(server.seen).toHaveLength(3);
  expect(server.seen.every(({ path }) => path.length < 4_096)).toBe(true);
});
