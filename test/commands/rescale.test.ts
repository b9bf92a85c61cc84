import { expect, test } from 'vitest';
import type { ParallelismBounds, Rescale } from '../../src/flink/rescale-types.ts';
import type { FlinkClient, Vertex } from '../../src/flink/types.ts';
import { Problem } from '../../src/support/problem.ts';
import { fakeFlink, settle } from '../support/fakes.ts';
import { jobDetail, vertex } from '../support/job-detail.ts';
import { job } from '../support/pods-and-jobs.ts';
import { desk } from './desk.ts';

const orders = job({ name: 'orders', id: '9f13c2'.padEnd(32, '0') });

const vertexOf = (name: string, parallelism: number): Vertex =>
  vertex({ id: name.toLowerCase().padEnd(32, '0'), name, slotSharingGroup: 'a', parallelism });

const running = jobDetail({ id: orders.id, name: orders.name, vertices: [vertexOf('Source', 2), vertexOf('Enrich', 2)] });

/** A cluster whose scheduler is adaptive, with a job of two vertices that a test moves. */
function site(given: Partial<FlinkClient> = {}, slots = { total: 8, free: 6 }) {
  let detail = running;
  let bounds: ReadonlyMap<string, ParallelismBounds> = new Map(detail.vertices.map(({ id }) => [id, { least: 1, most: 2 }]));
  const sent: object[] = [];
  const flink: Partial<FlinkClient> = {
    job: async () => detail,
    overview: async () => ({
      taskManagers: 2,
      slotsTotal: slots.total,
      slotsAvailable: slots.free,
      flinkVersion: '2.3.0',
      flinkCommit: undefined,
    }),
    resourceRequirements: async () => bounds,
    async setResourceRequirements(_id, next) {
      bounds = next;
      sent.push(Object.fromEntries([...next].map(([id, { least, most }]) => [id.replaceAll('0', ''), [least, most]])));
    },
    rescaleSettings: async () => undefined,
    rescales: async () => undefined,
    ...given,
  };
  const at = desk({ flink: fakeFlink(flink) });
  at.store.jobs(orders);
  return {
    ...at,
    sent,
    runs: (...parallelism: readonly number[]) => {
      detail = { ...detail, vertices: detail.vertices.map(({ name }, index) => vertexOf(name, parallelism[index] ?? 0)) };
    },
    becomes: (state: string) => void (detail = { ...detail, state }),
  };
}

test('rescale asks first, and its question has each vertex and the slots that are needed and free', async () => {
  const { plan, sent } = site();
  const asked = await plan('rescale orders 4 Enrich=3-6');
  if (asked.kind !== 'confirm') throw new Error(asked.kind);
  expect(asked.confirmation.lines).toEqual([
    'This restarts orders (9f13c2) from its last checkpoint, with another parallelism:',
    'Source: 2 → 4',
    'Enrich: 2 → 6, at least 3',
    'It needs 6 slots: it has 2, and 6 of 8 are free.',
  ]);
  expect(sent).toEqual([]);
});

test('slots that are not there are counted in the question', async () => {
  const asked = await site({}, { total: 4, free: 1 }).plan('rescale orders 8');
  if (asked.kind !== 'confirm') throw new Error(asked.kind);
  expect(asked.confirmation.lines.at(-1)).toBe(
    'It needs 8 slots: it has 2, and 1 of 4 are free. 5 slots must come from new TaskManagers; until then it runs with fewer.',
  );
});

test('it is done when every task runs with the new parallelism', async () => {
  const { run, runs, clock, front, sent, store } = site();
  const outcome = run('rescale orders Enrich=4');
  await settle();
  expect(sent).toEqual([{ source: [1, 2], enrich: [1, 4] }]);
  await clock.advance(35_000);
  expect(store.get().operations).toMatchObject([{ kind: 'rescale', title: 'Rescale orders (9f13c2) to 4', state: 'running' }]);
  runs(2, 4);
  await clock.advance(1_000);
  expect(await outcome).toEqual({ kind: 'done' });
  expect(front.printed.at(-1)).toBe('Job orders (9f13c2) is rescaled: Source 2, Enrich 4.');
  expect(store.get().operations).toMatchObject([{ state: 'succeeded', result: 'Source 2, Enrich 4' }]);
});

test('a connection that is cut while it is waited for is waited out', async () => {
  const away = new Problem('unreachable', 'Nobody answers.');
  let looks = 0;
  const { run, clock, front, store } = site({
    job: async () => {
      looks += 1;
      if (looks > 3 && looks < 400) throw away;
      return { ...running, vertices: [vertexOf('Source', looks < 400 ? 2 : 4), vertexOf('Enrich', looks < 400 ? 2 : 4)] };
    },
  });
  const outcome = run('rescale orders 4');
  await clock.advance(300_000);
  expect(store.get().operations[0]?.progress).toBe('no answer, asking again: Nobody answers.');
  await clock.advance(200_000);
  expect(await outcome).toEqual({ kind: 'done' });
  expect(front.printed.at(-1)).toBe('Job orders (9f13c2) is rescaled: Source 4, Enrich 4.');
});

