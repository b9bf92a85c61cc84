import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { at, rest } from './sandboxes.ts';
import { until } from '../support/until.ts';

// Answers of a running Flink 2.3.0 stand beside this test: the sandbox has to have their members, with values of their kinds.
const CAPTURES = new URL('./captures/', import.meta.url);

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
  await prepared();
});
afterAll(() => sandbox.close());

let checkpoint: number;
let rescale: string;

/** What the captures show has to have happened: a rescale, a failure, a profile, a sample. */
async function prepared(): Promise<void> {
  await sandbox.control({ kind: 'scheduler', adaptive: true });
  const body = Object.fromEntries(vertices.map((id) => [id, { parallelism: { lowerBound: 1, upperBound: 2 } }]));
  await rest(sandbox, `/jobs/${job}/resource-requirements`, { method: 'PUT', body });
  rescale = await until(async () => {
    const newest = at<readonly Readonly<Record<string, string>>[]>((await rest(sandbox, `/jobs/${job}/rescales/history`)).body, '0');
    return at(newest, 'triggerCause') === 'UPDATE_REQUIREMENT' && at(newest, 'terminalState') === 'COMPLETED' && at(newest, 'rescaleUuid');
  });
  // Of every second failure two tasks choke at once.
  for (const failures of [1, 2]) {
    await until(async () => at<number>((await rest(sandbox, `/jobs/${job}`)).body, 'vertices.1.tasks.RUNNING') === 2);
    await sandbox.control({ kind: 'job-fail', job });
    await until(
      async () =>
        at<readonly unknown[]>((await rest(sandbox, `/jobs/${job}/exceptions`)).body, 'exceptionHistory.entries').length === failures,
    );
  }
  await rest(sandbox, '/jobmanager/profiler', { method: 'POST', body: { mode: 'CPU', duration: 1 } });
  await until(async () => at((await rest(sandbox, '/jobmanager/profiler')).body, 'profilingList.0.status') === 'FINISHED');
  await until(async () => at<number>((await rest(sandbox, `/jobs/${job}`)).body, 'vertices.1.tasks.RUNNING') === 2);
  await until(async () => at<unknown>((await rest(sandbox, `${vertex()}/flamegraph`)).body, 'data') !== undefined);
  checkpoint = await until(async () => {
    const { body: all } = await rest(sandbox, `/jobs/${job}/checkpoints`);
    return at<number>(all, 'latest.completed.num_subtasks') === 6 && at<number>(all, 'latest.completed.id');
  });
}

const vertex = (): string => `/jobs/${job}/vertices/${vertices[1]}`;
const TASK_MANAGER = '/taskmanagers/my-first-flink-cluster-taskmanager-1-1';

/** `a.b[]: number` for every leaf. Maps whose keys are ids or states that may lack are left out. */
function shapeOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.length === 0 ? [] : [...new Set(value.flatMap((one) => shapeOf(one, `${path}[]`)))];
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, below]) => {
      const named = /^[0-9a-f]{32}$/.test(key) ? '<id>' : key;
      return shapeOf(below, `${path}.${named}`);
    });
  }
  // A percentile is a number or the word NaN; a member that may be null says nothing of its kind.
  const kind = value === 'NaN' ? 'number' : value === null ? 'null' : typeof value;
  return [`${path}: ${kind}`];
}

