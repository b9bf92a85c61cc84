import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { captureText } from '../flink/rest-server.ts';
import { runProgram } from '../goldens/run-program.ts';

/** The stores that Java makes; see the tests of PKCS #12. The certificates are for names that nobody has. */
const stores = join(import.meta.dirname, 'stores');
const password = 'changeit';
const fingerprint = new X509Certificate(readFileSync(join(stores, 'server.pem'))).fingerprint;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drey-rest-tls-'));
  writeFileSync(join(folder, 'config.yaml'), '');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A REST endpoint behind TLS that answers every question with a list of jobs; `peers` are the names of its clients. */
async function endpoint(
  options: ServerOptions = {},
): Promise<AsyncDisposable & { readonly port: number; readonly peers: readonly string[] }> {
  const peers: string[] = [];
  const server = createServer({ pfx: readFileSync(join(stores, 'server.p12')), passphrase: password, ...options }, (request, response) => {
    const { subject } = (request.socket as TLSSocket).getPeerCertificate();
    peers.push(String(subject?.CN ?? 'nobody'));
    response.setHeader('content-type', 'application/json').end(captureText('jobs-overview'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    peers,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const ssl = (settings: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries({ enabled: 'true', ...settings }).map(([key, value]) => `-Dsecurity.ssl.rest.${key}=${value}`);

const list = (port: number, words: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runProgram('flink', ['list', '-m', `localhost:${port}`, '-Drest.retry.max-attempts=1', ...words], {
    env: { FLINK_CONF_DIR: folder, ...env },
    cwd: stores,
    home: folder,
  });

const trusting = ssl({ truststore: 'trust.p12', 'truststore-password': password });

describe('flink list of an HTTPS endpoint', () => {
  test.each([
    ['a PKCS #12 truststore', trusting],
    ['one without encryption', ssl({ truststore: 'open.p12', 'truststore-password': password })],
    [
      'the general settings',
      ['-Dsecurity.ssl.rest.enabled=true', '-Dsecurity.ssl.truststore=trust.p12', `-Dsecurity.ssl.truststore-password=${password}`],
    ],
    ['a PEM file', ssl({ truststore: 'server.pem' })],
    ['a truststore and a fingerprint', [...trusting, `-Dsecurity.ssl.rest.cert.fingerprint=${fingerprint}`]],
    [
      'a fingerprint in another form',
      [...trusting, `-Dsecurity.ssl.rest.cert.fingerprint=00,${fingerprint.replaceAll(':', '').toLowerCase()}`],
    ],
  ])('works with %s', async (_name, words) => {
    await using server = await endpoint();
    expect(await list(server.port, words)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Running/Restarting Jobs'),
      stderr: '',
    });
  });

  test('works with an address that begins with https and names no setting but the truststore', async () => {
    await using server = await endpoint();
    const words = [
      'list',
      '-m',
      `https://localhost:${server.port}`,
      '-Dsecurity.ssl.rest.truststore=trust.p12',
      `-Dsecurity.ssl.rest.truststore-password=${password}`,
    ];
    expect(await runProgram('flink', words, { env: { FLINK_CONF_DIR: folder }, cwd: stores, home: folder })).toMatchObject({ code: 0 });
  });

  test.each([
    ['without a truststore', ssl({}), /is not trusted: .*self.signed.*\(security\.ssl\.rest\.truststore\)/s],
    ['with another authority', ssl({ truststore: 'client.pem' }), /is not trusted/],
    [
      'with another fingerprint',
      [...trusting, '-Dsecurity.ssl.rest.cert.fingerprint=00:11'],
      /is not trusted: its fingerprint is ([0-9A-F]{2}:){19}[0-9A-F]{2}\./,
    ],
    ['whose host name is to be compared', [...trusting, '-Dsecurity.ssl.verify-hostname=true'], /is not trusted: .*localhost/],
    [
      'with a wrong password',
      ssl({ truststore: 'trust.p12', 'truststore-password': 'wrong' }),
      /The password of the truststore \S+trust\.p12 is wrong\. It is security\.ssl\.rest\.truststore-password\./,
    ],
    [
      'with a JKS store',
      ssl({ truststore: 'trust.jks' }),
      /trust\.jks is in a format of Java alone \(JKS\)\. Convert it: keytool -importkeystore -srckeystore \S+trust\.jks -destkeystore \S+trust-converted\.p12 -deststoretype PKCS12/,
    ],
    [
      'with a store of old encryption',
      ssl({ truststore: 'legacy.p12', 'truststore-password': password }),
      /legacy\.p12 is encrypted in a way of before 2021 .* keytool -importkeystore/,
    ],
    [
      'with a truststore that is not there',
      ssl({ truststore: 'nosuch.p12' }),
      /The truststore \S+nosuch\.p12 of security\.ssl\.rest cannot be read/,
    ],
    ['with a truststore that is none', ssl({ truststore: '../rest-tls.test.ts' }), /rest-tls\.test\.ts is neither PKCS #12 nor PEM/],
  ])('%s says why it does not work', async (_name, words, sentence) => {
    await using server = await endpoint();
    const { code, stderr } = await list(server.port, words);
    expect(code).toBe(1);
    expect(stderr).toMatch(sentence);
    expect(server.peers).toEqual([]);
  });
});

describe('an endpoint that asks for a certificate of the client', () => {
  const asking = (): ReturnType<typeof endpoint> =>
    endpoint({ requestCert: true, rejectUnauthorized: true, ca: readFileSync(join(stores, 'client.pem')) });
  const authenticated = [...trusting, '-Dsecurity.ssl.rest.authentication-enabled=true'];

  test('is given that of the keystore', async () => {
    await using server = await asking();
    expect(
      await list(server.port, [
        ...authenticated,
        '-Dsecurity.ssl.rest.keystore=client.p12',
        `-Dsecurity.ssl.rest.keystore-password=${password}`,
      ]),
    ).toMatchObject({ code: 0 });
    expect(server.peers).toEqual(['client.invalid']);
  });

  test.each([
    [
      'none',
      trusting,
      /does not accept this client: it asks for a certificate that it trusts.* security\.ssl\.rest\.authentication-enabled/,
    ],
    [
      'one that it does not trust',
      [...authenticated, '-Dsecurity.ssl.rest.keystore=server.p12', `-Dsecurity.ssl.rest.keystore-password=${password}`],
      /does not accept this client|broke the connection/,
    ],
    ['no keystore', authenticated, /no keystore has one\. Set security\.ssl\.rest\.keystore/],
    [
      'a wrong password',
      [...authenticated, '-Dsecurity.ssl.rest.keystore=client.p12', '-Dsecurity.ssl.rest.keystore-password=wrong'],
      /The password of the keystore \S+client\.p12 is wrong/,
    ],
    [
      'a keystore without a key',
      [...authenticated, '-Dsecurity.ssl.rest.keystore=trust.p12', `-Dsecurity.ssl.rest.keystore-password=${password}`],
      /trust\.p12 is neither PKCS #12, or holds no private key/,
    ],
    ['a JKS keystore', [...authenticated, '-Dsecurity.ssl.rest.keystore=trust.jks'], /trust\.jks is in a format of Java alone/],
  ])('and gets %s is explained', async (_name, words, sentence) => {
    await using server = await asking();
    const { code, stderr } = await list(server.port, words);
    expect(code).toBe(1);
    expect(stderr).toMatch(sentence);
    expect(server.peers).toEqual([]);
  });
});

test('--trace writes a line per request, with nothing of headers, passwords or bodies', async () => {
  await using server = await endpoint();
  const file = join(folder, 'requests.log');
  const words = [...trusting, '--trace', file];
  for (let time = 0; time < 2; time += 1)
    expect(await list(server.port, words, { FLINK_REST_CLIENT_HEADERS: 'Authorization:Bearer secret-token' })).toMatchObject({ code: 0 });
  const text = readFileSync(file, 'utf8');
  expect(text).toMatch(/^(\d{4}-\d\d-\d\dT[\d:.]+Z GET \/jobs\/overview 200 \d+ms\n){2}$/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('--trace into a folder that is not there is refused before anything is asked', async () => {
  await using server = await endpoint();
  const file = join(folder, 'nosuch', 'requests.log');
  expect(await list(server.port, [...trusting, '--trace', file])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/The trace file \S+requests\.log cannot be written/),
  });
  expect(existsSync(file)).toBe(false);
  expect(server.peers).toEqual([]);
});
