import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { AppsV1Api, AuthorizationV1Api, CoreV1Api, KubeConfig, Log, Watch, type V1Pod } from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StillServer, serveStill } from '../../src/sandbox/still/serve-still.ts';
import { until } from '../support/until.ts';

const at = Date.parse('2026-11-22T03:12:00Z');
const namespace = 'prod';
const container = 'flink-main-container';
const metadata = { name: 'c1-taskmanager-1-1', namespace, uid: 'u1', creationTimestamp: '2026-11-22T02:12:00Z', labels: { app: 'c1' } };
let server: StillServer;
let config: KubeConfig;
beforeAll(async () => {
  server = await serveStill(
    {
      clusterId: 'c1',
      namespace,
      at,
      objects: [
        {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata,
          spec: { nodeName: 'n1', containers: [{ name: container, image: 'flink' }] },
          status: { phase: 'Running', containerStatuses: [{ name: container, ready: true, restartCount: 2, state: { running: {} } }] },
        },
        { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { ...metadata, name: 'c1', uid: 'u2' }, spec: { replicas: 1 } },
        { apiVersion: 'example.org/v1', kind: 'Unknown', metadata: { ...metadata, uid: 'u3' } },
      ],
      answers: new Map<string, unknown>([
        ['/overview', { taskmanagers: 1 }],
        [
          '/jobmanager/metrics',
          [
            { id: 'a', value: '1' },
            { id: 'b', value: '2' },
          ],
        ],
      ]),
      logOf: async (uid) =>
        uid === 'u1'
          ? [
              { at: at - 2_000, text: 'first' },
              { at: at - 1_000, text: 'second' },
            ]
          : undefined,
    },
    { api: 0, rest: 0 },
  );
  config = new KubeConfig();
  config.loadFromFile(server.kubeconfig);
  config.clusters = config.clusters.map((cluster) => ({ ...cluster, skipTLSVerify: true }));
});
afterAll(() => server[Symbol.asyncDispose]());

const core = (): CoreV1Api => config.makeApiClient(CoreV1Api);

test('typed calls list and read the objects of then, as they were', async () => {
  expect(config.getContextObject(config.getCurrentContext())?.namespace).toBe(namespace);
  const { items } = await core().listNamespacedPod({ namespace, labelSelector: 'app=c1' });
  expect(items).toMatchObject([{ metadata: { name: metadata.name, uid: 'u1' }, spec: { nodeName: 'n1' }, status: { phase: 'Running' } }]);
  expect(await config.makeApiClient(AppsV1Api).readNamespacedDeployment({ namespace, name: 'c1' })).toMatchObject({
    metadata: { uid: 'u2' },
  });
  await expect(core().readNamespacedPod({ namespace, name: 'other' })).rejects.toMatchObject({ code: 404 });
});

test('ages are those of then', async () => {
  const answer = await fetch(`${config.getCurrentCluster()?.server}/api/v1/namespaces/${namespace}/pods`, {
    headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
  });
  const { rows } = (await answer.json()) as { readonly rows: readonly { readonly cells: readonly unknown[] }[] };
  expect(rows[0]?.cells.slice(0, 5)).toEqual([metadata.name, '1/1', 'Running', 2, '60m']);
});

test('a watch begins with what was there, and nothing comes after it', async () => {
  const seen: string[] = [];
  const watch = await new Watch(config).watch(
    `/api/v1/namespaces/${namespace}/pods`,
    {},
    (phase, object: V1Pod) => void seen.push(`${phase} ${object.metadata?.name}`),
    () => {},
  );
  await until(() => seen.length > 0);
  watch.abort();
  expect(seen).toEqual([`ADDED ${metadata.name}`]);
});

test('a log is read to its end, also if it is followed', async () => {
  const stream = new PassThrough();
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => void (text += chunk));
  await new Log(config).log(namespace, metadata.name, container, stream, { follow: true });
  await once(stream, 'end');
  expect(text).toBe('first\nsecond\n');
});

test('a change is refused with a sentence, and access reviews say so before', async () => {
  await expect(core().deleteNamespacedPod({ namespace, name: metadata.name })).rejects.toMatchObject({
    code: 403,
    body: expect.stringContaining('this is a recording: nothing can be changed in it'),
  });
  const review = (verb: string) =>
    config
      .makeApiClient(AuthorizationV1Api)
      .createSelfSubjectAccessReview({ body: { spec: { resourceAttributes: { verb, resource: 'pods', namespace } } } });
  expect((await review('delete')).status?.allowed).toBe(false);
  expect((await review('list')).status?.allowed).toBe(true);
  expect(await rest('/jobs/x', { method: 'PATCH' })).toEqual([405, { errors: ['this is a recording: nothing can be changed in it'] }]);
});

/** Status and body. */
async function rest(path: string, init?: RequestInit): Promise<readonly [number, unknown]> {
  const answer = await fetch(`${server.rest}${path}`, init);
  return [answer.status, await answer.json()];
}

test("Flink's answers of then are given, and one that nobody asked for is not made up", async () => {
  expect(await rest('/overview')).toEqual([200, { taskmanagers: 1 }]);
  expect(await rest('/v1/overview/')).toEqual([200, { taskmanagers: 1 }]);
  expect(await rest('/jobmanager/metrics')).toEqual([200, [{ id: 'a' }, { id: 'b' }]]);
  expect(await rest('/jobmanager/metrics?get=b')).toEqual([200, [{ id: 'b', value: '2' }]]);
  expect(await rest('/taskmanagers')).toEqual([
    404,
    {
      errors: [
        expect.stringMatching(
          /^the answer of c1 to \/taskmanagers was not recorded at 2026-11-22T03:12:00\.000Z; recorded are: \/overview, /,
        ),
      ],
    },
  ]);
});

test('what pods used is not made up', async () => {
  const answer = await fetch(`${config.getCurrentCluster()?.server}/apis/metrics.k8s.io/v1beta1/namespaces/${namespace}/pods`);
  expect(answer.status).toBe(404);
});

test('a port that is taken is said', async () => {
  const taken = Number(new URL(server.rest).port);
  const still = { clusterId: 'c1', namespace, at, objects: [], answers: new Map(), logOf: async () => undefined };
  await expect(serveStill(still, { api: 0, rest: taken })).rejects.toThrow(`Port ${taken} of this machine is taken.`);
});
