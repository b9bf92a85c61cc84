import { expect, test } from 'vitest';
import type { JobEdge } from '../../src/flink/job-graph.ts';
import type { FlinkClient, Vertex } from '../../src/flink/types.ts';
import type { AggregatedMetric, SubtaskAttempt } from '../../src/flink/vertex-types.ts';
import { fakeFlink } from '../support/fakes.ts';
import { jobDetail, vertex } from '../support/job-detail.ts';
import { job } from '../support/pods-and-jobs.ts';
import { desk, type Desk } from './desk.ts';

const orders = job({ name: 'orders-enrichment', id: '9f13c2'.padEnd(32, '0') });

const vertexOf = (id: string, name: string): Vertex => vertex({ id: id.padEnd(32, '0'), name, parallelism: 2, tasks: { RUNNING: 2 } });
const source = vertexOf('ca88', 'Source: Orders');
const enrich = vertexOf('0a44', 'Enrich');
const sink = vertexOf('ea63', 'Sink: Orders');

const edge = (from: Vertex, to: Vertex): JobEdge => ({ from: from.id, to: to.id, shipStrategy: 'HASH', exchange: undefined });

const attempt = (subtask: number, readRecords: number): SubtaskAttempt => ({
  subtask,
  attempt: subtask,
  state: 'RUNNING',
  taskManagerId: `c1-taskmanager-1-${subtask + 1}`,
  endpoint: undefined,
  startTime: 1_000,
  endTime: -1,
  durationMs: 9_000,
  statusMs: { RUNNING: 65_000 },
  io: { readBytes: 1_000, readRecords, writeBytes: undefined, writeRecords: 5 },
  others: [],
});

const metric = (name: string, max: number): AggregatedMetric => ({ name, min: 1, max, avg: 2.5, sum: 5, skew: 12.345 });
const names = ['busyTimeMsPerSecond', 'currentInputWatermark', 'numRecordsIn', 'numRecordsInPerSecond'];

function withOrders(given: Partial<FlinkClient> = {}): Desk {
  const at = desk({
    mode: 'one-shot',
    flink: fakeFlink({
      job: async () => jobDetail({ now: 100_000, vertices: [source, enrich, sink], edges: [edge(source, enrich), edge(enrich, sink)] }),
      vertex: async (_job, id) => ({
        id,
        name: 'Enrich',
        parallelism: 2,
        maxParallelism: 128,
        now: 100_000,
        subtasks: [attempt(0, 100), attempt(1, 300)],
      }),
      vertexTimeShares: async () => new Map([[1, { busy: 0.97, backPressured: 0, idle: 0.03 }]]),
      vertexWatermarks: async () =>
        new Map([
          [0, 95_000],
          [1, Number('-9223372036854775808')],
        ]),
      vertexAccumulators: async () => [{ name: 'lines', type: 'LongCounter', value: '42' }],
      vertexMetricNames: async () => names,
      subtaskMetrics: async (_job, _vertex, { names: wanted, subtasks }) =>
        new Map(wanted.map((name) => [name, new Map(subtasks.map((subtask) => [subtask, 940.25 + subtask]))])),
      aggregatedMetrics: async (_job, id, wanted) => wanted.map((name) => metric(name, id === enrich.id ? 970 : 30)),
      ...given,
    }),
  });
  at.store.jobs(orders);
  return at;
}

async function facts(at: Desk, line: string) {
  expect(await at.run(line)).toEqual({ kind: 'done' });
  const shown = at.front.views.at(-1);
  if (shown?.kind !== 'facts') throw new Error(`"${line}" shows ${shown?.kind}`);
  return shown;
}

