import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import type { ServerOptions } from 'node:https';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { connectKubernetes } from '../../src/kubernetes/connect.ts';
import { sentence } from '../../src/support/problem.ts';
import { apiServer, type Handler } from './api-server.ts';
import { certificates } from './certificates.ts';
import { chain } from './chain.ts';
import { connectTo, folder } from './connect-to.ts';
import { type KubeconfigParts, kubeconfigOf } from '../support/kubeconfig.ts';
import { hasKubectl, kubectl } from './kubectl.ts';

const base64 = (pem: string): string => Buffer.from(pem).toString('base64');
const trusted = { 'certificate-authority-data': base64(certificates.ca.cert) };
const asUser = ({ cert, key }: { readonly cert: string; readonly key: string }): object => ({
  'client-certificate-data': base64(cert),
  'client-key-data': base64(key),
});
const tlsServer = (pair: { readonly cert: string; readonly key: string }, handler?: Handler): ReturnType<typeof apiServer> => {
  const options: ServerOptions = {
    ...pair,
    ciphers: 'DEFAULT@SECLEVEL=0',
    ca: certificates.ca.cert,
    requestCert: true,
    rejectUnauthorized: false,
  };
  return apiServer(
    handler ??
      ((call, answer) => answer.json({ gitVersion: (call.request.socket as TLSSocket).getPeerCertificate().subject?.CN ?? 'nobody' })),
    options,
  );
};
const failureOf = async (url: string, target: KubeconfigParts): Promise<string> => {
  const client = await connectTo(url, target);
  return client.version().then((version) => `worked: ${version}`, sentence);
};

test.each([
  ['ec-user', certificates.ecUser],
  ['rsa-user', certificates.rsaUser],
])('the client certificate of %s is shown to the server', async (name, pair) => {
  await using server = await tlsServer(certificates.server);
  const client = await connectTo(server.url, { cluster: trusted, user: asUser(pair) });
  expect(await client.version()).toBe(name);
  for (let i = 0; i < 10; i++) await client.version();
  expect(server.connections).toBe(1);
});

test('a server of an unknown authority is not trusted, unless the kubeconfig says so', async () => {
  await using server = await tlsServer(certificates.server);
  const host = server.url.slice(8);
  expect(await failureOf(server.url, {})).toBe(
    `The certificate of the API server at ${host} is not signed by an authority that is trusted here (SELF_SIGNED_CERT_IN_CHAIN). Check certificate-authority in the kubeconfig.`,
  );
  expect(await failureOf(server.url, { cluster: { 'insecure-skip-tls-verify': true } })).toBe('worked: nobody');
});

describe('as kubectl trusts', () => {
  const { root, intermediate, leaf, weak, commonName, sha1 } = chain;
  const whole = { cert: leaf.cert + intermediate, key: leaf.key };
  const cases = (
    [
      ['the root, and the chain is served', root, whole],
      ['the intermediate, and the chain is served', intermediate, whole],
      ['the intermediate, and only the leaf is served', intermediate, leaf],
      ['the certificate of the server itself', leaf.cert, leaf],
      ['the certificate of the server itself, and the chain is served', leaf.cert, whole],
      ['root and intermediate, and only the leaf is served', root + intermediate, leaf],
      ['an RSA key of 1024 bits', root, weak],
      [
        'the root, and only the leaf is served',
        root,
        leaf,
        'The certificate of the API server at HOST is not signed by an authority that is trusted here (UNABLE_TO_GET_ISSUER_CERT_LOCALLY). Check certificate-authority in the kubeconfig.',
      ],
      [
        'another leaf',
        certificates.server.cert,
        leaf,
        'The certificate of the API server at HOST is not signed by an authority that is trusted here (UNABLE_TO_GET_ISSUER_CERT_LOCALLY). Check certificate-authority in the kubeconfig.',
      ],
      [
        'a name that is only the common name',
        root,
        commonName,
        'The certificate of the API server at HOST has no alternative names (SAN), only a common name, which is ignored. Give the server a certificate with its name as a subject alternative name.',
      ],
      [
        'a signature with SHA-1',
        root,
        sha1,
        'The certificate of the API server at HOST is signed in a way that is too weak (ca signature digest algorithm too weak). Give the server a certificate that is signed with SHA-256.',
      ],
    ] as const
  ).map(([name, authority, served, says]) => ({ name, authority, served, says }));

  test.each(cases)('$name', async ({ authority, served, says = 'worked: nobody' }) => {
    await using server = await tlsServer(served);
    expect(
      (await failureOf(server.url, { cluster: { 'certificate-authority-data': base64(authority) } })).replace(server.url.slice(8), 'HOST'),
    ).toBe(says);
  });

  test.skipIf(!hasKubectl).each(cases)('$name: the kubectl of this machine judges as recorded', async ({ authority, served, says }) => {
    await using server = await tlsServer(served);
    const file = join(await folder(), 'config');
    await writeFile(file, kubeconfigOf(server.url, { cluster: { 'certificate-authority-data': base64(authority) }, user: { token: 't' } }));
    const { code, stderr } = await kubectl(file, 'get', '--raw', '/version');
    expect({ trusted: code === 0, stderr }).toEqual({ trusted: says === undefined, stderr });
  });
});

