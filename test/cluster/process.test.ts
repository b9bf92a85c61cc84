import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/until.ts';
import { Terminal } from '../terminal/harness.ts';
import { deploySession, examples, run, testNamespace, type TestNamespace } from './session-cluster.ts';

/** A TaskManager from the inside, while `Backpressured.jar` sleeps in its slow operator. */

const clusterId = 'process';
const pod = `${clusterId}-taskmanager-1-1`;

/** Milliseconds. A JVM starts slowly if little CPU is left. */
const patience = 400_000;

let namespace: TestNamespace;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'drey-process-'));
  namespace = await testNamespace('process');
  await deploySession(namespace, clusterId);
  const target = ['-t', 'kubernetes-session', `-Dkubernetes.cluster-id=${clusterId}`, `-Dkubernetes.namespace=${namespace.name}`];
  const started = await run('flink', ['run', '-d', ...target, join(examples, 'jobs/Backpressured.jar'), '--sleep', '200']);
  expect(started).toMatchObject({ code: 0 });
  // Flink asks for a TaskManager's metrics when somebody looks, and every 10 s at most: until then what it uses is not known.
  const looked = async (): Promise<boolean> => {
    const figures = await taskManager();
    return figures?.slots.allocated[0]?.tasks === 3 && heapOf(figures) !== null;
  };
  await eventually('the tasks of the job run, and their TaskManager has sent metrics', looked, patience);
}, patience);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await namespace[Symbol.asyncDispose]();
});

const drey = (command: string, ...words: readonly string[]) => run('drey', [command, '--namespace', namespace.name, clusterId, ...words]);

/** What a one-shot gives to programs; undefined: it fails. */
async function data<Data>(command: string, ...words: readonly string[]): Promise<Data | undefined> {
  const { code, stdout } = await drey(command, ...words, '-o', 'json');
  return code === 0 ? (JSON.parse(stdout) as { readonly data: Data }).data : undefined;
}

interface Figures {
  readonly memory: { readonly totalProcess: number; readonly parts: readonly { readonly name: string; readonly used: number | null }[] };
  readonly network: { readonly segmentsTotal: number };
  readonly slots: { readonly total: number; readonly allocated: readonly { readonly tasks: number }[] };
}

const taskManager = () => data<Figures>('taskmanager', 'tm1-1');

const heapOf = ({ memory }: Figures): number | null | undefined => memory.parts.find(({ name }) => name === 'JVM heap')?.used;

/** The list of log files; of a session there is one. */
async function logFile(): Promise<{ readonly name: string; readonly bytes: number }> {
  const listed = await data<{ readonly files: readonly { readonly name: string; readonly bytes: number }[] }>('logfiles', 'tm1-1');
  const [file] = listed?.files ?? [];
  if (file === undefined) throw new Error(`${pod} has no log file`);
  return file;
}

test('a TaskManager shows the memory that it was started with, its buffers and its slots', async () => {
  const figures = await taskManager();
  expect(figures?.memory.totalProcess).toBe(1100 * 2 ** 20);
  expect(figures === undefined ? undefined : heapOf(figures)).toBeGreaterThan(2 ** 20);
  expect(figures?.network.segmentsTotal).toBeGreaterThan(0);
  expect(figures?.slots).toMatchObject({ total: 4, allocated: [{ tasks: 3 }] });
});

interface Dump {
  readonly threads: number;
  readonly deadlocks: readonly object[];
  readonly groups: readonly {
    readonly state: string;
    readonly threads: readonly { readonly name: string }[];
    readonly frames: readonly { readonly call: string }[];
  }[];
}

test('a thread that sleeps in the slow operator is found by its class', async () => {
  const all = await data<Dump>('threads', 'tm1-1');
  expect(all?.deadlocks).toEqual([]);
  expect(all?.groups.length).toBeLessThan(all?.threads ?? 0);
  const slow = await data<Dump>('threads', 'tm1-1', '--filter', 'Backpressured\\$Slow');
  expect(slow?.groups).toMatchObject([{ state: 'TIMED_WAITING', threads: [{ name: expect.stringContaining('slow map') }] }]);
  expect(slow?.groups[0]?.frames[0]?.call).toContain('Thread.sleep');
});

test('a log file is listed, printed and saved', async () => {
  const { name, bytes } = await logFile();
  expect(name).toContain(pod);
  expect(bytes).toBeGreaterThan(10_000);
  expect((await drey('logfiles', 'tm1-1', name)).stdout).toContain('TaskManagerRunner');
  const path = join(folder, 'saved.log');
  expect((await drey('logfiles', 'tm1-1', name, '--save', path)).stdout).toContain(`Saved ${path}: `);
  expect(Buffer.byteLength(readFileSync(path))).toBeGreaterThanOrEqual(bytes);
});

test('on the screen it is two keys from a TaskManager to its threads, and three to its log file, which is followed and saved', async () => {
  const env = { KUBECONFIG: process.env['KUBECONFIG'] ?? '' };
  await using terminal = new Terminal(['attach', clusterId, '-n', namespace.name], { env, patience: 60_000, columns: 120, rows: 40 });
  await terminal.sees(/taskmanager-1-1 .*Running/);
  terminal.type('⎋');
  await terminal.sees('d describe');
  terminal.type('G⏎');
  await terminal.sees('[1 Memory]');
  await terminal.sees(/JVM heap +\d+Mi[^]*1 Backpressured +3/);
  terminal.type('2');
  await terminal.sees(/TIMED_WAITING/);
  terminal.type('/Slow⏎');
  await terminal.sees(/▸ +1 TIMED_WAITING .*slow map/);
  terminal.type('3');
  await terminal.sees(/▸ flink-.*\.log/);
  terminal.type('⏎');
  await terminal.sees('· followed ·');
  // The slow operator is cancelled: the TaskManager writes that it is.
  const { code } = await drey('cancel', 'Backpressured', '--yes');
  expect(code).toBe(0);
  await terminal.sees(/Un-registering task|CANCELED/);
  terminal.type('S');
  await terminal.sees(/--save flink-/);
  terminal.type(`\u0017${join(folder, 'screen.log')}⏎`);
  await terminal.sees(`Saved ${join(folder, 'screen.log')}: `);
  expect(readFileSync(join(folder, 'screen.log'), 'utf8')).toContain('TaskManagerRunner');
}, 240_000);
