import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { resolveProfile } from '../../src/kubernetes/connect.ts';
import { parseKubeconfig } from '../../src/kubernetes/config/kubeconfig-file.ts';
import { folder } from './connect-to.ts';

const config = (name: string, server: string, more = ''): string => `
apiVersion: v1
kind: Config
clusters:
- name: ${name}
  cluster: {server: "${server}"}
users:
- name: ${name}
  user: {token: "token of ${name}"}
contexts:
- name: ${name}
  context: {cluster: ${name}, user: ${name}, namespace: space-${name}}
${more}`;

test('of several files in KUBECONFIG the first that says something wins, and missing ones are skipped', async () => {
  const home = await folder();
  const [one, two] = [join(home, 'one'), join(home, 'two')];
  await writeFile(one, config('a', 'https://one.example/'));
  await writeFile(two, config('b', 'https://two.example', 'current-context: b'));
  const env = { KUBECONFIG: [join(home, 'missing'), one, two].join(delimiter) };
  expect(await resolveProfile({ env, home })).toMatchObject({
    context: 'b',
    namespace: 'space-b',
    cluster: { server: 'https://two.example' },
  });
  expect(await resolveProfile({ env, home, context: 'a' })).toMatchObject({
    cluster: { server: 'https://one.example' },
    user: { token: 'token of a' },
  });
});

test('an entry of the first file is not changed by one of the same name in the second', async () => {
  const home = await folder();
  await writeFile(join(home, 'one'), config('a', 'https://one.example', 'current-context: a'));
  await writeFile(join(home, 'two'), config('a', 'https://two.example', 'current-context: other'));
  const profile = await resolveProfile({ env: { KUBECONFIG: [join(home, 'one'), join(home, 'two')].join(delimiter) }, home });
  expect(profile).toMatchObject({ context: 'a', cluster: { server: 'https://one.example' } });
});

test('without KUBECONFIG it is ~/.kube/config, and the namespace is default where the context has none', async () => {
  const home = await folder();
  await mkdir(join(home, '.kube'));
  await writeFile(
    join(home, '.kube', 'config'),
    config('a', 'https://one.example', 'current-context: a').replace(', namespace: space-a', ''),
  );
  expect(await resolveProfile({ env: {}, home })).toMatchObject({ context: 'a', namespace: 'default' });
});

test('relative paths start at the folder of their file', () => {
  const { clusters, users } = parseKubeconfig(
    `
clusters: [{name: a, cluster: {server: "https://a", certificate-authority: pki/ca.crt}}]
users:
- {name: a, user: {client-certificate: ../a.crt, client-key: /abs/a.key, tokenFile: token}}
- {name: b, user: {exec: {command: ./login, apiVersion: v1}}}
- {name: c, user: {exec: {command: aws, args: [eks, get-token], apiVersion: v1}}}`,
    '/home/me/.kube/config',
  );
  expect(clusters.get('a')?.ca).toEqual({ file: '/home/me/.kube/pki/ca.crt' });
  expect(users.get('a')).toMatchObject({
    clientCertificate: { file: '/home/me/a.crt' },
    clientKey: { file: '/abs/a.key' },
    tokenFile: '/home/me/.kube/token',
  });
  expect(users.get('b')?.exec?.command).toBe('/home/me/.kube/login');
  expect(users.get('c')?.exec?.command).toBe('aws');
});

test('members with -data win over files', () => {
  const data = Buffer.from('-----BEGIN CERTIFICATE-----\n').toString('base64');
  const { clusters } = parseKubeconfig(
    `clusters: [{name: a, cluster: {server: "https://a", certificate-authority: ca.crt, certificate-authority-data: ${data}}}]`,
    '/x/config',
  );
  expect(clusters.get('a')?.ca).toEqual({ text: '-----BEGIN CERTIFICATE-----\n' });
});

test('everything else that kubectl reads of a cluster and a user is read', () => {
  const { clusters, users } = parseKubeconfig(
    `
clusters:
- name: a
  cluster:
    server: https://a
    insecure-skip-tls-verify: true
    tls-server-name: b
    proxy-url: socks5://proxy:1080
    extensions: [{name: client.authentication.k8s.io/exec, extension: {audience: x}}]
users:
- name: a
  user: {username: me, password: secret, as: other, as-uid: "7", as-groups: [dev, ops], as-user-extra: {reason: [test]}, auth-provider: {name: oidc, config: {id-token: t}}}`,
    '/x/config',
  );
  expect(clusters.get('a')).toEqual({
    server: 'https://a',
    ca: undefined,
    skipTlsVerify: true,
    tlsServerName: 'b',
    proxyUrl: 'socks5://proxy:1080',
    extensions: new Map([['client.authentication.k8s.io/exec', { audience: 'x' }]]),
  });
  expect(users.get('a')).toMatchObject({
    basic: { username: 'me', password: 'secret' },
    authProvider: { name: 'oidc', config: { 'id-token': 't' } },
    impersonate: { user: 'other', uid: '7', groups: ['dev', 'ops'], extra: { reason: ['test'] } },
  });
});