test('a server certificate for another name is refused, and tls-server-name accepts it', async () => {
  await using server = await tlsServer(certificates.named);
  expect(await failureOf(server.url, { cluster: trusted })).toBe(
    `The certificate of the API server at ${server.url.slice(8)} is for other names: kubernetes.example. Use one of them as the server, or set tls-server-name in the kubeconfig.`,
  );
  expect(await failureOf(server.url, { cluster: { ...trusted, 'tls-server-name': 'kubernetes.example' } })).toBe('worked: nobody');
});

test('tls-server-name is checked, too', async () => {
  await using server = await tlsServer(certificates.server);
  expect(await failureOf(server.url, { cluster: { ...trusted, 'tls-server-name': 'kubernetes.example' } })).toContain(
    'is for other names: 127.0.0.1, localhost',
  );
});

test('tls-server-name may be an address, and is checked then, too', async () => {
  await using server = await tlsServer(certificates.server);
  expect(await failureOf(server.url, { cluster: { ...trusted, 'tls-server-name': '127.0.0.1' } })).toBe('worked: nobody');
  await using other = await tlsServer(certificates.named);
  expect(await failureOf(other.url, { cluster: { ...trusted, 'tls-server-name': '127.0.0.1' } })).toContain(
    'is for other names: kubernetes.example',
  );
});

test('a server certificate that expired is reported with its day', async () => {
  await using server = await tlsServer(certificates.expired);
  expect(await failureOf(server.url, { cluster: trusted })).toBe(
    `The certificate of the API server at ${server.url.slice(8)} expired on 3 May 2026.`,
  );
});

test('a client certificate that expired is reported with its day when the server rejects it', async () => {
  await using server = await tlsServer(certificates.server, (_, answer) => answer.fail(401, 'Unauthorized'));
  expect(await failureOf(server.url, { cluster: trusted, user: asUser(certificates.expiredUser) })).toBe(
    'unauthorized: the client certificate expired on 3 May 2026. Get a new kubeconfig for this user.',
  );
});

test('a client certificate that is none, a key of another one, and a token that cannot be sent are reported', async () => {
  await using server = await tlsServer(certificates.server);
  const unusable = 'cannot be used \\(ERR_OSSL_\\w+\\)\\. Check client-certificate and client-key in the kubeconfig\\.$';
  const garbage = '-----BEGIN CERTIFICATE-----\ngarbage\n-----END CERTIFICATE-----\n';
  expect(await failureOf(server.url, { cluster: trusted, user: asUser({ cert: garbage, key: certificates.ecUser.key }) })).toMatch(
    new RegExp(`^The client certificate or its key ${unusable}`),
  );
  expect(
    await failureOf(server.url, { cluster: trusted, user: asUser({ cert: certificates.ecUser.cert, key: certificates.named.key }) }),
  ).toMatch(new RegExp(`^The client certificate or its key ${unusable}`));
  expect(
    await failureOf(server.url, { cluster: trusted, user: asUser({ cert: certificates.ecUser.cert, key: certificates.rsaUser.key }) }),
  ).toMatch(new RegExp(`^The client certificate or its key ${unusable}`));
  expect(await failureOf(server.url, { cluster: trusted, user: { token: 'a\nX-Other: b' } })).toBe(
    'The credentials hold characters that cannot be sent. Check the token in the kubeconfig, or what the plug-in gives.',
  );
});

test('a server that does not speak TLS is reported', async () => {
  await using server = await apiServer();
  expect(await failureOf(server.url.replace('http:', 'https:'), {})).toMatch(/does not speak TLS/);
});

test('in a pod, the service account is who asks: its authority is trusted, and its token is read again when it was rotated', async () => {
  await using server = await tlsServer(certificates.server, (call, answer) =>
    call.headers.authorization === 'Bearer old' && rotated
      ? answer.fail(401, 'Unauthorized')
      : answer.json({ gitVersion: call.headers.authorization }),
  );
  let rotated = false;
  // As the kubelet does it: the files are links into a folder that is swapped.
  const mount = await folder();
  const write = async (name: string, token: string): Promise<void> => {
    await mkdir(join(mount, name));
    await writeFile(join(mount, name, 'token'), token);
    await writeFile(join(mount, name, 'ca.crt'), certificates.ca.cert);
    await writeFile(join(mount, name, 'namespace'), 'orders');
    await symlink(name, join(mount, '..next'));
    await rename(join(mount, '..next'), join(mount, '..data'));
  };
  await write('..1', 'old');
  for (const name of ['token', 'ca.crt', 'namespace']) await symlink(join('..data', name), join(mount, name));
  await using client = await connectKubernetes({
    env: { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(server.port) },
    home: mount,
    serviceAccountFolder: mount,
  });
  expect([client.server, client.namespace, client.context]).toEqual([server.url, 'orders', undefined]);
  expect(await client.version()).toBe('Bearer old');
  await write('..2', 'new');
  rotated = true;
  expect(await client.version()).toBe('Bearer new');
});
