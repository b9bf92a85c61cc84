import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/until.ts';
import { gateBeforeApiServer } from './gate.ts';
import { deploySession, type Ended, examples, jobManagerPod, run, start, testNamespace, type TestNamespace } from './session-cluster.ts';

const clusterId = 'restarts';
const counter = join(examples, 'jobs/StatefulCounter.jar');
const folder = mkdtempSync(join(tmpdir(), 'drey-restart-'));
const newVersion = join(folder, 'StatefulCounter-2.jar');

let namespace: TestNamespace;
const around = (env: Readonly<Record<string, string>> = {}) => ({ XDG_STATE_HOME: join(folder, 'state'), ...env });
const words = (command: string, ...more: readonly string[]): readonly string[] => [command, '-n', namespace.name, clusterId, ...more];

async function ok(ended: Promise<Ended>): Promise<string> {
  const { code, stdout, stderr } = await ended;
  expect(code, stderr + stdout).toBe(0);
  return stdout;
}
const drey = (command: string, ...more: readonly string[]): Promise<string> => ok(run('drey', words(command, ...more), around()));

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly tasks: { readonly total: number; readonly running?: number; readonly finished?: number };
}
const jobs = async (): Promise<readonly Listed[]> => JSON.parse(await drey('jobs', '-o', 'json')) as readonly Listed[];
/** A source that has more subtasks than it was first divided among has some that are done at once. */
const runningOnes = async (name: string): Promise<readonly Listed[]> =>
  (await jobs()).filter(
    ({ tasks, ...job }) => job.name === name && job.state === 'RUNNING' && (tasks.running ?? 0) + (tasks.finished ?? 0) === tasks.total,
  );

/** How many records the counter has seen for its only key, over all its lives: each line has the count in the state. */
const counts = async (): Promise<readonly number[]> => {
  const logs = await namespace.kubectl('logs', '-l', `app=${clusterId},component=taskmanager`, '--tail=-1', '--prefix=false');
  return [...logs.matchAll(/key 0 count (\d+)/g)].map(([, count]) => Number(count));
};

beforeAll(async () => {
  namespace = await testNamespace('restart');
  // Another content: bytes behind the end of an archive are a comment, whose length is in its last two bytes.
  const archive = readFileSync(counter);
  const copy = Buffer.concat([archive, Buffer.from('v2')]);
  copy.writeUInt16LE(2, archive.length - 2);
  writeFileSync(newVersion, copy);
  await deploySession(
    namespace,
    clusterId,
    '-Djobmanager.scheduler=adaptive',
    '-Dweb.adaptive-scheduler.rescale-history.size=5',
    '-Djobmanager.adaptive-scheduler.executing.cooldown-after-rescaling=2s',
    '-Dresourcemanager.taskmanager-timeout=300000',
  );
});
afterAll(async () => {
  await namespace[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

test('a counter is rescaled, restarted and upgraded with the connection cut in the middle, and goes on counting', async () => {
  await drey('submit', counter, '-p', '1', '--', '--name', 'counter', '--rate', '50', '--keys', '1', '--log-every', '50');
  // A TaskManager that is being started has no log yet.
  await eventually('it counts', async () => (await runningOnes('counter')).length === 1 && (await counts()).length > 0);

  expect(await drey('rescale', 'counter', '2', '--yes')).toMatch(/Job counter \(\w{6}\) is rescaled: .* 2\.\n$/);
  expect(JSON.parse(await drey('rescale', 'counter', '-o', 'json'))).toMatchObject({
    data: { vertices: [{ parallelism: 2, upperBound: 2 }, { parallelism: 2 }], rescales: [{ state: 'COMPLETED' }, {}] },
  });

  const before = Math.max(...(await counts()));
  const restarted = await drey('restart', 'counter', '-p', '2', '--yes');
  expect(restarted).toMatch(
    /has a place for all state\.\nJob counter \(\w{6}\) is stopped\. Savepoint: file:\/tmp\/savepoints\/savepoint-\S+\n/,
  );
  expect((await runningOnes('counter')).length).toBe(1);
  const again = await eventually('it counts on', async () => (await counts()).at(-1));
  expect(again).toBeGreaterThanOrEqual(before);

  await using gate = await gateBeforeApiServer(folder);
  const [{ id = '' } = {}] = await runningOnes('counter');
  const upgrading = start('drey', words('upgrade', 'counter', newVersion, '--yes'), around({ KUBECONFIG: gate.kubeconfig }));
  upgrading.child.stdin?.end();
  const pod = await jobManagerPod(namespace, clusterId);
  await eventually('it is being stopped', async () =>
    (await namespace.kubectl('logs', pod, '--tail=300')).includes(`Triggering stop-with-savepoint for job ${id}`),
  );
  await gate.shut();
  await eventually('it has stopped', async () => (await jobs()).some((job) => job.id === id && job.state === 'FINISHED'));
  await gate.open();
  expect(await ok(upgrading.ended)).toMatch(/is upgraded to StatefulCounter-2\.jar, and runs with JobID [0-9a-f]{32}\.\n$/);
  const last = Math.max(...(await counts()));
  expect(await runningOnes('counter')).toHaveLength(1);
  await eventually('it counts on', async () => Math.max(...(await counts())) > last);
  // One that had lost its state would count from one again.
  expect(Math.min(...(await counts()).slice(-2))).toBeGreaterThanOrEqual(before);
});

test('what was killed between the stop and the start is resumed by the next session', async () => {
  const [{ id = '' } = {}] = await runningOnes('counter');
  const restarting = start('drey', words('restart', id, '--yes'), around());
  restarting.child.stdin?.end();
  await eventually('it is stopped', () => restarting.stdout().includes('is stopped. Savepoint: '));
  restarting.child.kill('SIGKILL');
  await restarting.ended;
  expect(await drey('resume', id.slice(0, 8), '--yes')).toMatch(/Job counter \(\w{6}\) runs again, with JobID [0-9a-f]{32}\.\n$/);
  expect(await runningOnes('counter')).toHaveLength(1);
  expect((await run('drey', words('resume', '--yes'), around())).stderr).toContain(
    'No restart of restarts that began on this machine is open.',
  );
});
