import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/until.ts';
import { deploySession, type Ended, examples, jobManagerPod, run, testNamespace, type TestNamespace } from './session-cluster.ts';

const clusterId = 'savepoints';
const counter = join(examples, 'jobs/StatefulCounter.jar');
const cars = join(examples, 'streaming/TopSpeedWindowing.jar');
const directory = 'file:///tmp/savepoints';
const folder = mkdtempSync(join(tmpdir(), 'drey-savepoints-'));

let namespace: TestNamespace;
const around = { XDG_STATE_HOME: join(folder, 'state') };
const tried = (command: string, ...more: readonly string[]): Promise<Ended> =>
  run('drey', [command, '-n', namespace.name, clusterId, ...more], around);

async function drey(command: string, ...more: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await tried(command, ...more);
  expect(code, stderr + stdout).toBe(0);
  return stdout;
}

interface Lying {
  readonly path: string;
  readonly state: string;
  readonly kind?: string;
  readonly reason?: string;
  readonly operators?: readonly { readonly uid?: string; readonly sizeBytes: number }[];
}
const lying = async (of: string): Promise<readonly Lying[]> =>
  (JSON.parse(await drey('savepoints', of, '-o', 'json')) as { readonly data: readonly Lying[] }).data;

const running = async (): Promise<number> =>
  (
    JSON.parse(await drey('jobs', '-o', 'json')) as readonly {
      readonly state: string;
      readonly tasks: { running?: number; total: number };
    }[]
  ).filter(({ state, tasks }) => state === 'RUNNING' && tasks.running === tasks.total).length;

beforeAll(async () => {
  namespace = await testNamespace('savepoints');
  await deploySession(namespace, clusterId, '-Dresourcemanager.taskmanager-timeout=300000');
});
afterAll(async () => {
  await namespace[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

test('two savepoints that lie in the directory are whole, and one that is cut is broken', async () => {
  const target = ['-t', 'kubernetes-session', `-Dkubernetes.cluster-id=${clusterId}`, `-Dkubernetes.namespace=${namespace.name}`];
  const started = await run('flink', ['run', '-d', ...target, '-p', '1', counter, '--name', 'counter', '--rate', '20'], around);
  expect(started.code, started.stderr).toBe(0);
  await eventually('it runs', async () => (await running()) === 1);
  await drey('savepoint', 'counter');
  await drey('savepoint', 'counter', '--native');
  const [whole] = await lying(directory);
  const copied = '/tmp/savepoints/savepoint-ffffff-000000000000';
  const script = `mkdir ${copied} && head -c 2000 ${whole?.path.replace('file:', '') ?? ''}/_metadata > ${copied}/_metadata`;
  await namespace.kubectl('exec', await jobManagerPod(namespace, clusterId), '--', 'sh', '-c', script);

  const found = await lying(directory);
  expect(found.map(({ state, kind, operators }) => [state, kind, operators?.map(({ uid }) => uid)])).toEqual([
    ['broken', undefined, undefined],
    ['whole', 'native savepoint', ['numbers', 'count', 'discard']],
    ['whole', 'canonical savepoint', ['numbers', 'count', 'discard']],
  ]);
  expect(found[0]).toMatchObject({ path: `file:${copied}`, reason: expect.stringMatching(/^Its _metadata is damaged: /) });
  expect((await lying('counter')).map(({ state }) => state)).toEqual(['whole', 'whole']);
});

test('an upgrade whose plan has no place for the state is told before anything is stopped', async () => {
  const refused = await tried('upgrade', 'counter', cars, '--yes');
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(
    /The plan of TopSpeedWindowing\.jar has no operator with the id of Source: numbers .*, count per key .* Job counter \(\w{6}\) was not touched\.\n$/,
  );
  expect(await running()).toBe(1);
});

test('before a jar is run from a savepoint its plan is compared with it', async () => {
  const [native] = (await lying(directory)).filter(({ state }) => state === 'whole');
  const from = ['-s', native?.path ?? ''];
  const tooWide = await tried('submit', counter, '-p', '129', ...from);
  expect(tooWide.stderr).toContain('can be divided among 128 subtasks at most, and the plan of StatefulCounter.jar has 129');
  expect((await tried('submit', cars, ...from)).stderr).toContain('count per key [uid count]');
  expect(await drey('submit', counter, '-p', '1', ...from, '--', '--name', 'again')).toContain(
    'The plan of StatefulCounter.jar has a place for all state.\n',
  );
  await eventually('both run', async () => (await running()) === 2);
});
