import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Terminal } from '../terminal/harness.ts';
import { causeOf, problemsOf } from './problems.ts';
import { deploySession, examples, jobManagerPod, run, smallCluster, testNamespace, type TestNamespace } from './session-cluster.ts';
import { eventually } from '../support/until.ts';

let namespace: TestNamespace;
const session = 'causes';
const onSession = () => ['-t', 'kubernetes-session', `-Dkubernetes.cluster-id=${session}`, `-Dkubernetes.namespace=${namespace.name}`];

/** Deploys without waiting for anything. */
async function deploy(clusterId: string, ...more: readonly string[]): Promise<void> {
  const { code, stderr } = await run('drey', ['deploy', 'session', clusterId, ...smallCluster(namespace.name), ...more]);
  expect(code, stderr).toBe(0);
}

const taskManagersReleased = (): Promise<true> =>
  eventually('its TaskManagers are released', async () => {
    const left = await namespace.kubectl('get', 'pods', '-l', `app=${session},component=taskmanager`, '-o', 'name');
    return left.trim() === '';
  });

beforeAll(async () => {
  namespace = await testNamespace('causes');
  await namespace.kubectl('create', 'serviceaccount', 'norights');
  await Promise.all([
    deploy('norights', '-Dkubernetes.service-account=norights'),
    deploy('large', '-Dkubernetes.jobmanager.cpu.amount=64'),
    deploy('imageless', '-Dkubernetes.container.image.ref=flink:nosuch', '-Dkubernetes.container.image.pull-policy=Never'),
    deploy('secretless', '-Dkubernetes.secrets=nosuch:/etc/nosuch'),
    deploy('accountless', '-Dkubernetes.service-account=nosuch'),
  ]);
  await deploySession(
    namespace,
    session,
    '-Dresourcemanager.taskmanager-timeout=5000',
    '-Drestart-strategy.type=fixed-delay',
    '-Drestart-strategy.fixed-delay.attempts=1000',
    '-Drestart-strategy.fixed-delay.delay=1s',
  );
});
afterAll(async () => namespace[Symbol.asyncDispose]());

describe('a JobManager that never answered is explained without waiting for it', () => {
  test.each([
    ['that no node takes', 'large', /Insufficient cpu/],
    ['whose image is not there', 'imageless', /flink:nosuch/],
    ['whose secret does not exist', 'secretless', /secret "nosuch" not found/],
  ])('%s', async (_which, clusterId, cause) => {
    await causeOf(namespace, clusterId, cause);
    const started = performance.now();
    const alone = await run('drey', ['pods', clusterId, '-n', namespace.name]);
    expect(alone.code).toBe(0);
    const withoutFlink = performance.now() - started;
    for (const line of [
      ['why', clusterId, 'jm'],
      ['describe', clusterId, 'jm'],
    ]) {
      const began = performance.now();
      const { code, stdout } = await run('drey', [...line, '-n', namespace.name]);
      // A first answer of Flink was waited for 15 s; what a command takes that does not ask it is what the machine takes.
      expect(performance.now() - began, line.join(' ')).toBeLessThan(2 * withoutFlink + 10_000);
      expect(code).toBe(0);
      expect(stdout).toMatch(cause);
    }
  });

  test('whose service account does not exist has no pod, and says why', async () => {
    expect(await causeOf(namespace, 'accountless', /serviceaccount "nosuch" not found/)).toMatchObject({
      subject: { kind: 'cluster' },
      evidence: [{ source: { kind: 'event', reason: 'FailedCreate' } }],
    });
  });
});

test('a JobManager without rights says which one it lacks, also while it runs between two crashes', async () => {
  const problem = await causeOf(namespace, 'norights', /the service account norights of namespace \S+ may not \w+ pods/);
  expect(problem.evidence.map(({ source }) => source.kind)).toContain('log');
  expect(problem.advice.join()).toContain('drey doctor');
});

test('the first failure of a job is reported, then its rhythm; what is released after it is canceled is not a failure', async () => {
  const submitted = await run('flink', [
    'run',
    '-d',
    ...onSession(),
    join(examples, 'jobs/FailAfter.jar'),
    '--after',
    '200',
    '--restarts',
    '1000',
  ]);
  expect(submitted.code, submitted.stdout + submitted.stderr).toBe(0);
  const id = /[0-9a-f]{32}/.exec(submitted.stdout)?.[0] ?? '';
  const problem = await causeOf(namespace, session, /disk quota exceeded/, id);
  expect(problem.evidence.map(({ source }) => source.kind)).toContain('exception');
  expect((await run('drey', ['cancel', session, id, '-n', namespace.name, '--yes'])).code).toBe(0);
  await taskManagersReleased();
  expect((await problemsOf(namespace, session)).filter(({ subject }) => subject.kind === 'pod')).toEqual([]);
});

test('a job that is lost with its JobManager is reported, with the line that continues it', async () => {
  await using terminal = new Terminal(['attach', session, '-n', namespace.name], {
    // The sentences that are looked for are longer than a row of 120 columns.
    columns: 200,
    patience: 200_000,
    env: { KUBECONFIG: process.env['KUBECONFIG'] ?? '' },
  });
  expect((await run('flink', ['run', '-d', ...onSession(), join(examples, 'jobs/StatefulCounter.jar')])).code).toBe(0);
  // Behind the tasks stand how long it is up and the age of its last checkpoint.
  await terminal.sees(/Stateful counter\s+▶ Running\s+\S+ 2\/2\s+\d+\w\s+\d+s/);
  await namespace.kubectl('delete', 'pod', await jobManagerPod(namespace, session), '--grace-period=0', '--force');
  await terminal.sees(/! Stateful counter is lost: jobmanager-\S+ started and does not know it\./);
  await terminal.sees(/Jobs ─+ .*0 up/);
  terminal.type('why⏎');
  await terminal.sees(/Job Stateful counter \([0-9a-f]{6}\) is lost: it was last seen .* ago, and Flink does not list it any more\./);
  await terminal.sees(/submit JAR -s file:\/tmp\/checkpoints\/[0-9a-f]{32}\/chk-\d+ continues/);
  expect(await run('drey', ['jobs', session, '-n', namespace.name])).toMatchObject({
    code: 0,
    stderr: expect.stringContaining(`${session} has no jobs.`),
  });
}, 480_000);

test('TaskManagers that may not be created are why a job waits', async () => {
  // Slots that are left from before would do for the job.
  await taskManagersReleased();
  await namespace.kubectl('delete', 'rolebinding', 'flink');
  await namespace.kubectl(
    'create',
    'role',
    'nocreate',
    '--verb=get,list,watch,delete,patch,update',
    '--resource=pods,configmaps,services,deployments.apps',
  );
  await namespace.kubectl('create', 'rolebinding', 'nocreate', '--role=nocreate', `--serviceaccount=${namespace.name}:default`);
  expect((await run('flink', ['run', '-d', ...onSession(), join(examples, 'jobs/StatefulCounter.jar')])).code).toBe(0);
  const problem = await causeOf(namespace, session, /cannot create TaskManager pods: pods is forbidden/);
  expect(problem).toMatchObject({ subject: { kind: 'job' }, what: expect.stringContaining('is WAITING.') });
  expect((await run('drey', ['jobs', session, '-n', namespace.name])).stdout).toContain('WAITING');
  expect(await jobManagerPod(namespace, session)).not.toBe('');
});
