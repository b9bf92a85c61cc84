import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gateBeforeApiServer } from './gate.ts';
import { deploySession, examples, run, start, testNamespace, type Ended, type Running, type TestNamespace } from './session-cluster.ts';
import { eventually } from '../support/until.ts';

/** Two JobManagers, one of which leads, with high availability in ConfigMaps; their files are in a folder of the node, which has to be this machine. */
const clusterId = 'failover';
const counter = join(examples, 'jobs/StatefulCounter.jar');
const folder = mkdtempSync(join(tmpdir(), 'drey-failover-'));
/** Its savepoints take eight seconds. */
const slow = ['--checkpoint-interval', '0', '--checkpoint-delay', '8000', '--rate', '20'];

let namespace: TestNamespace;

const target = (): readonly string[] => [
  '-t',
  'kubernetes-session',
  `-Dkubernetes.cluster-id=${clusterId}`,
  `-Dkubernetes.namespace=${namespace.name}`,
];
const flink = (action: string, ...args: readonly string[]): Promise<Ended> => run('flink', [action, ...target(), ...args]);

beforeAll(async () => {
  namespace = await testNamespace('failover');
  const shared = join(folder, 'shared');
  mkdirSync(shared);
  // The user of the image is another one than that of this test.
  chmodSync(shared, 0o777);
  chmodSync(folder, 0o755);
  const template = join(folder, 'template.json');
  writeFileSync(
    template,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'template' },
      spec: {
        containers: [{ name: 'flink-main-container', volumeMounts: [{ name: 'shared', mountPath: '/shared' }] }],
        volumes: [{ name: 'shared', hostPath: { path: shared } }],
      },
    }),
  );
  await deploySession(
    namespace,
    clusterId,
    `-Dkubernetes.pod-template-file.default=${template}`,
    '-Dkubernetes.jobmanager.replicas=2',
    '-Dhigh-availability.type=kubernetes',
    '-Dhigh-availability.storageDir=file:///shared/ha',
    '-Dhigh-availability.kubernetes.leader-election.lease-duration=5s',
    '-Dhigh-availability.kubernetes.leader-election.renew-deadline=4s',
    '-Dhigh-availability.kubernetes.leader-election.retry-period=1s',
    '-Dexecution.checkpointing.savepoint-dir=file:///shared/savepoints',
    '-Dexecution.checkpointing.dir=file:///shared/checkpoints',
    '-Drest.async.store-duration=2s',
  );
});
afterAll(async () => {
  await namespace[Symbol.asyncDispose]();
  // While a pod ends it may write once more.
  await eventually('its pods are gone', async () => (await namespace.kubectl('get', 'pods', '-o', 'name')).trim() === '');
  rmSync(folder, { recursive: true });
});

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly tasks: { readonly total: number; readonly running?: number };
}

const jobsIn = (stdout: string): readonly Listed[] => (JSON.parse(stdout) as { readonly jobs: readonly Listed[] }).jobs;

async function jobs(): Promise<readonly Listed[]> {
  const listed = await flink('list', '-a', '-o', 'json');
  expect(listed.code, listed.stderr).toBe(0);
  return jobsIn(listed.stdout);
}

const runs = (id: string): Promise<Listed> =>
  eventually(`the tasks of ${id} run`, async () => {
    // While the leader changes, the REST endpoint may answer with an error: it forwards to the one that went.
    const { code, stdout } = await flink('list', '-a', '-o', 'json');
    const found = code === 0 ? jobsIn(stdout) : [];
    return found.find((job) => job.id === id && job.state === 'RUNNING' && job.tasks.running === job.tasks.total);
  });

async function startCounter(name: string): Promise<string> {
  const submitted = await flink('run', '-d', '-p', '1', '-o', 'json', counter, '--name', name, ...slow);
  expect(submitted.code, submitted.stderr).toBe(0);
  const { jobId } = JSON.parse(submitted.stdout) as { readonly jobId: string };
  await runs(jobId);
  return jobId;
}

