import { expect, test } from 'vitest';
import type { FlinkClient, JobDetail } from '../../src/flink/types.ts';
import type { AggregatedMetric } from '../../src/flink/vertex-types.ts';
import { line } from '../inside/job/build.ts';
import { fakeFlink, settle, start } from '../support/fakes.ts';
import { jobConfiguration, jobDetail, vertex } from '../support/job-detail.ts';
import { job } from '../support/pods-and-jobs.ts';
import { desk } from './desk.ts';

const orders = job({ name: 'orders' });

const running = jobDetail({
  edges: line('source', 'enrich', 'sink'),
  vertices: [
    vertex({ id: 'source', name: 'Source: Orders' }),
    vertex({ id: 'enrich', name: 'Enrich', parallelism: 4 }),
    vertex({ id: 'sink', name: 'Sink' }),
  ],
});

const metric = (name: string, avg: number, max = avg): AggregatedMetric => ({ name, min: 0, max, avg, sum: avg * 4, skew: 0 });

/** What the subtasks of a vertex report; times in milliseconds per second. */
const reported = (busy: number, backPressured: number): readonly AggregatedMetric[] => [
  metric('busyTimeMsPerSecond', busy, Math.min(1_000, busy * 1.5)),
  metric('backPressuredTimeMsPerSecond', backPressured),
  metric('idleTimeMsPerSecond', 1_000 - busy - backPressured),
  metric('numRecordsInPerSecond', 235),
  metric('numRecordsOutPerSecond', 235),
];

const loads: Readonly<Record<string, readonly AggregatedMetric[]>> = {
  source: reported(120, 810),
  enrich: reported(600, 0),
  sink: reported(40, 0),
};

function site(given: Partial<FlinkClient> = {}, detail: JobDetail = running) {
  const at = desk({
    flink: fakeFlink({
      job: async () => detail,
      aggregatedMetrics: async (_job, id) => loads[id] ?? [],
      jobMetrics: async () => new Map([['numRestarts', 7]]),
      ...given,
    }),
  });
  at.store.jobs(orders);
  const facts = () => {
    const view = at.front.views[0];
    if (view?.kind !== 'facts') throw new Error(`no facts, but ${view?.kind}`);
    return view;
  };
  return { ...at, text: () => facts().text, data: () => facts().data };
}

test('job shows each vertex, how its subtasks spend their time, and the bottleneck with its numbers', async () => {
  const { run, text } = site();
  await run('job orders');
  const lines = text();
  expect(lines).toContain('Bottleneck      Enrich is the bottleneck: busy 90%, while Source: Orders before it is back-pressured 81%.');
  expect(lines).toContain('Tasks           6 of 6 running');
  expect(lines).toContain('State           RUNNING for 1h');
  expect(lines.slice(-4)).toEqual([
    'NAME            STATE    TASKS  BUSY  MAX  BACK  IDLE  IN/S  OUT/S  FOR',
    'Source: Orders  RUNNING    1/1   12%  18%   81%    7%     -    940   1h',
    'Enrich          RUNNING    4/4   60%  90%    0%   40%   940    940   1h',
    'Sink            RUNNING    1/1    4%   6%    0%   96%   940      -   1h',
  ]);
});

test('programs get the same as data', async () => {
  const { run, data } = site();
  await run('job orders');
  expect(data()).toMatchObject({
    id: running.id,
    state: 'RUNNING',
    restarts: 0,
    bottleneck: { kind: 'found', vertex: 'enrich', busy: 0.9, waiting: [{ id: 'source', share: 0.81 }] },
    vertices: [{ id: 'source' }, { id: 'enrich', load: { busy: 0.6 }, peak: { busy: 0.9 }, perSecond: { recordsIn: 940 } }, { id: 'sink' }],
    edges: [
      { from: 'source', to: 'enrich', shipStrategy: 'HASH' },
      { from: 'enrich', to: 'sink' },
    ],
    startTime: new Date(start - 3_600_000).toISOString(),
  });
});

test('a JobManager that has no figures yet is asked again until it has them', async () => {
  let asked = 0;
  const { run, text, clock } = site({ aggregatedMetrics: async (_job, id) => (asked++ < 3 ? [] : (loads[id] ?? [])) });
  const outcome = run('job orders');
  await settle();
  await clock.advance(1_500);
  await outcome;
  expect(asked).toBe(6);
  expect(text().join('\n')).toContain('Enrich is the bottleneck');
});

test('a JobManager whose metrics are off is not asked for ever, and unknown figures are not 0', async () => {
  const { run, text, clock } = site({ aggregatedMetrics: async () => [] });
  const outcome = run('job orders');
  await settle();
  await clock.advance(10_000);
  await outcome;
  expect(text().at(-1)).toMatch(/^Sink +RUNNING +1\/1( +-){6} +1h$/);
  expect(text().join('\n')).toContain('Flink has not reported the load of 3 of 3 vertices.');
});

test('without a name it is the only job that runs; of several it lists their names', async () => {
  const { run, says, store, text } = site();
  store.jobs(orders, job({ name: 'old', id: 'b'.repeat(32), state: 'FINISHED' }));
  await run('job');
  expect(text()[0]).toBe('Job             orders');
  store.jobs(orders, job({ name: 'totals', id: 'c'.repeat(32) }));
  expect(await says('job')).toBe('2 jobs are running. Name one of them: orders (9f13c2), totals (cccccc).');
  store.jobs();
  expect(await says('job')).toBe('There are no jobs.');
});

test('a batch job says how far it is', async () => {
  const stages = [vertex({ id: 'source', state: 'FINISHED', tasks: { FINISHED: 1 } }), vertex({ id: 'enrich' })];
  const { run, text } = site({}, jobDetail({ type: 'BATCH', vertices: stages, edges: line('source', 'enrich'), pendingOperators: 3 }));
  await run('job orders');
  expect(text()).toContain('Stages          1 of 2 stages have finished; 3 operators are not planned yet');
});

test('job JOB configuration shows how Flink runs it, how it takes checkpoints, and what its program registered without its secrets', async () => {
  const { run, front, store } = site({
    jobConfiguration: async () =>
      jobConfiguration({
        restartStrategy: 'Exponential delay',
        parallelism: 'default',
        user: { topic: 'orders', 'db.password': 'hunter2' },
      }),
    checkpointConfiguration: async () => undefined,
  });
  store.jobs(orders);
  await run('job orders configuration');
  expect(front.views.at(-1)).toMatchObject({
    kind: 'facts',
    text: [
      'KEY               VALUE                KIND',
      'restart strategy  Exponential delay    execution',
      'parallelism       that of the cluster  execution',
      'checkpointing     off                  checkpoints',
      'db.password       ******               user',
      'topic             orders               user',
    ],
    data: {
      executionMode: null,
      restartStrategy: 'Exponential delay',
      parallelism: 'default',
      objectReuse: null,
      user: { 'db.password': '******', topic: 'orders' },
      checkpoints: null,
    },
  });
});
