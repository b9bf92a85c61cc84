import { expect, test } from 'vitest';
import type { FlinkClient } from '../../src/flink/types.ts';
import { readMetricBySubtask, readMetricsOfSubtask, readVertexMetrics } from '../../src/inside/vertex/read-metrics.ts';
import { keptOf, mostRead, namesInTurn, nextSeries, pastKept, type SeriesFacts, withGaps } from '../../src/inside/vertex/series.ts';
import { fakeFlink } from '../support/fakes.ts';
import { jobDetail, vertex } from '../support/job-detail.ts';

const read = (before: SeriesFacts<number> | undefined, value: number | undefined, at: number): SeriesFacts<number> =>
  nextSeries(['busy'], before?.series ?? [], {
    asked: ['busy'],
    read: new Map(value === undefined ? [] : [['busy', value]]),
    at,
  });

test('a metric keeps its last values, oldest first, and no more than fit', () => {
  let known: SeriesFacts<number> | undefined;
  for (let nth = 1; nth <= pastKept + 5; nth += 1) known = read(known, nth, nth);
  expect(known?.series[0]).toMatchObject({ value: pastKept + 5, readAt: pastKept + 5 });
  expect(known?.series[0]?.past).toHaveLength(pastKept);
  expect(known?.series[0]?.past[0]?.value).toBe(6);
});

test('a metric that has no value any more is unknown, and keeps its past', () => {
  const [series] = read(read(undefined, 1, 10), undefined, 20).series;
  expect(series).toEqual({ name: 'busy', value: undefined, readAt: 20, past: [{ at: 10, value: 1 }] });
});

test('a metric that is not reported any more is forgotten', () => {
  expect(nextSeries([], read(undefined, 1, 10).series, { asked: [], read: new Map(), at: 20 }).series).toEqual([]);
});

test('very many metrics keep less of their past each, so that all together stay bounded', () => {
  expect(keptOf(300)).toBe(pastKept);
  expect(keptOf(1_000) * 1_000).toBeLessThanOrEqual(24_000);
  expect(keptOf(100_000)).toBe(10);
});

test('few metrics are all read each time', () => {
  const names = ['a', 'b'];
  expect(namesInTurn(names, { known: [], first: ['b'], most: 2 })).toBe(names);
});

const names = Array.from({ length: 1_000 }, (_, nth) => `metric${nth}`);

/** A vertex of 1,000 metrics and 1,000 subtasks, and how many values were asked for. */
function cluster() {
  const asked: string[][] = [];
  const end = new AbortController();
  const value = { min: 1, max: 1, avg: 1, sum: 1, skew: 0 };
  const subtaskMetrics: FlinkClient['subtaskMetrics'] = async (_job, _vertex, wanted) => {
    asked.push(wanted.names.flatMap((name) => wanted.subtasks.map((subtask) => `${subtask}.${name}`)));
    return new Map(wanted.names.map((name) => [name, new Map(wanted.subtasks.map((subtask) => [subtask, subtask]))]));
  };
  const flink = fakeFlink({
    job: async () => jobDetail({ vertices: [vertex({ id: 'v', name: 'Enrich', parallelism: 1_000 })] }),
    vertexMetricNames: async () => names,
    subtaskMetricNames: async () => names,
    subtaskMetrics,
    aggregatedMetrics: async (_job, _vertex, wanted) => (asked.push([...wanted]), wanted.map((name) => ({ name, ...value }))),
  });
  return { asked, flink, reading: { signal: end.signal, first: ['metric998', 'metric999'] } };
}

const subject = { jobId: 'j', vertexId: 'v' };

test('of 1,000 metrics 300 are read at a time: those on the screen each time, the others in turn', async () => {
  const { asked, flink, reading } = cluster();
  let facts: Awaited<ReturnType<typeof readVertexMetrics>> | undefined;
  for (let nth = 1; nth <= 4; nth += 1) facts = await readVertexMetrics(flink, subject, { ...reading, before: facts, now: nth });
  expect(asked.map(({ length }) => length)).toEqual([mostRead, mostRead, mostRead, mostRead]);
  expect(asked.every((one) => one.includes('metric998') && one.includes('metric999'))).toBe(true);
  expect(new Set(asked.flat()).size).toBe(1_000);
  expect(facts?.series.every(({ readAt }) => readAt !== undefined)).toBe(true);
  expect(facts?.series.at(-1)?.past).toHaveLength(4);
  expect(facts?.series[500]).toMatchObject({ readAt: 2, past: [{ at: 2 }] });
});

test('the metrics of one subtask are read in turn as well', async () => {
  const { asked, flink, reading } = cluster();
  const facts = await readMetricsOfSubtask(flink, { ...subject, subtask: 7 }, { ...reading, before: undefined, now: 1 });
  expect(asked[0]).toHaveLength(mostRead);
  expect(asked[0]?.[0]).toBe('7.metric998');
  expect(facts.series.at(-1)).toMatchObject({ name: 'metric999', value: 7 });
  expect(facts.series[500]?.value).toBeUndefined();
});

test('a metric of 1,000 subtasks is read of 300 at a time, and after four times of each', async () => {
  const { asked, flink, reading } = cluster();
  let facts: SeriesFacts<number> | undefined;
  for (let nth = 1; nth <= 4; nth += 1)
    facts = await readMetricBySubtask(flink, { ...subject, metric: 'busy' }, { ...reading, first: [], before: facts, now: nth });
  expect(asked.every(({ length }) => length <= mostRead)).toBe(true);
  expect(facts?.series.every(({ name, value }) => value === Number(name))).toBe(true);
});

test('a chart has a gap where nothing was read for a while', () => {
  const past = [0, 12, 24, 600, 612].map((at) => ({ at, value: at }));
  expect(withGaps(past, (value) => value)).toEqual([0, 12, 24, undefined, 600, 612]);
  expect(withGaps([{ at: 5, value: 1 }], (value) => value)).toEqual([1]);
});
