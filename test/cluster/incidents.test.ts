import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { zip } from '../support/jar.ts';
import { eventually } from '../support/until.ts';
import { Terminal } from '../terminal/harness.ts';
import { causeOf } from './problems.ts';
import { deploySession, examples, run, smallCluster, testNamespace, type TestNamespace } from './session-cluster.ts';

const session = 'jobs';
const counter = join(examples, 'jobs/StatefulCounter.jar');
const folder = mkdtempSync(join(tmpdir(), 'drey-incidents-'));
/** Of the whole cluster: two TaskManagers. */
const slotLimit = 2;

let namespace: TestNamespace;

async function ok(program: string, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(program, args);
  expect(code, stdout + stderr).toBe(0);
  return stdout;
}
const onSession = (command: string, ...more: readonly string[]): Promise<string> =>
  ok('drey', command, session, '-n', namespace.name, ...more);

const target = (): readonly string[] => [
  '-t',
  'kubernetes-session',
  `-Dkubernetes.cluster-id=${session}`,
  `-Dkubernetes.namespace=${namespace.name}`,
];

async function submit(...words: readonly string[]): Promise<string> {
  return /[0-9a-f]{32}/.exec(await ok('flink', 'run', '-d', ...target(), ...words))?.[0] ?? '';
}
const attached = (clusterId: string): Terminal =>
  new Terminal(['attach', clusterId, '-n', namespace.name], {
    patience: 200_000,
    env: { KUBECONFIG: process.env['KUBECONFIG'] ?? '' },
  });

/** Deploys without waiting for anything. */
const deploy = (clusterId: string, ...more: readonly string[]): Promise<string> =>
  ok('drey', 'deploy', 'session', clusterId, ...smallCluster(namespace.name), ...more);
const deployApplication = (clusterId: string, jar: string, ...more: readonly string[]): Promise<string> =>
  ok('drey', 'deploy', 'application', '--cluster-id', clusterId, ...smallCluster(namespace.name), ...more, jar);

/** A pod template that mounts a volume into the main container. */
function template(name: string, mountPath: string, volume: Readonly<Record<string, unknown>>): string {
  const file = join(folder, `${name}.json`);
  const containers = [{ name: 'flink-main-container', volumeMounts: [{ name, mountPath }] }];
  writeFileSync(
    file,
    JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { containers, volumes: [{ name, ...volume }] } }),
  );
  return `-Dkubernetes.pod-template-file.jobmanager=${file}`;
}

/** A program of which Java reads no more than the version that it was compiled for, which is 21. */
async function newerProgram(): Promise<void> {
  const file = join(folder, 'newer.jar');
  writeFileSync(file, zip({ 'acme/Newer.class': Buffer.from([0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 65]) }));
  await namespace.kubectl('create', 'configmap', 'program', `--from-file=${file}`);
}

beforeAll(async () => {
  namespace = await testNamespace('incidents');
  await newerProgram();
  await Promise.all([
    deploy('configless', '-Dkubernetes.hadoop.conf.config-map.name=nosuch'),
    deploy('claimless', template('data', '/data', { persistentVolumeClaim: { claimName: 'nosuch' } })),
    deploy('pluginless', '-Dcontainerized.master.env.ENABLE_BUILT_IN_PLUGINS=flink-s3-fs-hadoop-0.1.jar'),
    deployApplication('rawhttp', 'http://artifacts.example.com/orders.jar'),
    deployApplication(
      'newer',
      'local:///opt/program/newer.jar',
      '-c',
      'acme.Newer',
      template('program', '/opt/program', { configMap: { name: 'program' } }),
    ),
    deploySession(
      namespace,
      session,
      '-Dtaskmanager.numberOfTaskSlots=1',
      `-Dslotmanager.number-of-slots.max=${slotLimit}`,
      '-Dresourcemanager.taskmanager-timeout=5000',
    ),
  ]);
});
afterAll(async () => {
  await namespace[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

test.each([
  [
    'a ConfigMap of Hadoop that does not exist',
    'configless',
    'missing-config-map',
    /configmap "nosuch" not found/,
    /kubernetes\.hadoop\.conf/,
  ],
  ['a claim that does not exist', 'claimless', 'missing-claim', /persistentvolumeclaim "nosuch" not found/, /PersistentVolumeClaim/],
  ['a plug-in that is not in the image', 'pluginless', 'plug-in', /flink-s3-fs-hadoop-0\.1\.jar does not exist/, /ENABLE_BUILT_IN_PLUGINS/],
  ['a program on plain HTTP', 'rawhttp', 'raw-http', /raw HTTP endpoints are disabled/, /user\.artifacts\.raw-http-enabled: true/],
  [
    'a program for a newer Java',
    'newer',
    'java-version',
    /acme\/Newer .*class file version 65/,
    /an image with Java 21: .*compile the jar for Java 17/,
  ],
])('a JobManager that does not start is explained by %s', async (_why, clusterId, rule, cause, advice) => {
  const problem = await causeOf(namespace, clusterId, cause);
  expect(problem).toMatchObject({ subject: { kind: 'pod' }, rule });
  expect(problem.advice.join('\n')).toMatch(advice);
});

test('the card of an attached terminal names the missing plug-in, and what to set instead', async () => {
  await using terminal = attached('pluginless');
  await terminal.sees(/^ *! jobmanager-\S+ .* why jobmanager-/m);
  terminal.type('!');
  await terminal.sees(/Root cause Plugin flink-s3-fs-hadoop-0\.1\.jar does not exist/);
  await terminal.sees(/What helps .*containerized\.master\.env\.ENABLE_BUILT_IN_PLUGINS/);
});

test('a job that needs more slots than the cluster may have is told how many, on the screen as well', async () => {
  await using terminal = attached(session);
  const id = await submit(counter, '--parallelism', '3', '--name', 'wide');
  const problem = await causeOf(namespace, session, /it needs 3 slots, and the cluster may have 2$/, id);
  expect(problem).toMatchObject({ subject: { kind: 'job' }, rule: 'slot-limit' });
  expect(problem.advice.join('\n')).toContain('slotmanager.number-of-slots.max: at least 3');
  await terminal.sees(/^ *! wide .* why wide/m);
  terminal.type('!');
  await terminal.sees(/it needs 3 slots, and the cluster may have 2/);
  await onSession('cancel', id, '--yes');
});

test('TaskManagers that a quota keeps away are why a job waits', async () => {
  await eventually('its TaskManagers are released', async () => {
    const left = await namespace.kubectl('get', 'pods', '-l', `app=${session},component=taskmanager`, '-o', 'name');
    return left.trim() === '';
  });
  await namespace.kubectl('create', 'quota', 'team', '--hard=pods=1');
  const id = await submit('-p', '1', counter, '--name', 'waiting');
  const problem = await causeOf(namespace, session, /cannot create TaskManager pods: .*exceeded quota: team/, id);
  expect(problem).toMatchObject({ subject: { kind: 'job' }, rule: 'quota' });
  expect(problem.advice.join('\n')).toContain('a larger quota');
});
