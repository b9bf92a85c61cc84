import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { median } from '../benchmark/statistics.ts';
import {
  deploySession,
  examples,
  run,
  smallCluster,
  start,
  testNamespace,
  type Ended,
  type Running,
  type TestNamespace,
} from './session-cluster.ts';
import { eventually } from '../support/until.ts';

const clusterId = 'side-by-side';
const theirs = join(process.env['FLINK_HOME'] ?? '/opt/flink', 'bin/flink');

let namespace: TestNamespace;
let web: Running | undefined;
let address: string;

const onSession = (): readonly string[] => [
  '-t',
  'kubernetes-session',
  `-Dkubernetes.cluster-id=${clusterId}`,
  `-Dkubernetes.namespace=${namespace.name}`,
];

beforeAll(async () => {
  namespace = await testNamespace('side');
  await deploySession(namespace, clusterId);
  const started: string[] = [];
  for (const name of ['counts "on", and on', 'was cancelled']) {
    const submitted = await run('flink', [
      'run',
      ...onSession(),
      '-d',
      '-p',
      '1',
      '-o',
      'json',
      join(examples, 'jobs/StatefulCounter.jar'),
      '--name',
      name,
      '--rate',
      '10',
    ]);
    expect(submitted.code, submitted.stderr).toBe(0);
    started.push((JSON.parse(submitted.stdout) as { readonly jobId: string }).jobId);
  }
  const cancelled = await run('flink', ['cancel', ...onSession(), '--wait', started[1] ?? '']);
  expect(cancelled.code, cancelled.stderr).toBe(0);
  // A loopback port through the API server: there is no other way to a ClusterIP service from outside.
  const opened = start('drey', ['web', '-n', namespace.name, clusterId, '--open']);
  web = opened;
  address = await eventually('the port is open', () => /http:\/\/(127\.0\.0\.1:\d+)/.exec(opened.stdout())?.[1]);
});
afterAll(async () => {
  web?.child.kill('SIGINT');
  await web?.ended;
  await namespace[Symbol.asyncDispose]();
});

async function timed(program: string, args: readonly string[]): Promise<Ended & { readonly ms: number }> {
  const began = performance.now();
  return { ...(await run(program, args)), ms: performance.now() - began };
}

test.each([[['list']], [['list', '-a']], [['list', '-r']]])('flink %j prints what Flink prints', async (action) => {
  const args = [...action, '-m', address];
  const [own, flinks] = [await run('flink', args), await run(theirs, args)];
  expect(flinks.code, flinks.stderr).toBe(0);
  expect(own).toMatchObject({ code: 0, stdout: flinks.stdout });
  expect(own.stdout).toContain('counts "on", and on (RUNNING)');
});

test('flink list through Kubernetes has the same jobs', async () => {
  const [own, flinks] = [await run('flink', ['list', ...onSession()]), await run(theirs, ['list', '-m', address])];
  const lines = (text: string) => text.split('\n').filter((line) => / : [0-9a-f]{32} : /.test(line));
  expect(lines(own.stdout)).toEqual(lines(flinks.stdout));
  expect(lines(own.stdout)).toHaveLength(1);
});

test('flink list takes at most a tenth of the time of the one that starts a JVM', async () => {
  const args = ['list', '-m', address];
  const shares: number[] = [];
  for (let pair = 0; pair < 3; pair += 1) {
    const [own, flinks] = [await timed('flink', args), await timed(theirs, args)];
    expect([own.code, flinks.code]).toEqual([0, 0]);
    shares.push(own.ms / flinks.ms);
  }
  // The middle one: other work on the machine may hit either.
  expect(shares.toSorted((a, b) => a - b)[1]).toBeLessThan(0.1);
});

test('a session is created in at most a tenth of the time', async () => {
  // No node has that many cores: the two clients are alone with the API server, without JobManagers that start beside them.
  const args = (id: string) => [
    `-Dkubernetes.cluster-id=${id}`,
    ...smallCluster(namespace.name),
    '-Dkubernetes.jobmanager.cpu.amount=4096',
  ];
  const ratios: number[] = [];
  for (let pair = 0; pair < 3; pair++) {
    const [own, flinks] = [
      await timed('kubernetes-session.sh', args(`own-${pair}`)),
      await timed(join(theirs, '../kubernetes-session.sh'), args(`flinks-${pair}`)),
    ];
    for (const { code, stdout } of [own, flinks])
      expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/Create flink session cluster \S+ successfully/) });
    ratios.push(own.ms / flinks.ms);
  }
  expect(median(ratios)).toBeLessThan(0.1);
});