/** The pod that leads now. */
async function leader(): Promise<string> {
  const address = await namespace.kubectl(
    'get',
    'configmap',
    `${clusterId}-cluster-config-map`,
    '-o',
    'jsonpath={.data.org\\.apache\\.flink\\.k8s\\.leader\\.restserver}',
  );
  const ip = /\/\/([\d.]+):/.exec(address)?.[1] ?? '';
  return (await namespace.kubectl('get', 'pods', '-o', `jsonpath={.items[?(@.status.podIP=="${ip}")].metadata.name}`)).trim();
}

const logOf = (pod: string): Promise<string> => namespace.kubectl('logs', pod, '--tail=500');

/**
 * Resolves when a JobManager has forgotten the results of all operations that ended before: one that begins now is forgotten after them,
 * because all are kept for the same time (`rest.async.store-duration`).
 */
async function forgets(pod: string, jobId: string): Promise<void> {
  const checkpoints = `/api/v1/namespaces/${namespace.name}/pods/${pod}:8081/proxy/jobs/${jobId}/checkpoints`;
  const body = join(folder, 'checkpoint.json');
  writeFileSync(body, '{}');
  const triggered = JSON.parse(await namespace.kubectl('create', '--raw', checkpoints, '-f', body)) as { readonly 'request-id': string };
  await eventually(`${pod} has forgotten a checkpoint of ${jobId}`, () =>
    namespace.kubectl('get', '--raw', `${checkpoints}/${triggered['request-id']}`).then(
      () => false,
      (refused: { readonly stderr: string }) => refused.stderr.includes('(NotFound)'),
    ),
  );
}

function began(program: 'flink' | 'drey', args: readonly string[], env?: Readonly<Record<string, string>>): Running {
  const running = start(program, args, env);
  running.child.stdin?.end();
  return running;
}

test('savepoints that were lost with their JobManager are reported as lost, and that a job was not stopped', async () => {
  const [kept, stopped] = [await startCounter('kept'), await startCounter('to be stopped')];
  const pod = await leader();
  const savepoint = began('drey', ['savepoint', '-n', namespace.name, '-o', 'json', clusterId, 'kept'], {
    XDG_STATE_HOME: join(folder, 'state'),
  });
  const stop = began('flink', ['stop', ...target(), stopped]);
  await eventually('both were triggered', async () => {
    const log = await logOf(pod);
    return (
      (log.includes(`Triggering savepoint for job ${kept}`) && log.includes(`Triggering stop-with-savepoint for job ${stopped}`)) ||
      undefined
    );
  });
  await namespace.kubectl('delete', 'pod', pod, '--grace-period=0', '--force');

  const told = await savepoint.ended;
  expect(told.code, told.stderr).toBe(1);
  expect(JSON.parse(told.stdout)).toMatchObject({
    ok: false,
    operations: [
      {
        kind: 'savepoint',
        state: 'unknown',
        result: expect.stringMatching(
          new RegExp(
            `^The cluster no longer knows the savepoint of job ${kept} .* file:///shared/savepoints in pod .* holds no complete one either\\.`,
          ),
        ),
      },
    ],
  });
  expect(await stop.ended).toMatchObject({
    code: 1,
    stdout: expect.not.stringContaining('Savepoint completed'),
    stderr: expect.stringMatching(new RegExp(`no longer knows the savepoint of job ${stopped} .* The job was not stopped\\.`)),
  });
  expect(await leader()).not.toBe(pod);
  for (const id of [kept, stopped]) await runs(id);
  for (const id of [kept, stopped]) expect(await flink('cancel', '--wait', id)).toMatchObject({ code: 0 });
});

