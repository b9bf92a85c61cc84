import { expect, test } from 'vitest';
import type { Vertex } from '../../../src/flink/types.ts';
import type { AggregatedMetric } from '../../../src/flink/vertex-types.ts';
import { loadMetrics, nextVertex, nextVertices, pastKept } from '../../../src/inside/job/figures.ts';
import type { VertexInside } from '../../../src/inside/job/types.ts';
import { line } from './build.ts';
import { jobDetail, noTotals, vertex } from '../../support/job-detail.ts';

const start = 1_000_000;

type Answer = Partial<Vertex> & { readonly metrics?: readonly AggregatedMetric[] };

/** The vertex after these answers, ten seconds apart. */
function after(answers: readonly Answer[], apartMs = 10_000): VertexInside {
  let known: VertexInside | undefined;
  for (const [at, { metrics, ...given }] of answers.entries())
    known = nextVertex(known, vertex({ id: 'map', parallelism: 2, ...given }), start + at * apartMs, metrics);
  if (known === undefined) throw new Error('no answers');
  return known;
}

const totals = (busyMs: number, backPressuredMs: number, idleMs: number, records = 0): Pick<Vertex, 'totals'> => ({
  totals: { busyMs, backPressuredMs, idleMs, recordsIn: records, recordsOut: records * 2, bytesIn: records * 100, bytesOut: 0 },
});

const metric = (name: string, avg: number, max: number): AggregatedMetric => ({ name, avg, max, min: 0, sum: avg * 2, skew: 0 });

test('what it does now is the difference between two answers, not what it did since its start', () => {
  const { load, rates } = after([totals(1_000, 90_000, 9_000), totals(19_000, 91_000, 10_000, 500)]);
  expect(load).toEqual({ busy: 0.9, backPressured: 0.05, idle: 0.05 });
  // Two subtasks spent 20 seconds together: ten passed.
  expect(rates).toEqual({ recordsIn: 50, recordsOut: 100, bytesIn: 5_000, bytesOut: 0 });
});

test('the first answer says nothing about now', () => {
  const { load, rates, past } = after([totals(1_000, 90_000, 9_000)]);
  expect(load.busy).toBeUndefined();
  expect(rates.recordsIn).toBeUndefined();
  expect(past).toEqual([]);
});

test('metrics that the server has not fetched again keep the figures, and add nothing to the past', () => {
  const news = [totals(0, 0, 0), totals(20_000, 0, 0, 100)];
  const kept = after([...news, totals(20_000, 0, 0, 100), totals(20_000, 0, 0, 100)]);
  expect(kept.load).toEqual(after(news).load);
  expect(kept.past).toHaveLength(1);
});

test('a vertex that has ended does nothing now; its last minute is its past', () => {
  const news = [totals(0, 0, 0), totals(20_000, 0, 0, 100)];
  const working = after([...news]);
  for (const state of ['FINISHED', 'CANCELED', 'FAILED'] as const) {
    const { load, peak, rates, past } = after([...news, { ...totals(20_000, 0, 0, 100), state }]);
    expect(Object.values({ ...load, ...peak, ...rates }).filter((figure) => figure !== undefined)).toEqual([]);
    expect(past).toEqual(working.past);
  }
});

test('a busy time that shrinks, because waiting is credited late, is not negative', () => {
  expect(after([totals(8_718, 0, 142_054), totals(8_668, 0, 166_811)]).load).toEqual({ busy: 0, backPressured: 0, idle: 1 });
});

test('a vertex that is started again begins at nothing: its counts are not taken for negative rates', () => {
  const { load, rates, past } = after([totals(0, 0, 0), totals(20_000, 0, 0, 100), { ...totals(10, 0, 90, 1), startTime: start + 15_000 }]);
  expect(load.busy).toBeUndefined();
  expect(rates.recordsIn).toBeUndefined();
  // What it was like before is still worth seeing.
  expect(past).toHaveLength(1);
});

