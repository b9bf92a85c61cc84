import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { api, at, jobManager, jobs, podNames, PODS, rest } from './sandboxes.ts';
import { until } from '../support/until.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ speed: 10 });
});
afterEach(() => sandbox.control({ kind: 'heal' }));
afterAll(() => sandbox.close());

interface Step {
  readonly type: string;
  readonly pod: unknown;
}

/** What a watch tells of one pod, from now until it is deleted. */
async function lifeOf(name: string): Promise<{ readonly whole: Promise<readonly Step[]> }> {
  const { body } = await api(sandbox, PODS);
  const response = await fetch(
    `${sandbox.url}${PODS}?watch=true&resourceVersion=${at(body, 'metadata.resourceVersion')}&fieldSelector=metadata.name%3D${name}`,
  );
  const whole = (async () => {
    const steps: Step[] = [];
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
        const event = JSON.parse(text.slice(0, end)) as unknown;
        text = text.slice(end + 1);
        steps.push({ type: at(event, 'type'), pod: at(event, 'object') });
        if (steps.at(-1)?.type === 'DELETED') return steps;
      }
    }
    return steps;
  })();
  return { whole };
}

const eventsOf = async (reason: string): Promise<readonly string[]> =>
  at<readonly unknown[]>((await api(sandbox, '/api/v1/namespaces/default/events')).body, 'items')
    .filter((event) => at(event, 'reason') === reason)
    .map((event) => at(event, 'message'));
const pod = async (name: string): Promise<unknown> => (await api(sandbox, `${PODS}/${name}`)).body;
const stateOf = (one: unknown): unknown => at(one, 'status.containerStatuses.0.state');

/** Creates a pod that runs nothing of Flink's. */
async function create(name: string, spec: Readonly<Record<string, unknown>>): Promise<void> {
  const { status } = await api(sandbox, PODS, {
    method: 'POST',
    body: { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { containers: [{ name: 'main', image: 'busybox' }], ...spec } },
  });
  expect(status).toBe(201);
}

test('a TaskManager that is released ends as Error with 143; the deletion is dated back to when it went', async () => {
  const { whole } = await lifeOf('my-first-flink-cluster-taskmanager-1-1');
  const asked = Date.now();
  await sandbox.control({ kind: 'pod-delete', pod: 'my-first-flink-cluster-taskmanager-1-1' });
  const steps = await whole;
  expect(steps.map(({ type, pod: step }) => [type, at(step, 'metadata.deletionGracePeriodSeconds'), at(step, 'status.phase')])).toEqual([
    ['MODIFIED', 30, 'Running'],
    ['MODIFIED', 30, 'Failed'],
    ['MODIFIED', 0, 'Failed'],
    ['DELETED', 0, 'Failed'],
  ]);
  const last = steps.at(-1)?.pod;
  expect(at(last, 'status.containerStatuses.0.state.terminated')).toMatchObject({ exitCode: 143, reason: 'Error' });
  const ends = steps.map(({ pod: step }) => Date.parse(at(step, 'metadata.deletionTimestamp')));
  expect(ends[0]).toBeGreaterThanOrEqual(asked + 29_000);
  expect(ends.at(-1)).toBeGreaterThanOrEqual((ends[0] ?? 0) - 30_000);
  expect(ends.at(-1)).toBeLessThanOrEqual(Date.now());
  expect(await eventsOf('Killing')).toContain('Stopping container flink-main-container');
});

