import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { until } from '../support/until.ts';
import { at, rest } from './sandboxes.ts';

let sandbox: Sandbox;
let job: string;
let vertex: string;
let taskManager: string;
const get = (path: string): Promise<{ readonly status: number; readonly body: unknown }> => rest(sandbox, path);
const nobody = 'f'.repeat(32);

beforeAll(async () => {
  sandbox = await startSandbox({ speed: 20 });
  job = at(
    at<readonly unknown[]>((await get('/jobs/overview')).body, 'jobs').find((one) => at(one, 'name') === 'orders-enrichment'),
    'jid',
  );
  // The second step reads what the first one writes.
  vertex = at((await get(`/jobs/${job}`)).body, 'vertices.1.id');
  taskManager = at((await get('/taskmanagers')).body, 'taskmanagers.0.id');
  await until(async () => at<number>((await get(`/jobs/${job}/checkpoints`)).body, 'counts.completed') > 0);
});
afterAll(() => sandbox.close());

describe('metrics', () => {
  test.each([
    ['the JobManager', () => '/jobmanager/metrics', 'numRunningJobs'],
    ['a job', () => `/jobs/${job}/metrics`, 'numRestarts'],
    ['a TaskManager', () => `/taskmanagers/${taskManager}/metrics`, 'Status.JVM.Memory.Heap.Used'],
    ['a vertex', () => `/jobs/${job}/vertices/${vertex}/metrics`, '0.numRecordsIn'],
    ['a subtask', () => `/jobs/${job}/vertices/${vertex}/subtasks/0/metrics`, 'numRecordsIn'],
  ])('of %s are names without get, and values with it; an unknown name is left out', async (_, path, name) => {
    expect((await get(path())).body).toContainEqual({ id: name });
    expect((await get(`${path()}?get=${name},nosuch`)).body).toEqual([{ id: name, value: expect.stringMatching(/^\d+$/) }]);
  });

  test.each([
    ['all jobs', () => '/jobs/metrics', 'numRestarts'],
    ['all TaskManagers', () => '/taskmanagers/metrics', 'Status.JVM.Threads.Count'],
    ['the subtasks of a vertex', () => `/jobs/${job}/vertices/${vertex}/subtasks/metrics`, 'numRecordsIn'],
  ])('of %s come together, each by the ways that are asked for', async (_, path, name) => {
    expect((await get(path())).body).toContainEqual({ id: name });
    const [all] = (await get(`${path()}?get=${name}`)).body as readonly Readonly<Record<string, number>>[];
    expect(Object.keys(all ?? {})).toEqual(['id', 'min', 'max', 'avg', 'sum', 'skew']);
    expect(all?.['min']).toBeLessThanOrEqual(all?.['avg'] ?? 0);
    expect(all?.['avg']).toBeLessThanOrEqual(all?.['max'] ?? 0);
    expect((await get(`${path()}?get=${name}&agg=min,MAX`)).body).toEqual([{ id: name, min: expect.any(Number), max: expect.any(Number) }]);
    // One name without a value, and the answer is empty.
    expect((await get(`${path()}?get=${name},nosuch`)).body).toEqual([]);
    expect(await get(`${path()}?get=${name}&agg=median`)).toMatchObject({
      status: 400,
      body: { errors: [expect.stringContaining('Cannot resolve query parameter (agg) from value "median".')] },
    });
  });

  test('are asked of some only', async () => {
    const name = 'Status.JVM.ClassLoader.ClassesLoaded';
    const sum = async (query: string): Promise<number> =>
      at((await get(`/taskmanagers/metrics?get=${name}&agg=sum${query}`)).body, '0.sum');
    expect(await sum('')).toBe(2 * (await sum(`&taskmanagers=${taskManager}`)));
    const subtasks = `/jobs/${job}/vertices/${vertex}/subtasks/metrics?get=initializationTime&agg=sum`;
    const [one, two] = [await get(`${subtasks}&subtasks=0`), await get(`${subtasks}&subtasks=0-1`)].map(({ body }) =>
      at<number>(body, '0.sum'),
    );
    expect(two).toBe(2 * (one ?? 0));
    expect((await get(`/jobs/metrics?get=numRestarts&jobs=${nobody}`)).body).toEqual([]);
  });

  test('of what nobody knows are none, and no error', async () => {
    for (const path of [
      `/jobs/${nobody}/metrics`,
      `/taskmanagers/nosuch/metrics`,
      `/jobs/${nobody}/vertices/${vertex}/metrics`,
      `/jobs/${job}/vertices/${vertex}/subtasks/99/metrics`,
    ])
      expect(await get(path), path).toMatchObject({ status: 200, body: [] });
  });
});