test.each<readonly [string, Partial<FlinkClient>, { readonly total: number; readonly free: number }, string]>([
  ['slots that are missing', {}, { total: 2, free: 0 }, 'It needs 4 slots; it has 2, and 0 of 2 are free.'],
  [
    'what the scheduler wrote in its history',
    { rescales: async () => ignored },
    { total: 8, free: 6 },
    'Flink says: no resources or parallelisms change.',
  ],
  ['that nothing gives a reason', {}, { total: 8, free: 6 }, 'Flink gives no reason.'],
])('if it does not come to pass the reason is %s', async (_what, given, slots, reason) => {
  const { run, clock } = site(given, slots);
  const outcome = run('rescale orders 4');
  await clock.advance(200_000);
  expect(await outcome).toMatchObject({
    kind: 'failed',
    problem: { kind: 'unavailable', message: `Job orders (9f13c2) does not run like this after 2 min. ${reason}` },
  });
});

const ignored: readonly Rescale[] = [
  {
    id: 'a',
    startedAt: Number.MAX_SAFE_INTEGER,
    endedAt: undefined,
    trigger: 'UPDATE_REQUIREMENT',
    state: 'IGNORED',
    reason: 'NO_RESOURCES_OR_PARALLELISMS_CHANGE',
  },
];

test('a job that ends instead is reported with its end', async () => {
  const { run, clock, becomes } = site();
  const outcome = run('rescale orders 4');
  await settle();
  becomes('FAILED');
  await clock.advance(1_000);
  expect(await outcome).toMatchObject({ kind: 'failed', problem: { message: 'Job orders (9f13c2) was not rescaled: it is FAILED.' } });
});

test('what it may already use is not asked for again', async () => {
  const { says, front, sent } = site();
  expect(await says('rescale orders 2')).toBe('done');
  expect(front.printed).toEqual(['Job orders (9f13c2) may already use this parallelism; nothing was changed.']);
  expect(sent).toEqual([]);
});

test('another scheduler is refused before anything is asked, with what to do instead', async () => {
  const { says } = site({
    resourceRequirements: async () => {
      throw new Problem('conflict', 'The DefaultScheduler does not support changing the parallelism without a job restart.');
    },
  });
  expect(await says('rescale orders 4')).toMatch(
    /^Job orders \(9f13c2\) cannot be rescaled while it runs: only the adaptive scheduler can, and another one runs it\. restart JOB -p N /,
  );
});

test('it waits for the list of jobs of a Flink that does not answer at first: no list does not mean that no job is running', async () => {
  const { store, says } = desk({ flink: fakeFlink({ job: () => new Promise(() => {}) }) });
  store.source('flink', 'stale', new Problem('unavailable', 'It starts.'));
  const said = says('rescale orders 4');
  await settle();
  store.jobs(job({ name: 'other', id: '1'.repeat(32) }));
  expect(await said).toMatch(/^There is no running job "orders"/);
});

test('without a parallelism it shows that of each vertex, the slots and the history, also in a read-only session', async () => {
  const { says, front } = site({ rescales: async () => ignored.map((one) => ({ ...one, startedAt: 0, endedAt: 1_500 })) });
  expect(await says('rescale orders')).toBe('done');
  const [view] = front.views;
  if (view?.kind !== 'facts') throw new Error(view?.kind);
  expect(view.text.slice(0, 3).map((line) => line.split(/ {2,}/))).toEqual([
    ['VERTEX', 'ID', 'PARALLELISM', 'BOUNDS', 'MAXIMUM'],
    ['Source', 'source', '2', '1-2', '128'],
    ['Enrich', 'enrich', '2', '1-2', '128'],
  ]);
  expect(view.text).toContain('It needs 2 slots: it has 2, and 6 of 8 are free.');
  expect(view.text.at(-1)).toMatch(/update requirement +ignored +1\.5s +no resources or parallelisms change$/);
  expect(view.data).toMatchObject({
    jobId: orders.id,
    vertices: [{ name: 'Source', parallelism: 2, lowerBound: 1, upperBound: 2, maxParallelism: 128 }, { name: 'Enrich' }],
    slots: { needed: 2, used: 2, free: 6, total: 8 },
    rescales: [{ trigger: 'UPDATE_REQUIREMENT', state: 'IGNORED', startedAt: '1970-01-01T00:00:00.000Z' }],
  });
});