test('a JobManager that crashes again and again waits longer each time, and its log of before can be read', async () => {
  await sandbox.control({ kind: 'jobmanager-crash-loop', reason: 'java.lang.IllegalStateException: no such plugin' });
  const name = await jobManager(sandbox);
  const waiting = await until(async () => {
    const now = await pod(name);
    return at<string | undefined>(stateOf(now), 'waiting.reason') === 'CrashLoopBackOff' && now;
  });
  expect(at(stateOf(waiting), 'waiting.message')).toMatch(/^back-off 10s restarting failed container=flink-main-container pod=/);
  expect(at(waiting, 'status.containerStatuses.0.lastState.terminated')).toMatchObject({ exitCode: 1, reason: 'Error' });
  // Between two starts the one that ended last is both the current and the one before.
  for (const query of ['', '?previous=true'])
    expect((await api(sandbox, `${PODS}/${name}/log${query}`)).body).toContain(
      'Caused by: java.lang.IllegalStateException: no such plugin',
    );
  expect(await eventsOf('BackOff')).toEqual([expect.stringContaining('Back-off restarting failed container flink-main-container in pod')]);
  await sandbox.control({ kind: 'heal' });
  await until(() =>
    rest(sandbox, '/overview').then(
      ({ status }) => status === 200,
      () => false,
    ),
  );
  expect((await api(sandbox, `${PODS}/${name}/log?previous=true`)).body).toContain('no such plugin');
});

test('a container that does not run cannot crash once more', async () => {
  await create('unlucky', {});
  await until(async () => at(await pod('unlucky'), 'status.phase') === 'Running');
  for (const restarts of [1, 2]) {
    await sandbox.control({ kind: 'pod-crash', pod: 'unlucky', exitCode: 7, reason: 'Error' });
    await expect(sandbox.control({ kind: 'pod-crash', pod: 'unlucky', exitCode: 8, reason: 'Error' })).rejects.toThrow(
      'the main container of pod unlucky does not run',
    );
    await until(async () => at(stateOf(await pod('unlucky')), 'running') !== undefined);
    expect(at(await pod('unlucky'), 'status.containerStatuses.0')).toMatchObject({
      restartCount: restarts,
      lastState: { terminated: { exitCode: 7 } },
    });
  }
});

test('a JobManager that starts refuses connections first, then says that an election goes on, then answers', async () => {
  await using slow = await startSandbox();
  const before = await jobManager(slow);
  await slow.control({ kind: 'jobmanager-kill' });
  await until(async () => (await jobManager(slow)) !== before);
  const seen: number[] = [];
  await until(async () => {
    const status = await rest(slow, '/overview').then(
      (answer) => answer.status,
      () => 0,
    );
    if (seen.at(-1) !== status) seen.push(status);
    return status === 200;
  });
  expect(seen).toEqual([0, 503, 200]);
});

test('no place on the node: the pod says so, a pod of somebody else is why, and it starts when there is one', async () => {
  await sandbox.control({ kind: 'node-full' });
  await create('roomless', {});
  await until(async () => at(await pod('roomless'), 'status.conditions.0.reason') === 'Unschedulable');
  expect(await eventsOf('FailedScheduling')).toContain(
    '0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
  );
  const neighbour = () => api(sandbox, '/api/v1/namespaces/batch/pods/nightly-report-0');
  expect((await neighbour()).body).toMatchObject({ spec: { nodeName: 'sandbox-node' }, status: { phase: 'Running' } });
  await sandbox.control({ kind: 'heal' });
  await until(async () => at(await pod('roomless'), 'status.phase') === 'Running');
  expect((await neighbour()).status).toBe(404);
});

test('a secret that is missing keeps a pod from being created: only an event says it; as a variable the container says it', async () => {
  await create('mounts', { volumes: [{ name: 'keys', secret: { secretName: 'nosuch' } }] });
  await until(async () =>
    (await eventsOf('FailedMount')).includes('MountVolume.SetUp failed for volume "keys" : secret "nosuch" not found'),
  );
  expect(stateOf(await pod('mounts'))).toEqual({ waiting: { reason: 'ContainerCreating' } });
  await create('reads', {
    containers: [{ name: 'main', image: 'busybox', env: [{ name: 'KEY', valueFrom: { secretKeyRef: { name: 'nosuch', key: 'k' } } }] }],
  });
  await until(async () => at<string | undefined>(stateOf(await pod('reads')), 'waiting.reason') === 'CreateContainerConfigError');
  expect(stateOf(await pod('reads'))).toMatchObject({ waiting: { message: 'secret "nosuch" not found' } });
  await api(sandbox, '/api/v1/namespaces/default/secrets', {
    method: 'POST',
    body: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'nosuch' } },
  });
  for (const name of ['mounts', 'reads']) await until(async () => at(await pod(name), 'status.phase') === 'Running');
});

