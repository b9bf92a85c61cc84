import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CoreV1Api, KubeConfig, makeInformer, type V1PodList } from '@kubernetes/client-node';
import { expect, onTestFinished, test } from 'vitest';
import { apiServer } from './api-server.ts';
import { folder } from './connect-to.ts';
import { kubeconfigOf } from '../support/kubeconfig.ts';

/**
 * Why drey has a loader, an identity and streams of its own: what @kubernetes/client-node 2.0.1 does otherwise than kubectl. A test that fails here is
 * good news. The library has mended something: change the table in CONTRIBUTING.md, and look whether our own code can go.
 */

const bearer = 'Authorization';
/** It speaks HTTP only to those who skip TLS; kubectl does anyway. */
const plainHttp = { cluster: { 'insecure-skip-tls-verify': true } };

async function headersOf(user: object): Promise<Readonly<Record<string, string>>> {
  const config = new KubeConfig();
  config.loadFromString(kubeconfigOf('https://127.0.0.1:1', { user }));
  const options: { headers?: Record<string, string> } = {};
  await config.applyToHTTPSOptions(options);
  return options.headers ?? {};
}

test('a file of KUBECONFIG that is missing is an error; kubectl skips it', () => {
  const config = new KubeConfig();
  expect(() => config.loadFromFile('/nowhere/config')).toThrow('ENOENT');
});

test('a name that occurs twice is an error; kubectl takes the first one', async () => {
  const home = await folder();
  const file = join(home, 'config');
  await writeFile(file, kubeconfigOf('https://127.0.0.1:1'));
  const config = new KubeConfig();
  config.loadFromFile(file);
  const again = new KubeConfig();
  again.loadFromFile(file);
  expect(() => config.mergeConfig(again)).toThrow('Duplicate');
});

test('one cluster without a server makes the whole file unreadable; kubectl needs only the one in use', () => {
  const broken = JSON.parse(kubeconfigOf('https://127.0.0.1:1')) as { clusters: object[] };
  broken.clusters.push({ name: 'other', cluster: {} });
  expect(() => new KubeConfig().loadFromString(JSON.stringify(broken))).toThrow(Error);
});

test('a tokenFile is not heeded', async () => {
  const home = await folder();
  await writeFile(join(home, 'token'), 'secret');
  expect(await headersOf({ tokenFile: join(home, 'token') })).not.toHaveProperty(bearer);
});

test('an auth provider that it does not know sends no header at all', async () => {
  expect(await headersOf({ 'auth-provider': { name: 'no-such', config: {} } })).not.toHaveProperty(bearer);
});

test('a credential plug-in is run for each request; kubectl keeps what it gave until it expires', async () => {
  const home = await folder();
  const plugin = join(home, 'plugin.sh');
  await writeFile(
    plugin,
    `#!/bin/sh\necho run >> ${home}/runs\necho '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t"}}'\n`,
    { mode: 0o755 },
  );
  const config = new KubeConfig();
  config.loadFromString(
    kubeconfigOf('https://127.0.0.1:1', {
      user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: plugin, interactiveMode: 'Never' } },
    }),
  );
  const both = await Promise.all(
    [{}, {}].map(async (options) => {
      await config.applyToHTTPSOptions(options);
      return options;
    }),
  );
  expect(both).toHaveLength(2);
  expect((await readFile(join(home, 'runs'), 'utf8')).trim().split('\n')).toHaveLength(2);
});

test('an expired OIDC token cannot be renewed', async () => {
  const issuer = await apiServer((call, answer) =>
    answer.json(
      call.path.endsWith('openid-configuration') ? { issuer: issuer.url, token_endpoint: `${issuer.url}/token` } : { id_token: 'new' },
    ),
  );
  onTestFinished(() => issuer[Symbol.asyncDispose]());
  const expired = `x.${Buffer.from(JSON.stringify({ exp: 1 })).toString('base64url')}.x`;
  await expect(
    headersOf({
      'auth-provider': {
        name: 'oidc',
        config: { 'idp-issuer-url': issuer.url, 'client-id': 'c', 'id-token': expired, 'refresh-token': 'r' },
      },
    }),
  ).rejects.toThrow(Error);
});

test('a server without TLS is refused; kubectl speaks to it', async () => {
  const config = new KubeConfig();
  config.loadFromString(kubeconfigOf('http://127.0.0.1:1'));
  await expect(config.makeApiClient(CoreV1Api).listNamespacedPod({ namespace: 'default' })).rejects.toThrow('HTTP protocol is not allowed');
});

test('every request has a connection of its own', async () => {
  const server = await apiServer((_, answer) => answer.json({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items: [] }));
  onTestFinished(() => server[Symbol.asyncDispose]());
  const config = new KubeConfig();
  config.loadFromString(kubeconfigOf(server.url, plainHttp));
  const api = config.makeApiClient(CoreV1Api);
  for (let index = 0; index < 5; index++) await api.listNamespacedPod({ namespace: 'default' });
  expect(server.connections).toBe(5);
});

test('an informer does not watch again after a connection was reset', async () => {
  let watches = 0;
  const server = await apiServer((call, answer) => {
    if (call.query.get('watch') === null)
      return answer.json({ kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '1' }, items: [] });
    watches++;
    answer.stream();
    return answer.reset();
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  const config = new KubeConfig();
  config.loadFromString(kubeconfigOf(server.url, plainHttp));
  const api = config.makeApiClient(CoreV1Api);
  const informer = makeInformer(config, '/api/v1/namespaces/default/pods', async (): Promise<V1PodList> =>
    api.listNamespacedPod({ namespace: 'default' }),
  );
  const failed = Promise.withResolvers<unknown>();
  informer.on('error', failed.resolve);
  await informer.start();
  await failed.promise;
  expect(watches).toBe(1);
  await informer.stop();
});