describe('a vertex', () => {
  const below = (path: string): string => `/jobs/${job}/vertices/${vertex}${path}`;

  test('has subtasks, each with its attempt, and none beyond its parallelism', async () => {
    const subtask = { subtask: 0, status: 'RUNNING', 'taskmanager-id': expect.stringContaining('taskmanager-1-') };
    expect((await get(below('/subtasks/0'))).body).toMatchObject(subtask);
    expect((await get(below('/subtasks/0/attempts/0'))).body).toMatchObject({ ...subtask, attempt: 0 });
    expect(await get(below('/subtasks/99'))).toMatchObject({
      status: 404,
      body: { errors: [expect.stringContaining('Invalid subtask index for vertex')] },
    });
    expect(await get(below('/subtasks/first'))).toMatchObject({
      status: 400,
      body: { errors: [expect.stringContaining('Cannot resolve path parameter (subtaskindex) from value "first".')] },
    });
  });

  test('tells its watermarks; a source has none', async () => {
    expect((await get(below('/watermarks'))).body).toContainEqual({
      id: '0.currentInputWatermark',
      value: expect.stringMatching(/^\d{13}$/),
    });
    const source: string = at((await get(`/jobs/${job}`)).body, 'vertices.0.id');
    expect((await get(`/jobs/${job}/vertices/${source}/watermarks`)).body).toEqual([]);
  });

  test('has accumulators, those of its job as well, and no metrics of coordinators', async () => {
    const lookups = { name: 'lookups', type: 'LongCounter', value: expect.stringMatching(/^\d+$/) as string };
    const some = expect.arrayContaining([lookups]) as unknown;
    expect((await get(below('/accumulators'))).body).toEqual({ id: vertex, 'user-accumulators': some });
    expect((await get(below('/subtasks/accumulators'))).body).toMatchObject({
      id: vertex,
      parallelism: 4,
      subtasks: expect.arrayContaining([expect.objectContaining({ subtask: 3, attempt: 0, 'user-accumulators': some })]) as unknown,
    });
    expect((await get(below('/subtasks/1/attempts/0/accumulators'))).body).toMatchObject({
      subtask: 1,
      attempt: 0,
      'user-accumulators': some,
    });
    expect((await get(`/jobs/${job}/accumulators`)).body).toMatchObject({ 'user-task-accumulators': some });
    expect((await get(below('/jm-operator-metrics'))).body).toEqual([]);
  });
});

describe('checkpoints', () => {
  test('are reported one by one, and for a vertex with its subtasks', async () => {
    const id: number = at((await get(`/jobs/${job}/checkpoints`)).body, 'latest.completed.id');
    const { body } = await get(`/jobs/${job}/checkpoints/details/${id}`);
    expect(body).toMatchObject({ id, status: 'COMPLETED', tasks: { [vertex]: { status: 'COMPLETED' } } });
    expect((await get(`/jobs/${job}/checkpoints/details/${id}/subtasks/${vertex}`)).body).toMatchObject({
      id,
      status: 'COMPLETED',
      subtasks: expect.arrayContaining([expect.objectContaining({ index: 0, status: 'completed' })]),
    });
  });

  test('that are not there, or not numbers, are refused', async () => {
    expect(await get(`/jobs/${job}/checkpoints/details/99999999`)).toMatchObject({
      status: 404,
      body: { errors: [expect.stringContaining('Could not find checkpointing statistics for checkpoint 99999999.')] },
    });
    expect(await get(`/jobs/${job}/checkpoints/details/last`)).toMatchObject({ status: 400 });
  });
});