test('an init container that fails holds the pod up; a sidecar runs beside the others and counts as ready', async () => {
  await create('fails', { initContainers: [{ name: 'fetch', image: 'busybox', command: ['sh', '-c', 'echo cannot fetch && exit 7'] }] });
  const init = (one: unknown): unknown => at(one, 'status.initContainerStatuses.0.state');
  await until(async () => at<string | undefined>(init(await pod('fails')), 'waiting.reason') === 'CrashLoopBackOff');
  const held = await pod('fails');
  expect(at(held, 'status.initContainerStatuses.0.lastState.terminated')).toMatchObject({ exitCode: 7, reason: 'Error' });
  expect(stateOf(held)).toEqual({ waiting: { reason: 'PodInitializing' } });
  expect((await api(sandbox, `${PODS}/fails/log?container=fetch`)).body).toBe('cannot fetch\n');
  await create('accompanied', { initContainers: [{ name: 'mesh', image: 'busybox', restartPolicy: 'Always' }] });
  await until(async () => at(await pod('accompanied'), 'status.phase') === 'Running');
  expect(at(await pod('accompanied'), 'status.initContainerStatuses.0')).toMatchObject({ name: 'mesh', ready: true, started: true });
});

test('a service account that is missing: no pod appears, and only an event says why', async () => {
  const selector = { app: 'unserved' };
  await api(sandbox, '/apis/apps/v1/namespaces/default/deployments', {
    method: 'POST',
    body: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'unserved' },
      spec: {
        selector: { matchLabels: selector },
        template: {
          metadata: { labels: selector },
          spec: { serviceAccountName: 'nobody', containers: [{ name: 'main', image: 'busybox' }] },
        },
      },
    },
  });
  await until(async () =>
    (await eventsOf('FailedCreate')).some((message) =>
      message.endsWith('is forbidden: error looking up service account default/nobody: serviceaccount "nobody" not found'),
    ),
  );
  await api(sandbox, '/api/v1/namespaces/default/serviceaccounts', {
    method: 'POST',
    body: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'nobody' } },
  });
  await until(async () => at<readonly unknown[]>((await api(sandbox, `${PODS}?labelSelector=app%3Dunserved`)).body, 'items').length === 1);
});

test('Flink may not create TaskManagers: a job waits, and the log of the JobManager says why', async () => {
  await sandbox.control({ kind: 'taskmanagers-refuse', how: 'forbidden' });
  for (const name of (await podNames(sandbox)).filter((one) => one.includes('-taskmanager-')))
    await sandbox.control({ kind: 'pod-kill', pod: name });
  const leader = await jobManager(sandbox);
  await until(async () =>
    String((await api(sandbox, `${PODS}/${leader}/log`)).body).includes(
      'pods is forbidden: User "system:serviceaccount:default:default" cannot create resource "pods"',
    ),
  );
});

test('without high availability a JobManager that was replaced has forgotten its jobs', async () => {
  await using forgetful = await startSandbox({ highAvailability: false, speed: 10 });
  expect((await jobs(forgetful)).size).toBe(2);
  const before = await jobManager(forgetful);
  await forgetful.control({ kind: 'jobmanager-kill' });
  await until(async () => (await jobManager(forgetful)) !== before);
  expect(
    await until(() =>
      jobs(forgetful).then(
        (all) => all,
        () => undefined,
      ),
    ),
  ).toEqual(new Map());
});

test('somebody else deletes the cluster: its pods end, and nothing of it is left but what high availability keeps', async () => {
  await using doomed = await startSandbox({ speed: 10 });
  await doomed.control({ kind: 'cluster-delete' });
  await until(async () => (await podNames(doomed)).length === 0);
  const maps = at<readonly unknown[]>((await api(doomed, '/api/v1/namespaces/default/configmaps')).body, 'items').map((map) =>
    at(map, 'metadata.name'),
  );
  expect(maps).toEqual(['my-first-flink-cluster-cluster-config-map']);
});
