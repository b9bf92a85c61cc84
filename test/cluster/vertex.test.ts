import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/until.ts';
import { Terminal } from '../terminal/harness.ts';
import { deploySession, examples, run, testNamespace, type TestNamespace } from './session-cluster.ts';

/** A vertex and its subtasks: `Backpressured.jar` has an operator that sleeps 5 ms for each record, `FailAfter.jar` one that fails three times. */

const clusterId = 'vertex';
const slowJob = 'Backpressured';
let namespace: TestNamespace;

/** A one-shot command of `drey` on the session; what it gives to programs. */
async function drey<Data>(command: string, ...words: readonly string[]): Promise<Data> {
  const { stdout, stderr } = await run('drey', [command, '-n', namespace.name, '-o', 'json', clusterId, ...words]);
  expect(stdout, stderr).not.toBe('');
  const { ok, data } = JSON.parse(stdout) as { readonly ok: boolean; readonly data: Data };
  expect(ok, stdout).toBe(true);
  return data;
}

async function submit(jar: string, ...program: readonly string[]): Promise<void> {
  const target = ['-t', 'kubernetes-session', `-Dkubernetes.cluster-id=${clusterId}`, `-Dkubernetes.namespace=${namespace.name}`];
  const { code, stderr } = await run('flink', ['run', '-d', ...target, join(examples, 'jobs', jar), ...program]);
  expect(code, stderr).toBe(0);
}

beforeAll(async () => {
  namespace = await testNamespace('vertex');
  await deploySession(namespace, clusterId);
  await submit('Backpressured.jar', '--sleep', '5', '--parallelism', '2');
  await submit('FailAfter.jar', '--after', '100', '--restarts', '2', '--depth', '3', '--rate', '50');
}, 600_000);

afterAll(() => namespace[Symbol.asyncDispose]());

interface Subtask {
  readonly subtask: number;
  readonly state: string;
  readonly taskManager: string;
  readonly busy: number | null;
  readonly recordsInPerSecond: number | null;
  readonly recordsOutPerSecond: number | null;
}

test('each subtask of the slow operator is busy, and what a source reads and a sink writes is unknown', async () => {
  const vertex = (part: string) => drey<{ readonly subtasks: readonly Subtask[] }>('vertex', slowJob, part);
  const slow = await eventually(
    'both subtasks are measured',
    async () => {
      const { subtasks } = await vertex('slow map');
      return subtasks.every(({ busy, recordsInPerSecond }) => (busy ?? 0) > 0.5 && (recordsInPerSecond ?? 0) > 0) ? subtasks : undefined;
    },
    120_000,
  );
  expect(slow.map(({ subtask, state, taskManager }) => [subtask, state, taskManager])).toEqual([
    [0, 'RUNNING', `${clusterId}-taskmanager-1-1`],
    [1, 'RUNNING', `${clusterId}-taskmanager-1-1`],
  ]);
  const [source] = (await vertex('fast source')).subtasks;
  expect(source).toMatchObject({ recordsInPerSecond: null, recordsOutPerSecond: expect.any(Number) });
  const [sink] = (await vertex('discard')).subtasks;
  expect(sink).toMatchObject({ recordsInPerSecond: expect.any(Number), recordsOutPerSecond: null });
}, 150_000);

interface Attempts {
  readonly state: string;
  readonly outputBuffersInUse: number | null;
  readonly medians: Readonly<Record<string, number | null>>;
  readonly attempts: readonly {
    readonly attempt: number;
    readonly kind: string;
    readonly state: string | null;
    readonly taskManager: string | null;
    readonly failure: { readonly cause: string } | null;
  }[];
}

test('a subtask has its figures beside the median, and the output of the source before a slow one is full', async () => {
  const facts = await drey<Attempts>('subtask', slowJob, 'slow map', '1');
  expect(facts).toMatchObject({ state: 'RUNNING', attempts: [{ attempt: 0, kind: 'present', failure: null }] });
  expect(facts.medians['busy']).toBeGreaterThan(0.5);
  expect((await drey<Attempts>('subtask', slowJob, 'fast source', '0')).outputBuffersInUse).toBeGreaterThan(0.5);
}, 60_000);

test('the attempts of a subtask that failed are known, each with its TaskManager and why it failed', async () => {
  const attempts = await eventually(
    'the job has given up',
    async () => {
      const found = (await drey<Attempts>('subtask', 'Fails after 100 records', 'bomb', '0')).attempts;
      return found.length === 3 && found[0]?.state === 'FAILED' ? found : undefined;
    },
    120_000,
  );
  for (const { state, taskManager, failure } of attempts) {
    expect([state, taskManager]).toEqual(['FAILED', `${clusterId}-taskmanager-1-1`]);
    expect(failure?.cause).toMatch(/^IOException: disk quota/);
  }
}, 150_000);

test('a metric by name is shown over all subtasks, and for each of them', async () => {
  interface Metrics {
    readonly metrics: readonly { readonly name: string; readonly max?: number; readonly subtask?: number; readonly value?: number }[];
  }
  const name = 'busyTimeMsPerSecond';
  const [busy] = (await drey<Metrics>('metrics', slowJob, 'slow map', name)).metrics;
  expect(busy).toMatchObject({ name });
  expect(busy?.max).toBeGreaterThan(500);
  const { metrics } = await drey<Metrics>('metrics', slowJob, 'slow map', name, '--by-subtask');
  expect(metrics.map(({ subtask }) => subtask)).toEqual([0, 1]);
}, 60_000);

test('on the screen one goes from the job into the slow vertex, its subtask and its metrics', async () => {
  const env = { KUBECONFIG: process.env['KUBECONFIG'] ?? '' };
  await using terminal = new Terminal(['attach', clusterId, '-n', namespace.name], { env, patience: 60_000, columns: 120, rows: 40 });
  await terminal.sees(/Backpressured.*Running/);
  terminal.type(`:vertex ${slowJob} slow⏎`);
  await terminal.sees(/ 1 +▶ Running .*taskmanager-1-1/);
  terminal.type('⎋');
  await terminal.sees('⏎ open');
  terminal.type('5');
  await terminal.sees(/▸ Shuffle/);
  terminal.type('/^busyTime⏎');
  await terminal.sees(/▸ busyTimeMsPerSecond/);
  terminal.type('b');
  await terminal.sees(/#[01] \d+/);
  terminal.type('1');
  await terminal.sees('[1 Subtasks]');
  terminal.type('j⏎');
  await terminal.sees(/› Subtask 1 .*Running.*taskmanager-1-1/);
  await terminal.sees(/busy +\d+% +\d+%/);
  terminal.type('2');
  await terminal.sees('[2 Metrics]');
}, 180_000);
