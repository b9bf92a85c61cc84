import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { api, at, PODS } from './sandboxes.ts';
import { until } from '../support/until.ts';

const MAPS = '/api/v1/namespaces/default/configmaps';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const map = (name: string, more: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...more },
  data: { a: '1' },
});

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ scenario: 'empty', speed: 20 });
});
afterAll(() => sandbox.close());

describe('objects', () => {
  test('are created, read, and refused when they exist', async () => {
    const created = await api(sandbox, MAPS, { method: 'POST', body: map('first') });
    expect(created.status).toBe(201);
    expect(at(created.body, 'metadata.uid')).toMatch(/^[0-9a-f-]{36}$/);
    expect((await api(sandbox, `${MAPS}/first`)).body).toEqual(created.body);
    const again = await api(sandbox, MAPS, { method: 'POST', body: map('first') });
    expect(again).toMatchObject({
      status: 409,
      body: {
        kind: 'Status',
        reason: 'AlreadyExists',
        message: 'configmaps "first" already exists',
        details: { name: 'first', kind: 'configmaps' },
      },
    });
  });

  test('that are not there are a 404 that names them', async () => {
    expect(await api(sandbox, `${DEPLOYMENTS}/nothing`)).toMatchObject({
      status: 404,
      body: {
        reason: 'NotFound',
        message: 'deployments.apps "nothing" not found',
        details: { group: 'apps', kind: 'deployments', name: 'nothing' },
      },
    });
    expect(await api(sandbox, '/api/v1/namespaces/nowhere/configmaps', { method: 'POST', body: map('x') })).toMatchObject({
      status: 404,
      body: { message: 'namespaces "nowhere" not found' },
    });
    expect((await api(sandbox, '/api/v1/namespaces/default/gizmos')).status).toBe(404);
  });

  test('with a bad name are a 422 that names the field', async () => {
    expect(await api(sandbox, MAPS, { method: 'POST', body: map('Bad_Name') })).toMatchObject({
      status: 422,
      body: { reason: 'Invalid', details: { causes: [{ field: 'metadata.name', reason: 'FieldValueInvalid' }] } },
    });
  });

  test('written with an old resource version are a conflict', async () => {
    const { body } = await api(sandbox, MAPS, { method: 'POST', body: map('raced') });
    const written = await api(sandbox, `${MAPS}/raced`, { method: 'PUT', body: { ...(body as object), data: { a: '2' } } });
    expect(written).toMatchObject({ status: 200, body: { data: { a: '2' } } });
    const late = await api(sandbox, `${MAPS}/raced`, { method: 'PUT', body: { ...(body as object), data: { a: '3' } } });
    expect(late).toMatchObject({ status: 409, body: { reason: 'Conflict' } });
    expect(at(late.body, 'message')).toContain('the object has been modified');
  });

  test('are not kept by a dry run', async () => {
    expect((await api(sandbox, `${MAPS}?dryRun=All`, { method: 'POST', body: map('dry') })).status).toBe(201);
    expect((await api(sandbox, `${MAPS}/dry`)).status).toBe(404);
  });

  test.each([
    ['merge', 'application/merge-patch+json', { data: { a: null, b: '2' } }, { b: '2' }],
    ['strategic', 'application/strategic-merge-patch+json', { data: { b: '2' } }, { a: '1', b: '2' }],
    [
      'json',
      'application/json-patch+json',
      [
        { op: 'replace', path: '/data/a', value: '9' },
        { op: 'add', path: '/data/c~1d', value: '3' },
      ],
      { a: '9', 'c/d': '3' },
    ],
  ])('take a %s patch', async (name, type, body, data) => {
    await api(sandbox, MAPS, { method: 'POST', body: map(`patched-${name}`) });
    const answer = await api(sandbox, `${MAPS}/patched-${name}`, { method: 'PATCH', type, body });
    expect(answer.status).toBe(200);
    expect(at(answer.body, 'data')).toEqual(data);
  });

  test('deleted with another uid are kept', async () => {
    await api(sandbox, MAPS, { method: 'POST', body: map('guarded') });
    expect((await api(sandbox, `${MAPS}/guarded`, { method: 'DELETE', body: { preconditions: { uid: 'another' } } })).status).toBe(409);
    expect((await api(sandbox, `${MAPS}/guarded`)).status).toBe(200);
  });

  /** Deletes an owner under a policy; resolves with the path of what it owned. */
  async function deleteOwner(propagationPolicy: string): Promise<string> {
    const owner = await api(sandbox, MAPS, { method: 'POST', body: map(`owner-${propagationPolicy.toLowerCase()}`) });
    const name = `owned-${propagationPolicy.toLowerCase()}`;
    const ownerReferences = [
      { apiVersion: 'v1', kind: 'ConfigMap', name: at(owner.body, 'metadata.name'), uid: at(owner.body, 'metadata.uid') },
    ];
    await api(sandbox, MAPS, { method: 'POST', body: map(name, { ownerReferences }) });
    const gone = await api(sandbox, `${MAPS}/${at(owner.body, 'metadata.name')}`, { method: 'DELETE', body: { propagationPolicy } });
    expect(gone.status).toBe(200);
    return `${MAPS}/${name}`;
  }

  test.each(['Background', 'Foreground'])('go with their owner: %s', async (policy) => {
    const owned = await deleteOwner(policy);
    await until(async () => (await api(sandbox, owned)).status === 404);
  });

  test('stay without an owner: Orphan', async () => {
    const owned = await deleteOwner('Orphan');
    expect(at((await api(sandbox, owned)).body, 'metadata.ownerReferences')).toEqual([]);
  });
});

