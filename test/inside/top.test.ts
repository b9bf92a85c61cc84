import { expect, test } from 'vitest';
import type { JobDetail, Vertex } from '../../src/flink/types.ts';
import type { AggregatedMetric, SubtaskAttempt } from '../../src/flink/vertex-types.ts';
import { readTop, type TopFacts } from '../../src/inside/vertex/read-top.ts';
import { loadOf, longestState } from '../../src/inside/vertex/top.ts';
import { fakeFlink } from '../support/fakes.ts';
import { jobDetail, vertex as vertexOf } from '../support/job-detail.ts';

const vertex = (id: string, given: Partial<Vertex> = {}): Vertex =>
  vertexOf({ id, name: `vertex ${id}`, parallelism: 2, tasks: { RUNNING: 2, FAILED: 0 }, ...given });

const metric = (name: string, given: Partial<AggregatedMetric>): AggregatedMetric => ({
  name,
  min: undefined,
  max: undefined,
  avg: undefined,
  sum: undefined,
  skew: undefined,
  ...given,
});

const attempt = (subtask: number, state: string, statusMs: Readonly<Record<string, number>>): SubtaskAttempt => ({
  subtask,
  attempt: 0,
  state,
  taskManagerId: undefined,
  endpoint: undefined,
  startTime: 1,
  endTime: -1,
  durationMs: 1,
  statusMs,
  io: { readBytes: undefined, readRecords: undefined, writeBytes: undefined, writeRecords: undefined },
  others: [],
});

function cluster(vertices: readonly Vertex[]) {
  let now = 100_000;
  let known = vertices;
  const asked: string[] = [];
  const job = (): JobDetail => jobDetail({ now: (now += 1_000), vertices: known });
  const flink = fakeFlink({
    job: async () => (asked.push('job'), job()),
    aggregatedMetrics: async (_job, id) => (asked.push(`load ${id}`), [metric('busyTimeMsPerSecond', { max: 970, avg: 400 })]),
    vertex: async (_job, id) => {
      asked.push(`states ${id}`);
      return {
        id,
        name: id,
        parallelism: 2,
        maxParallelism: undefined,
        now,
        subtasks: [attempt(0, 'RUNNING', { RUNNING: 5_000 }), attempt(1, 'INITIALIZING', { INITIALIZING: 7_000 })],
      };
    },
  });
  const round = async (before?: TopFacts): Promise<TopFacts> => {
    asked.length = 0;
    return readTop(flink, 'j', before, { signal: undefined, most: 5 });
  };
  return { asked, round, become: (next: readonly Vertex[]) => void (known = next) };
}

test('a job of 30 vertices costs six requests a round, and every vertex is known after some rounds', async () => {
  const { asked, round } = cluster(Array.from({ length: 30 }, (_, index) => vertex(`v${index}`)));
  let facts: TopFacts | undefined;
  for (let nth = 0; nth < 12; nth += 1) {
    facts = await round(facts);
    expect(asked).toHaveLength(6);
    expect(facts.requests).toBe(6);
  }
  expect(facts?.vertices.every(({ load, longest }) => load?.busiest === 0.97 && longest?.subtask === 1)).toBe(true);
});

test('what is oldest is read again first', async () => {
  const { asked, round } = cluster(Array.from({ length: 5 }, (_, index) => vertex(`v${index}`)));
  const first = await round();
  expect(asked).toEqual(['job', 'load v0', 'load v1', 'load v2', 'load v3', 'load v4']);
  const second = await round(first);
  expect(asked).toEqual(['job', 'states v0', 'states v1', 'states v2', 'states v3', 'states v4']);
  await round(second);
  expect(asked).toEqual(['job', 'load v0', 'load v1', 'load v2', 'load v3', 'load v4']);
});

test('states are read again only when a task has changed its own', async () => {
  const { asked, round, become } = cluster([vertex('v0'), vertex('v1')]);
  const known = await round();
  expect(asked).toEqual(['job', 'load v0', 'load v1', 'states v0', 'states v1']);
  become([vertex('v0'), vertex('v1', { tasks: { RUNNING: 1, DEPLOYING: 1 } })]);
  await round(known);
  expect(asked).toEqual(['job', 'states v1', 'load v0', 'load v1']);
});

test('a vertex that has ended costs nothing', async () => {
  const { asked, round } = cluster([vertex('v0', { state: 'FINISHED' }), vertex('v1')]);
  await round();
  expect(asked).toEqual(['job', 'load v1', 'states v1']);
});

/** Of a vertex between two others. */
const between = { reads: true, writes: true };

test('the load of a vertex is that of its busiest subtask, and its watermark the lowest', () => {
  const load = loadOf(
    [
      metric('busyTimeMsPerSecond', { max: 1_003, avg: 400 }),
      metric('backPressuredTimeMsPerSecond', { max: 120 }),
      metric('numRecordsIn', { sum: 500, skew: 42 }),
      metric('numRecordsOut', { sum: 500, skew: 1 }),
      metric('numRecordsInPerSecond', { sum: 940 }),
      metric('currentInputWatermark', { min: 95_000 }),
    ],
    100_000,
    between,
  );
  expect(load).toEqual({
    at: 100_000,
    busiest: 1,
    busyAverage: 0.4,
    mostBackPressured: 0.12,
    leastIdle: undefined,
    recordsIn: 940,
    recordsOut: undefined,
    skew: { percent: 42, of: 'numRecordsIn' },
    lagMs: 5_000,
  });
  expect(loadOf([metric('currentInputWatermark', { min: Number('-9223372036854775808') })], 1, between).lagMs).toBeUndefined();
});

test('what a sink writes and a source reads is not known to Flink, and not 0', () => {
  const metrics = [metric('numRecordsInPerSecond', { sum: 940 }), metric('numRecordsOutPerSecond', { sum: 0 })];
  expect(loadOf(metrics, 1, { reads: true, writes: false })).toMatchObject({ recordsIn: 940, recordsOut: undefined });
  expect(loadOf(metrics, 1, { reads: false, writes: true })).toMatchObject({ recordsIn: undefined, recordsOut: 0 });
});

test('the longest in a state is the subtask that hangs there, not one that has ended', () => {
  const subtasks = [
    attempt(0, 'FINISHED', { FINISHED: 90_000 }),
    attempt(1, 'DEPLOYING', { SCHEDULED: 80_000, DEPLOYING: 40_000 }),
    attempt(2, 'RUNNING', { RUNNING: 30_000 }),
  ];
  expect(longestState(subtasks, 100_000)).toEqual({ subtask: 1, state: 'DEPLOYING', since: 60_000 });
});

test('a source is asked for no input watermark: Flink answers nothing at all if one name is unknown', async () => {
  const asked = new Map<string, readonly string[]>();
  const flink = fakeFlink({
    job: async () =>
      jobDetail({
        vertices: [vertex('source'), vertex('sink')],
        edges: [{ from: 'source', to: 'sink', shipStrategy: 'HASH', exchange: undefined }],
      }),
    aggregatedMetrics: async (_job, id, names) => {
      asked.set(id, names);
      return [];
    },
    vertex: async (_job, id) => ({ id, name: id, parallelism: 1, maxParallelism: undefined, now: 1, subtasks: [] }),
  });
  await readTop(flink, 'j', undefined, { signal: undefined, most: 5 });
  expect(asked.get('source')).not.toContain('currentInputWatermark');
  expect(asked.get('sink')).toContain('currentInputWatermark');
});
