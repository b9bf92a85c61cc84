import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { api, at, jobManager } from './sandboxes.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ speed: 20 });
  await jobManager(sandbox);
});
afterAll(() => sandbox.close());

/** What `kubectl get -o wide` would print: a row by column. */
async function rowsOf(path: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { body } = await api(sandbox, path, { headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' } });
  const columns = at<readonly unknown[]>(body, 'columnDefinitions').map((column) => at(column, 'name'));
  return at<readonly unknown[]>(body, 'rows').map((row) =>
    Object.fromEntries(at<readonly unknown[]>(row, 'cells').map((cell, n) => [columns[n] ?? '', cell])),
  );
}

const cluster = 'my-first-flink-cluster';
const old = expect.stringMatching(/^\d+[smhd]$/);

test.each([
  ['/apis/apps/v1/namespaces/default/deployments', { Name: cluster, Ready: '1/1', 'Up-to-date': 1, Available: 1, Age: old }],
  [
    '/apis/apps/v1/namespaces/default/replicasets',
    { Name: expect.stringMatching(`^${cluster}-`), Desired: 1, Current: 1, Ready: 1, Age: old },
  ],
  [
    '/api/v1/namespaces/default/services',
    {
      Name: `${cluster}-rest`,
      Type: 'ClusterIP',
      'Cluster-IP': expect.any(String),
      'External-IP': '<none>',
      'Port(s)': expect.stringMatching(/^8081(:\d+)?\/TCP$/),
      Age: old,
    },
  ],
  ['/api/v1/namespaces/default/configmaps', { Name: `flink-config-${cluster}`, Data: expect.any(Number), Age: old }],
  [
    '/api/v1/namespaces/default/pods',
    {
      Name: `${cluster}-taskmanager-1-1`,
      Ready: '1/1',
      Status: 'Running',
      Restarts: 0,
      Age: old,
      IP: expect.stringMatching(/^\d/),
      Node: expect.any(String),
    },
  ],
  [
    '/api/v1/namespaces/default/events',
    {
      'Last Seen': old,
      Type: 'Normal',
      Reason: 'Scheduled',
      Object: `pod/${cluster}-taskmanager-1-1`,
      Message: expect.stringContaining('Successfully assigned'),
    },
  ],
  ['/api/v1/nodes', { Name: expect.any(String), Status: 'Ready', Roles: '<none>', Age: old, Version: expect.stringMatching(/^v1\./) }],
  ['/api/v1/namespaces', { Name: 'default', Status: 'Active', Age: old }],
])('kubectl get prints the columns of %s', async (path, row) => {
  expect(await rowsOf(path)).toContainEqual(row);
});

test('kubectl get shows what a secret holds only by its number', async () => {
  await api(sandbox, '/api/v1/namespaces/default/secrets', {
    method: 'POST',
    body: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys' }, stringData: { a: '1', b: '2' } },
  });
  expect(await rowsOf('/api/v1/namespaces/default/secrets')).toContainEqual({ Name: 'keys', Type: 'Opaque', Data: 2, Age: old });
});

test('kubectl get shows why a pod waits, and that it goes', async () => {
  const [pods, name] = ['/api/v1/namespaces/default/pods', 'waits'];
  await api(sandbox, pods, {
    method: 'POST',
    body: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, finalizers: ['example.org/kept'] },
      spec: {
        containers: [{ name: 'main', image: 'busybox', env: [{ name: 'K', valueFrom: { secretKeyRef: { name: 'nosuch', key: 'k' } } }] }],
      },
    },
  });
  await expect.poll(() => rowsOf(pods)).toContainEqual(expect.objectContaining({ Name: name, Status: 'CreateContainerConfigError' }));
  await api(sandbox, `${pods}/${name}`, { method: 'DELETE' });
  await expect.poll(() => rowsOf(pods)).toContainEqual(expect.objectContaining({ Name: name, Status: 'Terminating' }));
});