const PATHS: Readonly<Record<string, () => string>> = {
  overview: () => '/overview',
  'idle-config': () => '/config',
  jobs: () => '/jobs',
  'jobs-overview': () => '/jobs/overview',
  'job-running': () => `/jobs/${job}`,
  'job-running-config': () => `/jobs/${job}/config`,
  'job-running-plan': () => `/jobs/${job}/plan`,
  'job-running-checkpoints': () => `/jobs/${job}/checkpoints`,
  'job-running-checkpoints-config': () => `/jobs/${job}/checkpoints/config`,
  'vertex-count': () => `/jobs/${job}/vertices/${vertices[1]}`,
  'vertex-count-backpressure': () => `/jobs/${job}/vertices/${vertices[1]}/backpressure`,
  'vertex-count-subtasktimes': () => `/jobs/${job}/vertices/${vertices[1]}/subtasktimes`,
  'vertex-source-taskmanagers': () => `/jobs/${job}/vertices/${vertices[0]}/taskmanagers`,
  'vertex-count-taskmanagers': () => `${vertex()}/taskmanagers`,
  'vertex-count-watermarks': () => `${vertex()}/watermarks`,
  'vertex-count-subtasks-1-attempts-0': () => `${vertex()}/subtasks/1/attempts/0`,
  'vertex-count-subtasks-accumulators': () => `${vertex()}/subtasks/accumulators`,
  'vertex-metrics-aggregated': () => `${vertex()}/subtasks/metrics?get=numRecordsIn`,
  'vertex-metrics-values': () => `${vertex()}/metrics?get=0.busyTimeMsPerSecond`,
  'flamegraph-full': () => `${vertex()}/flamegraph`,
  'checkpoint-details': () => `/jobs/${job}/checkpoints/details/${checkpoint}`,
  'checkpoint-details-subtasks': () => `/jobs/${job}/checkpoints/details/${checkpoint}/subtasks/${vertices[1]}`,
  'job-failed-exceptions': () => `/jobs/${job}/exceptions`,
  'adaptive-rescales-config': () => `/jobs/${job}/rescales/config`,
  'adaptive-rescaled-rescales-history': () => `/jobs/${job}/rescales/history`,
  'adaptive-rescaled-rescales-overview': () => `/jobs/${job}/rescales/overview`,
  'adaptive-rescaled-rescales-summary': () => `/jobs/${job}/rescales/summary`,
  'adaptive-rescaled-details': () => `/jobs/${job}/rescales/details/${rescale}`,
  'jobmanager-environment': () => '/jobmanager/environment',
  'profiler-done': () => '/jobmanager/profiler',
  'taskmanager-logs': () => `${TASK_MANAGER}/logs`,
  'taskmanager-thread-dump': () => `${TASK_MANAGER}/thread-dump`,
  taskmanagers: () => '/taskmanagers',
  taskmanager: () => TASK_MANAGER,
};

test.each(Object.keys(PATHS))('%s has the shape of a real Flink', async (name) => {
  const real: unknown = JSON.parse(await readFile(new URL(`${name}.json`, CAPTURES), 'utf8'));
  const ours = shapeOf((await rest(sandbox, PATHS[name]?.() ?? '')).body);
  const missing = shapeOf(real).filter((line) => !line.endsWith(': null') && !ours.includes(line));
  expect(missing).toEqual([]);
});

/** The lists of metrics. Those of an operator, a split or a garbage collector have other names in every job and every JVM. */
const METRICS: Readonly<Record<string, () => string>> = {
  'vertex-count-subtasks-metrics': () => `${vertex()}/subtasks/metrics`,
  'vertex-source-subtasks-0-metrics': () => `/jobs/${job}/vertices/${vertices[0]}/subtasks/0/metrics`,
  'taskmanager-metrics': () => `${TASK_MANAGER}/metrics`,
  'job-metrics': () => `/jobs/${job}/metrics`,
  'jobmanager-metrics': () => '/jobmanager/metrics',
};
const ofOperator = /^(count_per_key|discard__Writer|Source__numbers)\./;

test.each(Object.keys(METRICS))('%s has the metrics of a real Flink', async (name) => {
  const real = JSON.parse(await readFile(new URL(`${name}.json`, CAPTURES), 'utf8')) as readonly { readonly id: string }[];
  const ours = at<readonly { readonly id: string }[]>({ all: (await rest(sandbox, METRICS[name]?.() ?? '')).body }, 'all').map(
    ({ id }) => id,
  );
  expect(real.map(({ id }) => id).filter((id) => !ofOperator.test(id) && !ours.includes(id))).toEqual([]);
});

test('every capture is compared', async () => {
  expect((await readdir(CAPTURES)).map((file) => file.replace('.json', '')).sort()).toEqual(
    [...Object.keys(PATHS), ...Object.keys(METRICS)].sort(),
  );
});
