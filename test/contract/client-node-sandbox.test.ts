import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { AppsV1Api, CoreV1Api, Exec, KubeConfig, Log, PortForward, Watch, type V1Pod, type V1Status } from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { jobManager } from '../sandbox/sandboxes.ts';
import { until } from '../support/until.ts';

/** The sandbox as a stranger sees it: a client that does not know that it is one. */

const container = 'flink-main-container';
let sandbox: Sandbox;
let config: KubeConfig;
beforeAll(async () => {
  sandbox = await startSandbox({ speed: 5 });
  config = new KubeConfig();
  config.loadFromFile(sandbox.kubeconfig);
  // It speaks HTTP only to those who skip TLS.
  config.clusters = config.clusters.map((cluster) => ({ ...cluster, skipTLSVerify: true }));
});
afterAll(() => sandbox.close());

/** What was written to a stream so far. */
function gathered(): { readonly stream: PassThrough; text(): string } {
  const stream = new PassThrough();
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => void (text += chunk));
  return { stream, text: () => text };
}

test('its kubeconfig is read', () => {
  expect(config.getCurrentCluster()?.server).toBe(sandbox.url);
  expect(config.getContextObject(config.getCurrentContext())?.namespace).toBe(sandbox.namespace);
});

test('typed calls list, read, create, patch and delete', async () => {
  const core = config.makeApiClient(CoreV1Api);
  const { namespace } = sandbox;
  const pods = await core.listNamespacedPod({ namespace, labelSelector: `app=${sandbox.clusterId},component=taskmanager` });
  expect(pods.items.map(({ metadata }) => metadata?.name)).toContain(`${sandbox.clusterId}-taskmanager-1-1`);
  expect(pods.items[0]?.metadata?.creationTimestamp).toBeInstanceOf(Date);
  const deployment = await config.makeApiClient(AppsV1Api).readNamespacedDeployment({ namespace, name: sandbox.clusterId });
  expect(deployment.spec?.template.spec?.containers.map(({ name }) => name)).toEqual([container]);
  await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'stranger' }, data: { a: '1' } } });
  await core.patchNamespacedConfigMap({ namespace, name: 'stranger', body: [{ op: 'replace', path: '/data/a', value: '2' }] });
  expect((await core.readNamespacedConfigMap({ namespace, name: 'stranger' })).data).toEqual({ a: '2' });
  await core.deleteNamespacedConfigMap({ namespace, name: 'stranger' });
  await expect(core.readNamespacedConfigMap({ namespace, name: 'stranger' })).rejects.toMatchObject({ code: 404 });
});

test('a watch tells of what comes and goes', async () => {
  const core = config.makeApiClient(CoreV1Api);
  const { namespace } = sandbox;
  const seen: string[] = [];
  const ended = Promise.withResolvers<unknown>();
  const watch = await new Watch(config).watch(
    `/api/v1/namespaces/${namespace}/configmaps`,
    {},
    (phase, object: V1Pod) => void seen.push(`${phase} ${object.metadata?.name}`),
    ended.resolve,
  );
  await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'seen' } } });
  await until(() => seen.includes('ADDED seen'));
  await core.deleteNamespacedConfigMap({ namespace, name: 'seen' });
  await until(() => seen.includes('DELETED seen'));
  watch.abort();
  await ended.promise;
});

test('a log is read to its end', async () => {
  const { stream, text } = gathered();
  await new Log(config).log(sandbox.namespace, await jobManager(sandbox), container, stream, { tailLines: 5, timestamps: true });
  await once(stream, 'end');
  expect(text().trimEnd().split('\n')).toHaveLength(5);
  expect(text()).toMatch(/^\d{4}-\d\d-\d\dT\S+Z /);
});

test('a command runs in a container and its exit code comes back', async () => {
  const { stream, text } = gathered();
  const status = Promise.withResolvers<V1Status>();
  await new Exec(config).exec(
    sandbox.namespace,
    await jobManager(sandbox),
    container,
    ['echo', 'hello'],
    stream,
    null,
    null,
    false,
    status.resolve,
  );
  expect(await status.promise).toMatchObject({ status: 'Success' });
  expect(text()).toBe('hello\n');
});

test('a port is forwarded', async () => {
  const { stream, text } = gathered();
  const input = new PassThrough();
  const socket = await new PortForward(config).portForward(sandbox.namespace, await jobManager(sandbox), [8081], stream, null, input);
  input.write('GET /overview HTTP/1.1\r\nHost: rest\r\nConnection: close\r\n\r\n');
  await until(() => text().includes('"slots-total"'));
  expect(text()).toMatch(/^HTTP\/1\.1 200 /);
  if (typeof socket !== 'function') socket.close();
});
