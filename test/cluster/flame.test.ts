import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Terminal } from '../terminal/harness.ts';
import { until } from '../support/until.ts';
import { deploySession, examples, run, testNamespace, type TestNamespace } from './session-cluster.ts';

/** Where a job spends its time: `Backpressured.jar` has a source that is fast, and an operator that sleeps 5 ms for each record. */

const clusterId = 'flames';
const jobName = 'Backpressured';

/** Milliseconds. A JVM starts slowly where little CPU is left. */
const patience = 400_000;

interface Answer {
  readonly data: {
    readonly samples: number;
    readonly methods: readonly { readonly method: string; readonly own: number; readonly total: number }[];
  };
}

let namespace: TestNamespace;

beforeAll(async () => {
  namespace = await testNamespace('flames');
  await deploySession(namespace, clusterId, '-Drest.flamegraph.enabled=true', '-Drest.profiling.enabled=true');
  const target = ['-t', 'kubernetes-session', `-Dkubernetes.cluster-id=${clusterId}`, `-Dkubernetes.namespace=${namespace.name}`];
  const started = await run('flink', ['run', '-d', ...target, join(examples, 'jobs/Backpressured.jar'), '--sleep', '5']);
  expect(started).toMatchObject({ code: 0 });
  await until(async () => ((await drey('list', clusterId)).stdout.includes('RUNNING') ? true : undefined), 1_000);
}, patience);
afterAll(() => namespace[Symbol.asyncDispose]());

const drey = (...args: readonly string[]) => run('drey', [...args, '--namespace', namespace.name]);

const flame = async (...args: readonly string[]): Promise<Answer['data']> => {
  const { code, stdout, stderr } = await drey('flame', clusterId, ...args, '-o', 'json');
  if (code !== 0) throw new Error(stderr);
  return (JSON.parse(stdout) as Answer).data;
};

test(
  'the slow operator waits in its sleep, and its source runs',
  async () => {
    const waiting = await flame(jobName, 'slow map', '--type', 'off_cpu');
    const sleep = waiting.methods.find(({ method }) => method.startsWith('java.lang.Thread.sleep'));
    expect(sleep?.own).toBeGreaterThan(waiting.samples / 2);
    expect(waiting.methods.some(({ method, total }) => method.startsWith('drey.Backpressured') && total > waiting.samples / 2)).toBe(true);
  },
  patience,
);

test(
  'a profile of the busy pod has the method of the job in which it is',
  async () => {
    // CPU profiles need rights on the kernel that not every node gives; the timer of the process needs none.
    const profile = await flame('tm1-1', '--mode', 'itimer', '--duration', '3');
    expect(profile.samples).toBeGreaterThan(10);
    expect(profile.methods.some(({ method }) => method.startsWith('org.apache.flink.'))).toBe(true);
  },
  patience,
);

test(
  'the screen shows both: it waits for the samples, finds the sleep, and profiles the pod',
  async () => {
    await using terminal = new Terminal(['attach', clusterId, '--namespace', namespace.name], { patience: 120_000 });
    await terminal.sees(/Backpressured +▶ Running/);
    terminal.type(`flame ${jobName} 'slow map' --type off_cpu⏎`);
    await terminal.sees(/ flame graph of slow map/);
    await terminal.sees(/Methods[^]*Thread\.sleep/);
    terminal.type('⎋');
    await terminal.sees('zoom in');
    terminal.type('/Backpressured');
    await terminal.sees(/find Backpressured: \d+% of the samples/);
    terminal.type('⏎');
    terminal.type(':flame tm1-1 --mode itimer --duration 2⏎');
    await terminal.sees(/ profile of TaskManager/);
    await terminal.sees('[5 Itimer]');
    await terminal.sees(/Flame graph .* \d+ samples/);
  },
  patience,
);
