import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { until } from '../support/until.ts';
import { at, podNames, rest, type Answer } from './sandboxes.ts';

let sandbox: Sandbox;
let job: string;
let vertices: readonly string[];
beforeAll(async () => {
  sandbox = await startSandbox({ speed: 20 });
  job = at(
    at<readonly unknown[]>((await rest(sandbox, '/jobs/overview')).body, 'jobs').find((one) => at(one, 'name') === 'orders-enrichment'),
    'jid',
  );
  vertices = at<readonly unknown[]>((await rest(sandbox, `/jobs/${job}`)).body, 'vertices').map((vertex) => at(vertex, 'id'));
});
afterAll(() => sandbox.close());

const get = async (path: string): Promise<unknown> => (await rest(sandbox, `/jobs/${job}${path}`)).body;
const ask = (lower: number, upper: number, only = vertices): Promise<Answer> =>
  rest(sandbox, `/jobs/${job}/resource-requirements`, {
    method: 'PUT',
    body: Object.fromEntries(only.map((id) => [id, { parallelism: { lowerBound: lower, upperBound: upper } }])),
  });
const parallelism = async (): Promise<readonly number[]> =>
  at<readonly unknown[]>(await get(''), 'vertices').map((vertex) => at<number>(vertex, 'tasks.RUNNING'));

interface Entry {
  readonly rescaleUuid: string;
  readonly triggerCause: string;
  readonly terminalState: string | null;
  readonly terminatedReason: string | null;
}
const history = async (): Promise<readonly Entry[]> => (await get('/rescales/history')) as readonly Entry[];
const newest = async (): Promise<Entry | undefined> => (await history())[0];

test('the default scheduler rescales nothing, and has no history', async () => {
  expect((await rest(sandbox, `/jobs/${job}/resource-requirements`)).status).toBe(500);
  expect((await ask(1, 2)).status).toBe(500);
  expect((await rest(sandbox, `/jobs/${job}/rescales/history`)).status).toBe(404);
  expect(await get('')).toMatchObject({ schedulerType: 'Default' });
});

test('the adaptive scheduler reports its bounds, its times and how the job began', async () => {
  await sandbox.control({ kind: 'scheduler', adaptive: true });
  expect(await get('')).toMatchObject({ schedulerType: 'Adaptive' });
  expect(await get('/resource-requirements')).toEqual(
    Object.fromEntries(vertices.map((id) => [id, { parallelism: { lowerBound: 1, upperBound: 4 } }])),
  );
  expect(await get('/rescales/config')).toMatchObject({ rescaleHistoryMax: 20, executingCooldownTimeoutInMillis: 5_000 });
  expect(await history()).toMatchObject([{ triggerCause: 'INITIAL_SCHEDULE', terminalState: 'COMPLETED', terminatedReason: 'SUCCEEDED' }]);
});

test('what is wrong with a request is reported line by line', async () => {
  expect(await ask(5, 2)).toMatchObject({
    status: 400,
    body: { errors: [expect.stringContaining('is higher than the upper bound [2].')] },
  });
  expect(await ask(0, 2)).toMatchObject({ status: 400, body: { errors: [expect.stringContaining('must be greater than zero.')] } });
  expect(await ask(1, 2, vertices.slice(1))).toMatchObject({
    status: 400,
    body: { errors: [expect.stringContaining(`missing job vertex [${vertices[0]}]`)] },
  });
});

test('a greater parallelism brings the TaskManagers that it needs, and the job goes on from its checkpoint', async () => {
  expect(await ask(1, 6)).toEqual({ status: 200, body: {} });
  await until(async () => (await parallelism()).every((tasks) => tasks === 6));
  const done = await until(async () => {
    const entry = await newest();
    return entry?.terminalState === 'COMPLETED' && entry;
  });
  expect(done).toMatchObject({ triggerCause: 'UPDATE_REQUIREMENT', terminatedReason: 'SUCCEEDED' });
  expect(await get(`/rescales/details/${done.rescaleUuid}`)).toMatchObject({
    vertices: { [vertices[1] ?? '']: { preRescaleParallelism: 4, desiredParallelism: 6, postRescaleParallelism: 6 } },
    schedulerStates: [{ state: 'Executing' }, { state: 'Restarting' }, { state: 'CreatingExecutionGraph' }, { state: 'Executing' }],
  });
  expect(await get('/rescales/overview')).toMatchObject({ rescalesCounts: { completed: 2, inProgress: 0 } });
  expect(at<number>(await get('/rescales/summary'), 'completedRescalesDurationStatsInMillis.max')).toBeGreaterThan(0);
  expect(at<number>(await get('/checkpoints'), 'counts.restored')).toBe(1);
  expect(await get('/exceptions')).toMatchObject({ exceptionHistory: { entries: [] } });
});

test('without room for more TaskManagers it takes the slots that there are, and more when they come', async () => {
  const before = await podNames(sandbox);
  await sandbox.control({ kind: 'node-full' });
  await ask(1, 20);
  const partly = await until(async () => {
    const entry = await newest();
    return entry?.terminalState !== null && entry?.triggerCause === 'UPDATE_REQUIREMENT' && entry;
  });
  const reached = Math.max(
    ...(await until(async () => {
      const tasks = await parallelism();
      return tasks.every((one) => one === tasks[0]) && tasks;
    })),
  );
  expect(partly.terminatedReason).toBe(reached === 6 ? 'NO_RESOURCES_OR_PARALLELISMS_CHANGE' : 'SUCCEEDED');
  expect(reached).toBeLessThan(20);
  await sandbox.control({ kind: 'heal' });
  await sandbox.control({ kind: 'scheduler', adaptive: true });
  for (const pod of (await podNames(sandbox)).filter((name) => name.includes('taskmanager') && !before.includes(name)))
    await sandbox.control({ kind: 'pod-kill', pod });
  await until(async () => (await parallelism()).every((tasks) => tasks === 20));
  expect(await newest()).toMatchObject({ triggerCause: 'NEW_RESOURCE_AVAILABLE' });
});

test('a least parallelism that cannot be reached is accepted, and ignored', async () => {
  await sandbox.control({ kind: 'node-full' });
  await ask(100, 128);
  await until(async () => (await newest())?.terminatedReason === 'NO_RESOURCES_OR_PARALLELISMS_CHANGE');
  expect(await parallelism()).toEqual([20, 20, 20]);
});

test('a smaller parallelism gives slots back', async () => {
  await sandbox.control({ kind: 'heal' });
  await sandbox.control({ kind: 'scheduler', adaptive: true });
  await ask(1, 2);
  await until(async () => (await parallelism()).every((tasks) => tasks === 2));
  await until(async () => at<number>((await rest(sandbox, '/overview')).body, 'taskmanagers') < 3);
});
