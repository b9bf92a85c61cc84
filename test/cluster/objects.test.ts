import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/until.ts';
import { deploySession, examples, run, testNamespace, type TestNamespace } from './session-cluster.ts';

/** What Kubernetes has of a cluster: its objects, its events, what its pods use, and a TaskManager that is deleted. */

const clusterId = 'objects';

/** Milliseconds. A JVM starts slowly if little CPU is left. */
const patience = 400_000;

let namespace: TestNamespace;

beforeAll(async () => {
  namespace = await testNamespace('objects');
  // Without checkpoints nothing restarts by default.
  await deploySession(
    namespace,
    clusterId,
    '-Drestart-strategy.type=fixed-delay',
    '-Drestart-strategy.fixed-delay.attempts=1000',
    '-Drestart-strategy.fixed-delay.delay=1s',
  );
  const target = ['-t', 'kubernetes-session', `-Dkubernetes.cluster-id=${clusterId}`, `-Dkubernetes.namespace=${namespace.name}`];
  const started = await run('flink', ['run', '-d', ...target, join(examples, 'jobs/Backpressured.jar'), '--sleep', '200']);
  expect(started).toMatchObject({ code: 0 });
  await eventually('the job runs', isRunning, patience);
}, patience);
afterAll(() => namespace[Symbol.asyncDispose]());

const drey = (command: string, ...words: readonly string[]) => run('drey', [command, '--namespace', namespace.name, clusterId, ...words]);

/** What a one-shot prints for programs. */
async function json<Data>(command: string, ...words: readonly string[]): Promise<Data> {
  const { code, stdout, stderr } = await drey(command, ...words, '-o', 'json');
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as Data;
}

const isRunning = async (): Promise<boolean> =>
  (await json<readonly { readonly state: string; readonly tasks: { readonly total: number; readonly running?: number } }[]>('jobs')).some(
    ({ state, tasks }) => state === 'RUNNING' && tasks.running === tasks.total,
  );

/** What kubectl says to a manifest on its standard input, without changing anything. */
function dryRun(manifest: string): Promise<string> {
  const child = spawn('kubectl', ['--namespace', namespace.name, 'apply', '--dry-run=client', '-f', '-'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => void (out += chunk.toString()));
  child.stdin.end(manifest);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve(out));
  });
}

test.each([
  ['tm1-1', [`pod/${clusterId}-taskmanager-1-1`]],
  ['deployment', [`deployment.apps/${clusterId}`]],
  ['service', [`service/${clusterId}`, `service/${clusterId}-rest`]],
  ['configmap', [`configmap/flink-config-${clusterId}`]],
])('kubectl reads what yaml %s prints', async (object, names) => {
  const { code, stdout, stderr } = await drey('yaml', object);
  expect(code, stderr).toBe(0);
  expect(stdout).not.toContain('managedFields');
  const read = (await dryRun(stdout)).trim().split('\n');
  expect(read.map((line) => line.split(' ')[0])).toEqual(names);
});

test('describe shows the conditions, the containers and the events of a pod', async () => {
  const { stdout } = await drey('describe', 'tm1-1');
  for (const part of [
    /^ {2}Ready +True +for /m,
    /^Container flink-main-container$/m,
    /^ {2}State +running for /m,
    /^ {2}Limits +cpu .*memory /m,
  ])
    expect(stdout).toMatch(part);
  expect(stdout).toMatch(/^ {2}\S+ .* Scheduled +Successfully assigned /m);
});

interface Event {
  readonly reason: string;
  readonly object: { readonly kind: string; readonly name: string };
}

test('events are those of the cluster, of a pod, and of the TaskManagers of a job', async () => {
  const all = await json<readonly Event[]>('events');
  expect(all).toContainEqual(expect.objectContaining({ reason: 'ScalingReplicaSet', object: { kind: 'Deployment', name: clusterId } }));
  const [job] = await json<readonly { readonly id: string }[]>('jobs');
  for (const word of ['tm1-1', job?.id ?? '']) {
    const some = await json<readonly Event[]>('events', word);
    expect(some).toContainEqual(expect.objectContaining({ reason: 'Started' }));
    expect(new Set(some.map(({ object }) => object.name))).toEqual(new Set([`${clusterId}-taskmanager-1-1`]));
  }
});

test('top shows the heap of each pod, and says why CPU is not known if nobody measures it', async () => {
  const { data } = await json<{
    readonly data: { readonly missing: readonly string[]; readonly pods: readonly { readonly heap: object | null }[] };
  }>('top', 'pods');
  expect(data.pods.map(({ heap }) => heap)).toEqual([
    { used: expect.any(Number), max: expect.any(Number) },
    { used: expect.any(Number), max: expect.any(Number) },
  ]);
  expect(data.missing.length).toBeLessThan(2);
});

test(
  'a TaskManager that is deleted is replaced by Flink, and the job runs again',
  async () => {
    expect(await drey('delete', 'tm1-1', '--read-only')).toMatchObject({ code: 1, stderr: expect.stringContaining('read-only') });
    expect(await drey('delete', 'tm1-1', '--yes')).toMatchObject({ code: 0, stdout: 'Pod taskmanager-1-1 is deleted.\n' });
    const names = async () => (await json<readonly { readonly name: string }[]>('pods')).map(({ name }) => name);
    await eventually('another TaskManager comes', async () => (await names()).includes(`${clusterId}-taskmanager-1-2`), patience);
    expect(await names()).not.toContain(`${clusterId}-taskmanager-1-1`);
    await eventually('the job runs again', isRunning, patience);
    expect(await json<readonly Event[]>('events', 'tm1-1')).toContainEqual(expect.objectContaining({ reason: 'Killing' }));
  },
  patience,
);
