import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { vertexDetail, vertexTimeShares } from '../../src/flink/schemas/vertices.ts';
import type { SubtaskAttempt, TaskIo, VertexDetail } from '../../src/flink/vertex-types.ts';
import { readVertex } from '../../src/inside/vertex/read-vertex.ts';
import { countedRates } from '../../src/inside/vertex/rates.ts';
import { skewPercent } from '../../src/inside/vertex/skew.ts';
import { vertexFacts } from '../../src/inside/vertex/vertex-facts.ts';
import { watermarkOf } from '../../src/inside/vertex/watermark.ts';
import { captureText } from '../flink/rest-server.ts';
import { fakeFlink } from '../support/fakes.ts';

const io = (readRecords: number | undefined, writeRecords: number | undefined = 0): TaskIo => ({
  readBytes: undefined,
  readRecords,
  writeBytes: undefined,
  writeRecords,
});

const attempt = (subtask: number, given: Partial<SubtaskAttempt> = {}): SubtaskAttempt => ({
  subtask,
  attempt: 0,
  state: 'RUNNING',
  taskManagerId: `my-cluster-taskmanager-1-${subtask + 1}`,
  endpoint: undefined,
  startTime: 1_000,
  endTime: -1,
  durationMs: 9_000,
  statusMs: { DEPLOYING: 1_000, RUNNING: 8_000 },
  io: io(100),
  others: [],
  ...given,
});

/** A vertex between two others. */
const between = { reads: true, writes: true };

const detail = (subtasks: readonly SubtaskAttempt[], now = 10_000): VertexDetail => ({
  id: 'v',
  name: 'Enrich',
  parallelism: subtasks.length,
  maxParallelism: 128,
  now,
  subtasks,
});

const facts = (subtasks: readonly SubtaskAttempt[], watermarks: ReadonlyMap<number, number> = new Map()) =>
  vertexFacts({ detail: detail(subtasks), shares: new Map(), watermarks, meters: undefined }, undefined);

test('skew is what Flink says it is', () => {
  // These values and this skew are an answer of Flink 2.3.0.
  expect(skewPercent([2215, 2227])).toBeCloseTo(0.27014858171994593, 10);
  expect(skewPercent([0, 0, 0, 1000])).toBe(100);
  expect(skewPercent([5])).toBeUndefined();
  expect(skewPercent([0, 0])).toBeUndefined();
});

test('a subtask that works on more records than the others shows it, and the vertex is skewed', () => {
  const vertex = facts([attempt(0, { io: io(100) }), attempt(1, { io: io(100) }), attempt(2, { io: io(400) })]);
  expect(vertex.skew?.of).toBe('numRecordsIn');
  expect(vertex.skew?.percent).toBeCloseTo(66.67, 1);
  expect(vertex.subtasks.map((one) => one.timesAverage)).toEqual([0.5, 0.5, 2]);
});

test('the skew of a source is that of what it writes', () => {
  expect(facts([attempt(0, { io: io(0, 10) }), attempt(1, { io: io(0, 30) })]).skew).toEqual({ percent: 50, of: 'numRecordsOut' });
});

test('a subtask has been in its state for as long as Flink says, whatever came before', () => {
  expect(facts([attempt(0, { state: 'DEPLOYING', statusMs: { SCHEDULED: 5, DEPLOYING: 700 } })]).subtasks[0]).toMatchObject({
    state: 'DEPLOYING',
    stateMs: 700,
  });
  expect(facts([attempt(0, { state: 'PONDERING' })]).subtasks[0]?.stateMs).toBeUndefined();
});

test('a watermark is a moment, or has not come yet, or will not come any more', () => {
  expect(watermarkOf(Number('-9223372036854775808'))).toBe('none');
  expect(watermarkOf(Number('9223372036854775807'))).toBe('ended');
  const vertex = facts(
    [attempt(0), attempt(1), attempt(2)],
    new Map([
      [0, 4_000],
      [1, 7_500],
      [2, Number('-9223372036854775808')],
    ]),
  );
  expect(vertex.subtasks.map(({ lagMs }) => lagMs)).toEqual([6_000, 2_500, undefined]);
  expect(vertex.lagMs).toBe(6_000);
  expect(facts([attempt(0)]).lagMs).toBeUndefined();
});