test('counts that shrink without a new start, as after a lost subtask, begin again as well', () => {
  expect(after([totals(0, 0, 0, 500), totals(20_000, 0, 0, 100)]).load.busy).toBeUndefined();
});

test('figures are those of the last minute', () => {
  const long = Array.from({ length: 20 }, (_, at) => totals(at < 10 ? 0 : (at - 9) * 20_000, 0, at < 10 ? at * 20_000 : 180_000));
  expect(after(long).load).toEqual({ busy: 1, backPressured: 0, idle: 0 });
});

test('after a long time away, what it does now is not known from one answer', () => {
  expect(after([totals(0, 0, 0), totals(1_200_000, 0, 0)], 600_000).load.busy).toBeUndefined();
});

test('the past is bounded', () => {
  const answers = Array.from({ length: pastKept + 30 }, (_, at) => totals(at * 20_000, 0, 0));
  expect(after(answers).past).toHaveLength(pastKept);
  expect(after(answers).marks.length).toBeLessThan(10);
});

test('a source that does not know its busy time has no such figure, and the others by the clock', () => {
  const old = (backPressuredMs: number, idleMs: number) => ({
    totals: { ...noTotals, backPressuredMs, idleMs, recordsOut: backPressuredMs },
  });
  const { load, rates } = after([old(0, 0), old(5_000, 10_000)]);
  expect(load).toEqual({ busy: undefined, backPressured: 0.25, idle: 0.5 });
  expect(rates).toMatchObject({ recordsIn: undefined, recordsOut: 500 });
});

test('its own metrics say at once what it does, and which subtask has the most', () => {
  const metrics = [
    metric('busyTimeMsPerSecond', 300, 1_000),
    metric('backPressuredTimeMsPerSecond', 0, 0),
    metric('idleTimeMsPerSecond', 700, 900),
    metric('numRecordsInPerSecond', 40, 70),
  ];
  const { load, peak, rates } = after([{ metrics }]);
  expect(load).toEqual({ busy: 0.3, backPressured: 0, idle: 0.7 });
  expect(peak.busy).toBe(1);
  expect(rates).toMatchObject({ recordsIn: 80, recordsOut: undefined });
  expect(loadMetrics).toEqual(expect.arrayContaining(metrics.map(({ name }) => name)));
});

test('a metric that is not a number is unknown', () => {
  expect(
    after([{ metrics: [metric('busyTimeMsPerSecond', Number.NaN, Number.NaN), metric('idleTimeMsPerSecond', 100, 100)] }]).load,
  ).toEqual({
    busy: undefined,
    backPressured: undefined,
    idle: 0.1,
  });
});

test('what was measured before a new start says nothing about the tasks of now', () => {
  const metrics = [metric('busyTimeMsPerSecond', 900, 1_000), metric('backPressuredTimeMsPerSecond', 0, 0)];
  expect(after([{ metrics }, {}]).peak.busy).toBe(1);
  expect(after([{ metrics }, { startTime: start + 5_000 }]).peak.busy).toBeUndefined();
});

test('a source reads and a sink writes nothing that Flink counts: that is unknown, not 0', () => {
  const [source, sink] = ['source', 'sink'].map((id) => vertex({ id }));
  if (source === undefined || sink === undefined) throw new Error('two vertices');
  const edges = line('source', 'sink');
  const answer = (records: number, now: number) => {
    const done = { ...totals(now, 0, 0, records) };
    return jobDetail({
      now,
      edges,
      vertices: [
        { ...source, ...done },
        { ...sink, ...done },
      ],
    });
  };
  const later = nextVertices(nextVertices([], answer(0, 0), new Map()), answer(100, 10_000), new Map());
  expect(later.map(({ rates }) => [rates.recordsIn, rates.recordsOut])).toEqual([
    [undefined, 20],
    [10, undefined],
  ]);
});
