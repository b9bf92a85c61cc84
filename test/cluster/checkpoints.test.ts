import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/until.ts';
import { Terminal } from '../terminal/harness.ts';
import { deploySession, examples, run, testNamespace, type TestNamespace } from './session-cluster.ts';

const clusterId = 'checkpoints';
let namespace: TestNamespace;

interface Answer<Data> {
  readonly ok: boolean;
  readonly data: Data;
}

/** A one-shot command of `drey` on the session; what it gives to programs. */
async function drey<Data>(command: string, ...words: readonly string[]): Promise<Data> {
  const { stdout, stderr } = await run('drey', [command, '-n', namespace.name, '-o', 'json', clusterId, ...words]);
  expect(stdout, stderr).not.toBe('');
  const { ok, data } = JSON.parse(stdout) as Answer<Data>;
  expect(ok, stdout).toBe(true);
  return data;
}

async function submit(jar: string, ...program: readonly string[]): Promise<void> {
  const words = [
    'run',
    '-d',
    '-t',
    'kubernetes-session',
    `-Dkubernetes.cluster-id=${clusterId}`,
    `-Dkubernetes.namespace=${namespace.name}`,
  ];
  const { code, stderr } = await run('flink', [...words, join(examples, 'jobs', jar), ...program]);
  expect(code, stderr).toBe(0);
}

beforeAll(async () => {
  namespace = await testNamespace('checkpoints');
  await deploySession(namespace, clusterId);
  await submit(
    'StatefulCounter.jar',
    '--name',
    'counter',
    '--parallelism',
    '1',
    '--checkpoint-interval',
    '2000',
    '--checkpoint-delay',
    '1500',
  );
  await submit('FailAfter.jar', '--after', '100', '--restarts', '2', '--depth', '3', '--rate', '50');
}, 600_000);

afterAll(async () => {
  await namespace[Symbol.asyncDispose]();
});

interface History {
  readonly checkpoints: readonly { readonly id: number; readonly status: string; readonly phases: { readonly syncMs: number } | null }[];
}

interface Inside {
  readonly holdup: { readonly sentence: string };
  readonly operators: readonly { readonly name: string }[];
  readonly subtasks: readonly { readonly phases: { readonly syncMs: number } }[];
}

/** The newest complete checkpoint, from the inside, once one operator stands out: on a loaded machine all of them may be slow. */
async function slowCheckpoint(): Promise<Inside | undefined> {
  const newest = (await drey<History>('checkpoints', 'counter')).checkpoints.find(({ status }) => status === 'COMPLETED');
  if ((newest?.phases?.syncMs ?? 0) < 1_500) return undefined;
  const inside = await drey<Inside>('checkpoints', 'counter', String(newest?.id));
  return /^count per key.* held it up: .* the synchronous part/.test(inside.holdup.sentence) ? inside : undefined;
}

test('a slow snapshot is found: in the history, as the operator that held the checkpoint up, and in its subtask', async () => {
  const inside = await eventually('the slow operator is named', slowCheckpoint, 120_000);
  expect(inside.operators[0]?.name).toContain('count per key');
  expect(inside.subtasks[0]?.phases.syncMs).toBeGreaterThanOrEqual(1_500);
}, 180_000);

interface Failures {
  readonly failures: readonly {
    readonly className: string;
    readonly task: string;
    readonly subtask: number;
    readonly taskManagerId: string;
    readonly gaveUp: string | null;
    readonly times: readonly string[];
  }[];
}

test('a job that gave up is explained by its root cause, the subtask, and how often it came', async () => {
  let found: Failures['failures'] = [];
  await eventually(
    'the job has failed three times',
    async () => {
      ({ failures: found } = await drey<Failures>('exceptions', 'Fails after 100 records'));
      return found.length === 3;
    },
    120_000,
  );
  expect(found[0]).toMatchObject({
    className: 'java.io.IOException',
    subtask: 0,
    taskManagerId: `${clusterId}-taskmanager-1-1`,
    gaveUp: expect.stringContaining('FixedDelayRestartBackoffTimeStrategy'),
  });
  expect(found[0]?.task).toContain('bomb');
  expect(found[0]?.times).toHaveLength(3);
}, 180_000);

test('from home to the line of the failed subtask in its log it takes four keys', async () => {
  const env = { KUBECONFIG: process.env['KUBECONFIG'] ?? '' };
  await using terminal = new Terminal(['attach', clusterId, '-n', namespace.name], { env, patience: 60_000, columns: 120, rows: 40 });
  // A long name loses its middle.
  await terminal.sees(/Fails af.*Failed/);
  terminal.type('⎋');
  await terminal.sees('d describe');
  terminal.type('2');
  await terminal.sees('c cancel');
  terminal.type('⏎');
  await terminal.sees('3 Exceptions');
  terminal.type('3');
  await terminal.sees('IOException: disk quota');
  terminal.type('l');
  await terminal.sees(/▸.*bomb.*FAILED/);
}, 120_000);