test('what a sink writes is not known to Flink, and shown as such', () => {
  const sink = { detail: detail([attempt(0, { io: io(100, 0) })]), shares: new Map(), watermarks: new Map(), meters: undefined };
  const before = vertexFacts({ ...sink, ends: { reads: true, writes: false } }, undefined);
  expect(before.subtasks[0]?.io).toMatchObject({ readRecords: 100, writeRecords: undefined });
  const later = { ...sink, detail: detail([attempt(0, { io: io(300, 0) })], 20_000) };
  expect(vertexFacts({ ...later, ends: { reads: true, writes: false } }, before).subtasks[0]?.rates).toMatchObject({
    recordsIn: 20,
    recordsOut: undefined,
  });
});

test('rates are counted between two changes of the totals, as Flink renews them only every 10 s', () => {
  const first = countedRates(undefined, 0, io(1_000), 10_000);
  expect(first.rates.recordsIn).toBeUndefined();
  const same = countedRates(first, 0, io(1_000), 15_000);
  expect(same.rates.recordsIn).toBeUndefined();
  const changed = countedRates(same, 0, io(3_000), 20_000);
  expect(changed.rates.recordsIn).toBe(200);
  expect(countedRates(changed, 0, io(3_000), 25_000).rates.recordsIn).toBe(200);
  expect(countedRates(changed, 0, io(3_000), 60_000).rates.recordsIn).toBe(0);
});

test('a subtask that was started again has no rate until its new attempt has counted twice', () => {
  const before = countedRates(undefined, 0, io(1_000), 10_000);
  expect(countedRates(before, 1, io(10), 20_000).rates.recordsIn).toBeUndefined();
});

function counting(parallelism: number) {
  const asked: string[] = [];
  const flink = fakeFlink({
    vertex: async () => (asked.push('vertex'), detail(Array.from({ length: parallelism }, (_, index) => attempt(index)))),
    vertexTimeShares: async () => (asked.push('shares'), new Map([[0, { busy: 0.97, backPressured: 0, idle: 0.03 }]])),
    vertexWatermarks: async () => (asked.push('watermarks'), new Map()),
    subtaskMetrics: async () => (asked.push('rates'), new Map([['numRecordsInPerSecond', new Map([[0, 940]])]])),
  });
  return { flink, asked };
}

test('a vertex of a few subtasks has the rates of Flink at once', async () => {
  const { flink, asked } = counting(4);
  const vertex = await readVertex(flink, { jobId: 'j', vertexId: 'v' }, undefined, { ends: between });
  expect(asked).toEqual(['vertex', 'shares', 'watermarks', 'rates']);
  expect(vertex.subtasks[0]).toMatchObject({ shares: { busy: 0.97 }, rates: { recordsIn: 940, recordsOut: undefined } });
});

test('a vertex of 1,000 subtasks costs three requests', async () => {
  const { flink, asked } = counting(1_000);
  expect((await readVertex(flink, { jobId: 'j', vertexId: 'v' }, undefined, { ends: between })).subtasks).toHaveLength(1_000);
  expect(asked).toEqual(['vertex', 'shares', 'watermarks']);
});

test('the slow operator of a real job is busy, and runs on its TaskManager', () => {
  const vertex = vertexFacts(
    {
      detail: z.parse(vertexDetail, JSON.parse(captureText('vertex-count'))),
      shares: z.parse(vertexTimeShares, JSON.parse(captureText('backpressure-1'))),
      watermarks: new Map(),
      meters: undefined,
    },
    undefined,
  );
  expect(vertex.skew?.percent).toBeCloseTo(0.27014858171994593, 10);
  expect(vertex.subtasks[0]).toMatchObject({ stateMs: 19_888, shares: { busy: 0.989 }, taskManagerId: 'localhost:37761-09a4f0' });
});
