import type { ServerOptions } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { sentence } from '../../src/support/problem.ts';
import { apiServer, type Handler } from './api-server.ts';
import { certificates } from './certificates.ts';
import { connectTo, type Target } from './connect-to.ts';

const base64 = (pem: string): string => Buffer.from(pem).toString('base64');
const trusted = { 'certificate-authority-data': base64(certificates.ca.cert) };
const asUser = ({ cert, key }: { readonly cert: string; readonly key: string }): object => ({ 'client-certificate-data': base64(cert), 'client-key-data': base64(key) });
const tlsServer = (pair: { readonly cert: string; readonly key: string }, handler?: Handler): ReturnType<typeof apiServer> => {
  const options: ServerOptions = { ...pair, ca: certificates.ca.cert, requestCert: true, rejectUnauthorized: false };
  return apiServer(handler ?? ((call, answer) => answer.json({ gitVersion: (call.request.socket as TLSSocket).getPeerCertificate().subject?.CN ?? 'nobody' })), options);
};
const failureOf = async (url: string, target: Target): Promise<string> => {
  const client = await connectTo(url, target);
  return client.version().then((version) => `worked: ${version}`, sentence);
};

test.each([['ec-user', certificates.ecUser], ['rsa-user', certificates.rsaUser]])('the client certificate of %s is shown to the server', async (name, pair) => {
  await using server = await tlsServer(certificates.server);
  const client = await connectTo(server.url, { cluster: trusted, user: asUser(pair) });
  expect(await client.version()).toBe(name);
  for (let i = 0; i < 10; i++) await client.version();
  expect(server.connections).toBe(1);
});

test('a server of an unknown authority is not trusted, unless the kubeconfig says so', async () => {
  await using server = await tlsServer(certificates.server);
  const host = server.url.slice(8);
  expect(await failureOf(server.url, {})).toBe(`The certificate of the API server at ${host} is not signed by an authority that is trusted here (SELF_SIGNED_CERT_IN_CHAIN). Check certificate-authority in the kubeconfig.`);
  expect(await failureOf(server.url, { cluster: { 'insecure-skip-tls-verify': true } })).toBe('worked: nobody');
});

test('a server certificate for another name is refused, and tls-server-name accepts it', async () => {
  await using server = await tlsServer(certificates.named);
  expect(await failureOf(server.url, { cluster: trusted })).toBe(
    `The certificate of the API server at ${server.url.slice(8)} is for other names: kubernetes.example. Use one of them as the server, or set tls-server-name in the kubeconfig.`);
  expect(await failureOf(server.url, { cluster: { ...trusted, 'tls-server-name': 'kubernetes.example' } })).toBe('worked: nobody');
});

test('tls-server-name is checked, too', async () => {
  await using server = await tlsServer(certificates.server);
  expect(await failureOf(server.url, { cluster: { ...trusted, 'tls-server-name': 'kubernetes.example' } })).toContain('is for other names: 127.0.0.1, localhost');
});

test('tls-server-name may be an address, and is checked then, too', async () => {
  await using server = await tlsServer(certificates.server);
  expect(await failureOf(server.url, { cluster: { ...trusted, 'tls-server-name': '127.0.0.1' } })).toBe('worked: nobody');
  await using other = await tlsServer(certificates.named);
  expect(await failureOf(other.url, { cluster: { ...trusted, 'tls-server-name': '127.0.0.1' } })).toContain('is for other names: kubernetes.example');
});

test('a server certificate that expired is said with its day', async () => {
  await using server = await tlsServer(certificates.expired);
  expect(await failureOf(server.url, { cluster: trusted })).toBe(`The certificate of the API server at ${server.url.slice(8)} expired on 3 May 2026.`);
});

test('a client certificate that expired is said with its day when the server rejects it', async () => {
  await using server = await tlsServer(certificates.server, (_, answer) => answer.fail(401, 'Unauthorized'));
  expect(await failureOf(server.url, { cluster: trusted, user: asUser(certificates.expiredUser) })).toBe(
    'unauthorized: the client certificate expired on 3 May 2026. Get a new kubeconfig for this user.');
});

test('a server that does not speak TLS is said so', async () => {
  await using server = await apiServer();
  expect(await failureOf(server.url.replace('http:', 'https:'), {})).toMatch(/does not speak TLS/);
});