test('vertex shows where each subtask runs, how busy it is and how unevenly they work', async () => {
  const { text, data } = await facts(withOrders(), 'vertex orders-enrichment enr');
  expect(text[0]).toBe('Enrich: parallelism 2 of at most 128, skew 50% of numRecordsIn, watermark 5 s behind');
  expect(text[2]).toMatch(/^#\s+STATE\s+FOR\s+TASKMANAGER\s+BUSY\s+BACK\s+IDLE\s+IN\/S\s+OUT\/S\s+LAG\s+SKEW\s+ATT/);
  expect(text[3]).toMatch(/^0\s+RUNNING\s+1m\s+taskmanager-1-1\s+-\s+-\s+-\s+940\s+940\s+5s\s+0\.5x\s+0/);
  expect(text[4]).toMatch(/^1\s+RUNNING\s+1m\s+taskmanager-1-2\s+97%\s+0%\s+3%\s+941\s+941\s+none\s+1\.5x\s+1/);
  expect(text.at(-1)).toBe('  lines (LongCounter): 42');
  expect(data).toMatchObject({
    name: 'Enrich',
    skew: { percent: 50, of: 'numRecordsIn' },
    subtasks: [
      { subtask: 0, busy: null, watermarkLagMs: 5_000, bytesOut: null },
      { subtask: 1, busy: 0.97, watermark: 'none', taskManager: 'c1-taskmanager-1-2' },
    ],
  });
});

test.each([
  [
    'vertex orders-enrichment orders',
    '"orders" can be 2 vertices: Source: Orders ca8800, Sink: Orders ea6300. Type more of its name, or its id.',
  ],
  [
    'vertex orders-enrichment nosuch',
    'The job has no vertex "nosuch". Its vertices: Source: Orders ca8800, Enrich 0a4400, Sink: Orders ea6300.',
  ],
  ['subtask orders-enrichment Enrich 2', 'Enrich has no subtask 2: it has 2, and the first one is 0.'],
  ['metrics orders-enrichment Enrich numRecordIn', 'Enrich has no metric "numRecordIn". Did you mean numRecordsIn?'],
  ['metrics orders-enrichment Enrich water', 'Enrich has no metric "water". Names with it: currentInputWatermark.'],
  ['metrics orders-enrichment Enrich --by-subtask --agg max', 'A metric by subtask is not aggregated. Leave out --agg or --by-subtask.'],
  ['metrics orders-enrichment --by-subtask', 'Only the metrics of a vertex have subtasks. Name a vertex of the job.'],
  ['metrics orders-enrichment Enrich --agg median', '"median" is not one of min, max, avg, sum, skew.'],
])('%s says what there is instead', async (line, sentence) => {
  expect(await withOrders().says(line)).toBe(sentence);
});

test('subtask shows its attempts with why they failed, and its figures beside the median', async () => {
  const at = withOrders({
    exceptionHistory: async () => ({
      failures: [
        {
          exceptionName: 'java.io.IOException',
          stacktrace: 'java.io.IOException: disk quota exceeded',
          at: 90_000,
          taskName: 'Enrich (2/2) - execution #0',
          taskManagerId: 'c1-taskmanager-1-9',
          endpoint: undefined,
          labels: {},
          concurrent: [],
        },
      ],
      truncated: false,
    }),
    subtaskAttempt: async () => ({ ...attempt(1, 0), attempt: 0, state: 'FAILED', endTime: 90_000 }),
  });
  const { text, data } = await facts(at, 'subtask orders-enrichment enr 1');
  expect(text[0]).toBe('Subtask 1 of Enrich: RUNNING on taskmanager-1-2, skew 1.5x');
  expect(text[2]).toMatch(/^#\s+STATE\s+STARTED\s+ENDED\s+RAN\s+TASKMANAGER\s+FAILURE/);
  expect(text[4]).toMatch(/^0\s+FAILED .*taskmanager-1-2\s+IOException: disk quota exceeded$/);
  expect(text).toContainEqual(expect.stringMatching(/^all records in\s+300\s+200\s+1\.5x$/));
  expect(data).toMatchObject({
    vertex: { name: 'Enrich' },
    subtask: 1,
    busy: 0.97,
    recordsInPerSecond: 941.25,
    medians: { recordsIn: 200, busy: 0.97 },
    attempts: [
      { attempt: 1, kind: 'present', failure: null },
      { attempt: 0, kind: 'former', state: 'FAILED', failure: { cause: 'IOException: disk quota exceeded' } },
    ],
  });
});

test('top puts the busiest vertex first, and says what it cost', async () => {
  const { text, data } = await facts(withOrders(), 'top orders-enrichment');
  expect(text[1]).toMatch(/^Enrich\s+RUNNING\s+2\s+97%\s+0%\s+97%\s+12%/);
  expect(data).toMatchObject({
    requests: 7,
    vertices: [{ name: 'Enrich', busy: 0.97, longest: { state: 'RUNNING', ms: 65_000 } }, {}, {}],
  });
});

test('top ranks by what is asked for, and shows only as many as are wanted', async () => {
  const aggregatedMetrics: FlinkClient['aggregatedMetrics'] = async (_job, id, wanted) =>
    wanted.map((name) => ({ ...metric(name, 1), skew: id === sink.id ? 80 : 2 }));
  const { text } = await facts(withOrders({ aggregatedMetrics }), 'top orders-enrichment skew --most 1');
  expect(text).toHaveLength(2);
  expect(text[1]).toMatch(/^Sink: Orders/);
});

test('metrics of a vertex are shown over all subtasks, those whose names fit', async () => {
  const { text, data } = await facts(withOrders(), 'metrics orders-enrichment Enrich numRecords*');
  expect(text).toEqual([
    'METRIC                 MIN  MAX  AVG  SUM    SKEW',
    'numRecordsIn             1  970  2.5    5  12.35%',
    'numRecordsInPerSecond    1  970  2.5    5  12.35%',
  ]);
  expect(data).toMatchObject({ metrics: [{ name: 'numRecordsIn', max: 970 }, { name: 'numRecordsInPerSecond' }] });
});

test('metrics have only the aggregations that are asked for', async () => {
  const { text } = await facts(withOrders(), 'metrics orders-enrichment Enrich numRecordsIn --agg max,min');
  expect(text).toEqual(['METRIC        MAX  MIN', 'numRecordsIn  970    1']);
});

test('metrics by subtask have a row for each', async () => {
  const { text } = await facts(withOrders(), 'metrics orders-enrichment Enrich numRecordsIn --by-subtask');
  expect(text).toEqual(['METRIC        #  VALUE', 'numRecordsIn  0  940.3', 'numRecordsIn  1  941.3']);
});

test('metrics of a job name those that have no number', async () => {
  const { text } = await facts(
    withOrders({
      jobMetricNames: async () => ['lastCheckpointExternalPath', 'numRestarts'],
      jobMetrics: async () => new Map([['numRestarts', 2]]),
    }),
    'metrics orders-enrichment',
  );
  expect(text).toEqual(['METRIC                      VALUE', 'lastCheckpointExternalPath      -', 'numRestarts                     2']);
});