describe('lists', () => {
  test('come in pages of one snapshot, and a page that is too late is 410', async () => {
    await sandbox.control({ kind: 'pods-create', count: 7, clusterId: 'paged' });
    const first = await api(sandbox, `${PODS}?limit=3&labelSelector=app%3Dpaged`);
    expect(at<unknown[]>(first.body, 'items')).toHaveLength(3);
    expect(at<number>(first.body, 'metadata.remainingItemCount')).toBe(4);
    const token = at(first.body, 'metadata.continue');
    await sandbox.control({ kind: 'pods-remove' });
    const second = await api(sandbox, `${PODS}?limit=10&continue=${token}`);
    expect(at<unknown[]>(second.body, 'items')).toHaveLength(4);
    expect(at(second.body, 'metadata.resourceVersion')).toBe(at(first.body, 'metadata.resourceVersion'));
    await sandbox.control({ kind: 'watches-expire' });
    expect(await api(sandbox, `${PODS}?limit=3&continue=${token}`)).toMatchObject({ status: 410, body: { reason: 'Expired' } });
  });

  test.each([
    ['app=x', ['sel-a']],
    ['app!=x', ['sel-b', 'sel-c']],
    ['app in (x,y)', ['sel-a', 'sel-b']],
    ['app notin (x)', ['sel-b', 'sel-c']],
    ['!app', ['sel-c']],
    ['app,tier=1', ['sel-a']],
  ])('are cut by the label selector %s', async (selector, names) => {
    for (const [name, labels] of [
      ['sel-a', { set: 's', app: 'x', tier: '1' }],
      ['sel-b', { set: 's', app: 'y' }],
      ['sel-c', { set: 's' }],
    ] as const)
      await api(sandbox, MAPS, { method: 'POST', body: map(name, { labels }) });
    const { body } = await api(sandbox, `${MAPS}?labelSelector=${encodeURIComponent(`set=s,${selector}`)}`);
    expect(at<readonly unknown[]>(body, 'items').map((one) => at(one, 'metadata.name'))).toEqual(names);
  });

  test('are cut by field selectors, of events by the object that they tell of', async () => {
    await api(sandbox, MAPS, { method: 'POST', body: map('only') });
    expect(at<unknown[]>((await api(sandbox, `${MAPS}?fieldSelector=metadata.name%3Donly`)).body, 'items')).toHaveLength(1);
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'told' }, spec: { containers: [{ name: 'main', image: 'busybox' }] } };
    await api(sandbox, PODS, { method: 'POST', body: pod });
    const reasons = await until(async () => {
      const { body } = await api(
        sandbox,
        '/api/v1/namespaces/default/events?fieldSelector=involvedObject.name%3Dtold,involvedObject.kind%3DPod',
      );
      const found = at<readonly unknown[]>(body, 'items').map((event) => at(event, 'reason'));
      return found.includes('Started') && found;
    });
    expect(new Set(reasons)).toEqual(new Set(['Scheduled', 'Pulled', 'Created', 'Started']));
  });
});

describe('pods', () => {
  const pod = (name: string, container: object): object => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { containers: [{ name: 'main', image: 'busybox', ...container }] },
  });
  const status = async (name: string): Promise<unknown> => (await api(sandbox, `${PODS}/${name}`)).body;

  test('whose image does not exist wait in ImagePullBackOff', async () => {
    await api(sandbox, PODS, { method: 'POST', body: pod('unpulled', { image: 'flink:no-such-tag' }) });
    await until(async () => at(await status('unpulled'), 'status.containerStatuses.0.state.waiting.reason') === 'ImagePullBackOff');
  });

  test('that ask for more than the node has are unschedulable, with the reason', async () => {
    await api(sandbox, PODS, { method: 'POST', body: pod('greedy', { resources: { requests: { cpu: '64' } } }) });
    const message = await until(async () => at<string | undefined>(await status('greedy'), 'status.conditions.0.message'));
    expect(message).toContain('0/1 nodes are available: 1 Insufficient cpu.');
  });

  test('that are killed for their memory stay as Failed when they are not to restart', async () => {
    await api(sandbox, PODS, {
      method: 'POST',
      body: {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'fat' },
        spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox' }] },
      },
    });
    await until(async () => at(await status('fat'), 'status.phase') === 'Running');
    await sandbox.control({ kind: 'pod-crash', pod: 'fat', exitCode: 137, reason: 'OOMKilled' });
    expect(await status('fat')).toMatchObject({
      status: { phase: 'Failed', containerStatuses: [{ state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } }] },
    });
  });
});

test('the access review says what the faults deny, and the server does the same', async () => {
  await sandbox.control({ kind: 'deny', right: { verb: 'list', resource: 'secrets' } });
  const review = async (verb: string): Promise<boolean> => {
    const { body } = await api(sandbox, '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      method: 'POST',
      body: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: { verb, resource: 'secrets', namespace: 'default' } },
      },
    });
    return at<boolean>(body, 'status.allowed');
  };
  expect(await review('list')).toBe(false);
  expect(await review('get')).toBe(true);
  expect(await api(sandbox, '/api/v1/namespaces/default/secrets')).toMatchObject({
    status: 403,
    body: {
      reason: 'Forbidden',
      message: 'secrets is forbidden: User "sandbox-user" cannot list resource "secrets" in API group "" in the namespace "default"',
    },
  });
  await sandbox.control({ kind: 'allow-all' });
  expect((await api(sandbox, '/api/v1/namespaces/default/secrets')).status).toBe(200);
});