test.each([
  [
    'a context that does not exist',
    config('a', 'https://a', 'current-context: a'),
    'nope',
    'The kubeconfig has no context named nope.',
    'It has: a.',
  ],
  [
    'no current context',
    config('a', 'https://a'),
    undefined,
    'The kubeconfig names no current context.',
    'Choose one with --context. It has: a.',
  ],
  [
    'a cluster that does not exist',
    'current-context: a\ncontexts: [{name: a, context: {cluster: b}}]\nclusters: [{name: c, cluster: {server: "https://c"}}]',
    undefined,
    'Context a names the cluster b, which the kubeconfig does not have.',
    'It has: c.',
  ],
  [
    'a user that does not exist',
    'current-context: a\ncontexts: [{name: a, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: "https://c"}}]',
    undefined,
    'Context a names the user u, which the kubeconfig does not have.',
    undefined,
  ],
  [
    'a cluster without an address',
    'current-context: a\ncontexts: [{name: a, context: {cluster: c}}]\nclusters: [{name: c, cluster: {}}]',
    undefined,
    'Cluster c has no usable server address (it is empty).',
    'It must look like https://host:6443.',
  ],
  [
    'an address that is none',
    'current-context: a\ncontexts: [{name: a, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: "https://a:99999"}}]',
    undefined,
    'Cluster c has no usable server address (https://a:99999).',
    'It must look like https://host:6443.',
  ],
  [
    'an anchor that is not there',
    'current-context: *a',
    undefined,
    expect.stringMatching(/^The kubeconfig file FILE is not valid YAML: .*alias/i) as string,
    undefined,
  ],
  [
    'a file that is no text',
    '\u0000\u0001\u0002',
    undefined,
    expect.stringMatching(/^The (kubeconfig file FILE is not valid YAML|file FILE is not a kubeconfig)/) as string,
    'Is it a text file?',
  ],
  [
    'a list where a map must be',
    '[1, 2]',
    undefined,
    'The file FILE is not a kubeconfig: it holds no clusters, users and contexts.',
    undefined,
  ],
  [
    'broken YAML',
    'a: [1, 2\nb: }',
    undefined,
    expect.stringMatching(/^The kubeconfig file FILE is not valid YAML: .+ at line 2/) as string,
    undefined,
  ],
])('%s is reported with what there is instead', async (_, content, context, message, hint) => {
  const home = await folder();
  const file = join(home, 'config');
  await writeFile(file, content);
  const failure = await resolveProfile({ kubeconfig: file, env: {}, home, ...(context === undefined ? {} : { context }) }).catch(
    (error: unknown) => error,
  );
  const text = (failure as Error).message.replace(file, 'FILE');
  expect(text).toEqual(message);
  expect((failure as { hint?: string }).hint).toBe(hint);
});

test('a file that was asked for must exist', async () => {
  const home = await folder();
  await expect(resolveProfile({ kubeconfig: join(home, 'nope'), env: {}, home })).rejects.toThrow(
    `The kubeconfig file ${join(home, 'nope')} does not exist.`,
  );
});

test('no configuration at all says where it was looked for and what to do', async () => {
  const home = await folder();
  await expect(resolveProfile({ env: {}, home })).rejects.toMatchObject({
    message: `There is no Kubernetes configuration: ${join(home, '.kube', 'config')} does not exist or is empty.`,
    hint: 'Set KUBECONFIG or --kubeconfig to a kubeconfig file.',
  });
});

test('in a pod it is the service account', async () => {
  const home = await folder();
  for (const [name, content] of [
    ['token', 'abc'],
    ['ca.crt', 'PEM'],
    ['namespace', 'orders\n'],
  ] as const)
    await writeFile(join(home, name), content);
  const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
  expect(await resolveProfile({ env, home: join(home, 'nobody'), serviceAccountFolder: home })).toMatchObject({
    context: undefined,
    namespace: 'orders',
    cluster: { server: 'https://[fd00::1]:443', ca: { file: join(home, 'ca.crt') } },
    user: { tokenFile: join(home, 'token') },
  });
});

test("the variables of Flink's own client override the kubeconfig, where they are asked for", async () => {
  const home = await folder();
  await writeFile(join(home, 'config'), config('a', 'https://one.example', 'current-context: a'));
  const env = {
    KUBECONFIG: join(home, 'config'),
    KUBERNETES_MASTER: 'other.example:6443',
    KUBERNETES_TRUST_CERTIFICATES: 'true',
    KUBERNETES_AUTH_TOKEN: 'abc',
  };
  expect(await resolveProfile({ env, home, fabric8Environment: true })).toMatchObject({
    context: 'a',
    cluster: { server: 'https://other.example:6443', skipTlsVerify: true },
    user: { token: 'abc' },
  });
  expect(await resolveProfile({ env, home })).toMatchObject({ cluster: { server: 'https://one.example', skipTlsVerify: false } });
});