describe('applications', () => {
  test('are the jobs that were run, with the same id', async () => {
    expect(at((await get('/applications/overview')).body, 'applications')).toContainEqual(
      expect.objectContaining({ id: job, name: 'SingleJobApplication(orders-enrichment)', status: 'RUNNING', jobs: { RUNNING: 1 } }),
    );
    expect((await get(`/applications/${job}`)).body).toMatchObject({ id: job, jobs: [{ jid: job }], timestamps: { FAILED: 0 } });
    expect((await get(`/applications/${job}/exceptions`)).body).toEqual({ exceptionHistory: { entries: [] } });
  });

  test('that nobody knows are an error', async () => {
    expect((await get(`/applications/${nobody}`)).status).toBe(500);
    expect((await rest(sandbox, `/applications/${nobody}/cancel`, { method: 'POST' })).status).toBe(404);
  });

  test('are cancelled with their job', async () => {
    const cars: string = at(
      at<readonly unknown[]>((await get('/jobs/overview')).body, 'jobs').find((one) => at(one, 'name') === 'CarTopSpeedWindowing'),
      'jid',
    );
    expect((await rest(sandbox, `/applications/${cars}/cancel`, { method: 'POST' })).status).toBe(202);
    await until(async () => at((await get(`/jobs/${cars}`)).body, 'state') === 'CANCELED');
    expect((await get(`/applications/${cars}`)).body).toMatchObject({ status: 'CANCELED', timestamps: { CANCELED: expect.any(Number) } });
    expect((await rest(sandbox, `/applications/${cars}/cancel`, { method: 'POST' })).status).toBe(404);
  });
});

test('the files of the JobManager and of a TaskManager are listed and read; what is not there is refused', async () => {
  const { body: files } = await get('/jobmanager/logs');
  expect(files).toMatchObject({
    logs: [{ name: expect.stringMatching(/^flink--kubernetes-session-0-.*\.log$/), size: expect.any(Number) }],
  });
  for (const path of ['/jobmanager/log', `/jobmanager/logs/${at(files, 'logs.0.name')}`])
    expect((await get(path)).body, path).toContain(' Starting KubernetesSessionClusterEntrypoint (Version: ');
  for (const path of ['/jobmanager/stdout', '/jobmanager/logs/nosuch'])
    expect(await get(path)).toMatchObject({ status: 404, body: { errors: ['This file does not exist in JobManager log dir.'] } });
  const logs = `/taskmanagers/${taskManager}/logs`;
  const file = `flink--kubernetes-taskmanager-0-${taskManager}.log`;
  expect((await get(logs)).body).toMatchObject({ logs: [{ name: file }] });
  for (const path of [`/taskmanagers/${taskManager}/log`, `${logs}/${file}`])
    expect((await get(path)).body, path).toMatch(/TaskManager|TaskExecutor/);
  for (const path of [`${logs}/nosuch`, `/taskmanagers/${taskManager}/stdout`]) expect((await get(path)).status).toBe(500);
  expect((await get('/taskmanagers/nosuch/log')).status).toBe(404);
  for (const path of ['/jobmanager/environment', `/jobs/${job}/jobmanager/environment`])
    expect((await get(path)).body).toMatchObject({
      jvm: { arch: 'amd64' },
      classpath: expect.arrayContaining(['/opt/flink/lib/flink-dist-2.3.0.jar']),
    });
  expect((await get('/datasets')).body).toEqual({ dataSets: [] });
});

test('a job tells its configuration, and refuses to be rescaled or stopped by a mode', async () => {
  expect((await get(`/jobs/${job}/jobmanager/config`)).body).toContainEqual({ key: 'rest.port', value: '8081' });
  expect((await get(`/jobs/${job}/accumulators`)).body).toMatchObject({ 'job-accumulators': [] });
  expect((await rest(sandbox, `/jobs/${job}/resource-requirements`, { method: 'PUT', body: {} })).status).toBe(500);
  for (const [mode, status] of [
    ['stop', 308],
    ['pause', 400],
  ] as const)
    expect((await rest(sandbox, `/jobs/${job}?mode=${mode}`, { method: 'PATCH' })).status, mode).toBe(status);
  expect((await get(`/jobs/${nobody}/execution-result`)).status).toBe(404);
});