test('paths whose results expired while the connection was cut are recovered from the statistics of the jobs', async () => {
  const [kept, stopped] = [await startCounter('kept'), await startCounter('to be stopped')];
  const pod = await leader();
  await using gate = await gateBeforeApiServer(folder);
  const savepoint = began('flink', ['savepoint', ...target(), kept], { KUBECONFIG: gate.kubeconfig });
  const stop = began('flink', ['stop', ...target(), stopped], { KUBECONFIG: gate.kubeconfig });
  await eventually('both were triggered', async () => {
    const log = await logOf(pod);
    return (
      (log.includes(`Triggering savepoint for job ${kept}`) && log.includes(`Triggering stop-with-savepoint for job ${stopped}`)) ||
      undefined
    );
  });
  await gate.shut();
  await eventually('both are complete', async () => {
    const log = await logOf(pod);
    return [kept, stopped].every((id) => new RegExp(`Completed checkpoint \\d+ for job ${id}`).test(log));
  });
  await eventually('the job has ended', async () => (await jobs()).find(({ id, state }) => id === stopped && state === 'FINISHED'));
  await forgets(pod, kept);
  await gate.open();
  for (const [ended, id] of [
    [await savepoint.ended, kept],
    [await stop.ended, stopped],
  ] as const) {
    expect(ended, ended.stderr).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(new RegExp(`Savepoint completed\\. Path: file:/shared/savepoints/savepoint-${id.slice(0, 6)}-`)),
    });
  }
  expect(await logOf(pod)).toContain(`There is no savepoint operation with triggerId=`);
  expect(await flink('cancel', '--wait', kept)).toMatchObject({ code: 0 });
});

test('savepoints that were complete when their JobManager went are found in their directory, also by who was away', async () => {
  const [kept, left, stopped] = [await startCounter('kept'), await startCounter('left'), await startCounter('to be stopped')];
  const pod = await leader();
  await using gate = await gateBeforeApiServer(folder);
  const env = { KUBECONFIG: gate.kubeconfig };
  const home = { XDG_STATE_HOME: join(folder, 'left') };
  const savepoint = began('flink', ['savepoint', ...target(), kept, 'file:///shared/elsewhere'], env);
  const stop = began('flink', ['stop', ...target(), stopped], env);
  const leaving = began('drey', ['savepoint', '-n', namespace.name, clusterId, 'left'], { ...env, ...home });
  await eventually('all were triggered', async () => {
    const log = await logOf(pod);
    return (
      (log.includes(`Triggering savepoint for job ${kept}`) &&
        log.includes(`Triggering savepoint for job ${left}`) &&
        log.includes(`Triggering stop-with-savepoint for job ${stopped}`)) ||
      undefined
    );
  });
  await gate.shut();
  leaving.child.kill('SIGTERM');
  await leaving.ended;
  await eventually('all are complete', async () => {
    const log = await logOf(pod);
    return [kept, left, stopped].every((id) => new RegExp(`Completed checkpoint \\d+ for job ${id}`).test(log));
  });
  await eventually('the job has ended', async () => (await jobs()).find(({ id, state }) => id === stopped && state === 'FINISHED'));
  await namespace.kubectl('delete', 'pod', pod, '--grace-period=0', '--force');
  for (const id of [kept, left]) await runs(id);
  expect(await leader()).not.toBe(pod);
  await gate.open();

  for (const [ended, id, directory] of [
    [await savepoint.ended, kept, 'elsewhere'],
    [await stop.ended, stopped, 'savepoints'],
  ] as const) {
    expect(ended, ended.stderr).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(new RegExp(`Savepoint completed\\. Path: file:/shared/${directory}/savepoint-${id.slice(0, 6)}-`)),
    });
  }
  const back = start('drey', ['attach', '-n', namespace.name, clusterId], { ...env, ...home });
  const path = await eventually(
    'drey, attached again, finds what it was away for',
    () => new RegExp(`file:/shared/savepoints/savepoint-${left.slice(0, 6)}-[0-9a-f]+`).exec(back.stdout())?.[0],
  );
  back.child.stdin?.end();
  expect(await back.ended).toMatchObject({ code: 0 });
  const again = await flink('run', '-d', '-s', path, '-p', '1', counter, '--name', 'again', ...slow);
  expect(again.code, again.stderr).toBe(0);
  const running = (await jobs()).filter(({ state }) => state === 'RUNNING');
  for (const { id } of running) expect(await flink('cancel', '--wait', id)).toMatchObject({ code: 0 });
});
