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
  await until(async () => at<number>((await rest(sandbox, `/jobs/${job}/checkpoints`)).body, 'counts.completed') > 0);
});
afterAll(() => sandbox.close());

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
  taskmanagers: () => '/taskmanagers',
  taskmanager: () => '/taskmanagers/my-first-flink-cluster-taskmanager-1-1',
};

test.each(Object.keys(PATHS))('%s has the shape of a real Flink', async (name) => {
  const real: unknown = JSON.parse(await readFile(new URL(`${name}.json`, CAPTURES), 'utf8'));
  const ours = shapeOf((await rest(sandbox, PATHS[name]?.() ?? '')).body);
  const missing = shapeOf(real).filter((line) => !line.endsWith(': null') && !ours.includes(line));
  expect(missing).toEqual([]);
});

test('every capture is compared', async () => {
  expect((await readdir(CAPTURES)).map((file) => file.replace('.json', '')).sort()).toEqual(Object.keys(PATHS).sort());
});
