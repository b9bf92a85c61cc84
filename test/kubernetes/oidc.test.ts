import { chmod, mkdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { connectKubernetes, type ConnectOptions } from '../../src/kubernetes/connect.ts';
import type { KubernetesClient } from '../../src/kubernetes/model/types.ts';
import { sentence } from '../../src/support/problem.ts';
import { apiServer, type Answer, type ApiServer } from './api-server.ts';
import { certificates } from './certificates.ts';
import { folder } from './connect-to.ts';
import { kubeconfigOf } from '../support/kubeconfig.ts';
import { FakeClock, seen } from '../support/fake-clock.ts';

let serial = 0;
/** An id-token that ends so many seconds from now. */
const idToken = (seconds: number, now = Date.now()): string =>
  ['{"alg":"none"}', JSON.stringify({ exp: Math.floor(now / 1_000) + seconds, serial: (serial += 1) })]
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.')
    .concat('.x');

interface Issuer extends ApiServer {
  /** What clients sent to the token endpoint: the form, and the Authorization header. */
  readonly asked: string[];
}

/** An issuer on loopback that gives tokens as `give` says. */
async function issuer(
  give: (answer: Answer, form: URLSearchParams, call: { readonly authorization: string | undefined }) => void,
  tls?: Parameters<typeof apiServer>[1],
): Promise<Issuer> {
  const asked: string[] = [];
  const server = await apiServer(async (call, answer) => {
    if (call.path === '/realm/.well-known/openid-configuration')
      return answer.json({ issuer: `${server.url}/realm`, token_endpoint: `${server.url}/realm/token` });
    if (call.path !== '/realm/token' || call.method !== 'POST') return answer.fail(404, 'no such page');
    const form = new URLSearchParams(await call.body());
    const { authorization } = call.headers;
    asked.push(`${form.toString()} ${authorization ?? ''}`.trim());
    give(answer, form, { authorization });
  }, tls);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return Object.assign(server, { asked });
}

/** A client whose user signs in at `issuer`, and its kubeconfig. */
async function signedIn(
  server: ApiServer,
  at: { readonly url: string },
  config: Readonly<Record<string, string>>,
  options: Partial<ConnectOptions> = {},
): Promise<{ readonly client: KubernetesClient; readonly file: string; readonly home: string }> {
  const home = await folder();
  const file = join(home, 'config');
  const user = { 'auth-provider': { name: 'oidc', config: { 'idp-issuer-url': `${at.url}/realm`, 'client-id': 'kube', ...config } } };
  await writeFile(file, kubeconfigOf(server.url, { user }), { mode: 0o600 });
  const client = await connectKubernetes({ kubeconfig: file, env: {}, home, random: () => 0, ...options });
  onTestFinished(() => client[Symbol.asyncDispose]());
  return { client, file, home };
}

/** An API server that says which token it was shown. */
const echo = (): Promise<ApiServer> => apiServer((call, answer) => answer.json({ gitVersion: call.headers.authorization }));
const kept = async (file: string): Promise<Record<string, string>> =>
  (parse(await readFile(file, 'utf8')) as { users: { user: { 'auth-provider': { config: Record<string, string> } } }[] }).users[0]?.user[
    'auth-provider'
  ].config ?? {};
const failure = async (promise: Promise<unknown>): Promise<string> => promise.then(() => 'it worked', sentence);

test('the token of the kubeconfig is sent while it is valid, and nobody is asked', async () => {
  await using server = await echo();
  const token = idToken(3_600);
  const { client } = await signedIn(server, { url: 'http://127.0.0.1:1' }, { 'id-token': token, 'refresh-token': 'r' });
  expect(await client.version()).toBe(`Bearer ${token}`);
});

test('an expired token is renewed once however many requests wait, and the new ones are kept in the kubeconfig', async () => {
  await using server = await echo();
  const fresh = idToken(3_600);
  const at = await issuer((answer) => answer.json({ id_token: fresh, refresh_token: 'second', token_type: 'Bearer' }));
  const { client, file } = await signedIn(server, at, { 'id-token': idToken(-5), 'refresh-token': 'first' });
  const before = JSON.parse(await readFile(file, 'utf8')) as object;
  expect(await Promise.all([client.version(), client.version(), client.version()])).toEqual(Array(3).fill(`Bearer ${fresh}`));
  expect(at.asked).toEqual(['grant_type=refresh_token&refresh_token=first&client_id=kube']);
  expect(await kept(file)).toEqual({
    'idp-issuer-url': `${at.url}/realm`,
    'client-id': 'kube',
    'id-token': fresh,
    'refresh-token': 'second',
  });
  expect({ ...(parse(await readFile(file, 'utf8')) as object), users: 0 }).toEqual({ ...before, users: 0 });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('a refresh-token is good for the next time when the issuer gives no other, and a token is renewed before it ends', async () => {
  const clock = new FakeClock();
  await using server = await echo();
  const given: string[] = [];
  const at = await issuer((answer) => answer.json({ id_token: given[given.push(idToken(60, clock.now())) - 1] }));
  const { client } = await signedIn(server, at, { 'id-token': idToken(-5, clock.now()), 'refresh-token': 'first' }, { clock });
  expect(await client.version()).toBe(`Bearer ${given[0]}`);
  await clock.advance(49_000);
  await client.version();
  expect(at.asked).toHaveLength(1);
  await clock.advance(1_500);
  expect(await client.version()).toBe(`Bearer ${given[1]}`);
  expect(at.asked).toEqual(Array(2).fill('grant_type=refresh_token&refresh_token=first&client_id=kube'));
});

test('a token that kubectl renewed meanwhile is taken from the kubeconfig', async () => {
  const clock = new FakeClock();
  await using server = await echo();
  const { client, file } = await signedIn(
    server,
    { url: 'http://127.0.0.1:1' },
    { 'id-token': idToken(60, clock.now()), 'refresh-token': 'first' },
    { clock },
  );
  await client.version();
  const renewed = idToken(3_600, clock.now());
  await writeFile(file, (await readFile(file, 'utf8')).replace(/"id-token":"[^"]*"/, `"id-token":"${renewed}"`));
  await clock.advance(60_000);
  expect(await client.version()).toBe(`Bearer ${renewed}`);
});

test('a client secret is shown in the header, or in the form where the issuer wants it there', async () => {
  await using server = await echo();
  const fresh = idToken(3_600);
  const inHeader = await issuer((answer, _, { authorization }) =>
    answer.json(
      authorization === `Basic ${Buffer.from('kube:s%2Fcret').toString('base64')}` ? { id_token: fresh } : { error: 'invalid_client' },
      200,
    ),
  );
  const config = { 'id-token': idToken(-5), 'refresh-token': 'r', 'client-secret': 's/cret' };
  expect(await (await signedIn(server, inHeader, config)).client.version()).toBe(`Bearer ${fresh}`);
  const inForm = await issuer((answer, form) =>
    form.get('client_secret') === 's/cret' && form.get('client_id') === 'kube'
      ? answer.json({ id_token: fresh })
      : answer.json({ error: 'invalid_client' }, 401),
  );
  expect(await (await signedIn(server, inForm, config)).client.version()).toBe(`Bearer ${fresh}`);
  expect(inForm.asked).toHaveLength(2);
});

test('a token that the API server rejects is renewed once, and that is reported', async () => {
  const fresh = idToken(3_600);
  const notes: string[] = [];
  await using server = await apiServer((call, answer) =>
    call.headers.authorization === `Bearer ${fresh}` ? answer.json({ gitVersion: 'v1' }) : answer.fail(401, 'Unauthorized'),
  );
  const at = await issuer((answer) => answer.json({ id_token: fresh }));
  const { client } = await signedIn(
    server,
    at,
    { 'id-token': idToken(3_600), 'refresh-token': 'r' },
    { onCredentialNote: (note) => notes.push(note) },
  );
  expect(await client.version()).toBe('v1');
  expect(notes).toEqual([`token rejected; asking the OIDC issuer ${at.url}/realm again`]);
});

test('tokens that cannot be kept are used all the same, and that is reported', async () => {
  await using server = await echo();
  const notes: string[] = [];
  const at = await issuer((answer) => answer.json({ id_token: idToken(3_600) }));
  const { client, file } = await signedIn(
    server,
    at,
    { 'id-token': idToken(-5), 'refresh-token': 'r' },
    { onCredentialNote: (note) => notes.push(note) },
  );
  await mkdir(`${file}.lock`);
  await writeFile(join(`${file}.lock`, 'x'), '');
  await utimes(`${file}.lock`, 0, 0);
  const token = await client.version();
  expect(token).toMatch(/^Bearer /);
  expect(notes).toEqual([
    expect.stringMatching(/^The new OIDC token could not be kept in .*config \(.*\): kubectl may have to log in again\.$/),
  ]);
});

test('a lock that somebody left does not cost the new tokens', async () => {
  await using server = await echo();
  const notes: string[] = [];
  const fresh = idToken(3_600);
  const at = await issuer((answer) => answer.json({ id_token: fresh, refresh_token: 'second' }));
  const { client, file } = await signedIn(
    server,
    at,
    { 'id-token': idToken(-5), 'refresh-token': 'first' },
    { onCredentialNote: (note) => notes.push(note) },
  );
  await writeFile(`${file}.lock`, '');
  await utimes(`${file}.lock`, 0, 0);
  expect(await client.version()).toBe(`Bearer ${fresh}`);
  expect(await kept(file)).toMatchObject({ 'id-token': fresh, 'refresh-token': 'second' });
  expect(notes).toEqual([]);
});

test('a lock that is held for a moment is waited for', async () => {
  await using server = await echo();
  const fresh = idToken(3_600);
  const at = await issuer((answer) => answer.json({ id_token: fresh, refresh_token: 'second' }));
  const { client, file } = await signedIn(server, at, { 'id-token': idToken(-5), 'refresh-token': 'first' });
  await writeFile(`${file}.lock`, '');
  const asked = client.version();
  await seen(() => at.asked.length === 1);
  await rm(`${file}.lock`);
  await asked;
  expect(await kept(file)).toMatchObject({ 'refresh-token': 'second' });
});

test('two at once with one refresh-token that is good once: the second one takes what the first one was given', async () => {
  await using server = await echo();
  const fresh = idToken(3_600);
  const at = await issuer((answer, form) =>
    form.get('refresh_token') === 'first' && at.asked.length === 1
      ? answer.json({ id_token: fresh, refresh_token: 'second' })
      : answer.json({ error: 'invalid_grant' }, 400),
  );
  const { client, file, home } = await signedIn(server, at, { 'id-token': idToken(-5), 'refresh-token': 'first' });
  const other = await connectKubernetes({ kubeconfig: file, env: {}, home });
  onTestFinished(() => other[Symbol.asyncDispose]());
  expect(await Promise.all([client.version(), other.version()])).toEqual([`Bearer ${fresh}`, `Bearer ${fresh}`]);
  expect(await kept(file)).toMatchObject({ 'refresh-token': 'second' });
});

test('the tokens of a kubeconfig in UTF-16, with a key twice and a second document, are kept in it', async () => {
  await using server = await echo();
  const fresh = idToken(3_600);
  const at = await issuer((answer) => answer.json({ id_token: fresh, refresh_token: '2024' }));
  const { client, file } = await signedIn(server, at, { 'id-token': idToken(-5), 'refresh-token': 'first' });
  await writeFile(
    file,
    Buffer.from(`\ufeff${(await readFile(file, 'utf8')).replace('{', '{"kind":"Config",')}\n---\nsecond: 1\n`, 'utf16le'),
  );
  expect(await client.version()).toBe(`Bearer ${fresh}`);
  const text = await readFile(file, 'utf8');
  expect(text).toContain('"2024"');
  expect(text).toMatch(/---\nsecond: 1\n$/);
  await using again = await connectKubernetes({ kubeconfig: file, env: {}, home: '/nowhere' });
  expect(await again.version()).toBe(`Bearer ${fresh}`);
});

test('comments, order and links of a kubeconfig stay as they are', async () => {
  await using server = await echo();
  const fresh = idToken(3_600);
  const at = await issuer((answer) => answer.json({ id_token: fresh, refresh_token: 'second' }));
  const home = await folder();
  const file = join(home, 'config');
  const old = idToken(-5);
  const content = `# mine
apiVersion: v1
kind: Config
current-context: a
users:
- name: u   # the one
  user:
    auth-provider:
      name: oidc
      config: {idp-issuer-url: "${at.url}/realm/", client-id: kube, id-token: ${old}, refresh-token: first}
clusters:
- {name: a, cluster: {server: "${server.url}"}}
contexts:
- {name: a, context: {cluster: a, user: u}}
`;
  await writeFile(join(home, 'real'), content);
  await chmod(join(home, 'real'), 0o640);
  await symlink('real', file);
  await using client = await connectKubernetes({ env: { KUBECONFIG: `${join(home, 'none')}:${file}` }, home });
  expect(await client.version()).toBe(`Bearer ${fresh}`);
  const loose = (text: string): string =>
    text
      .replaceAll('"', '')
      .replaceAll(/\s+/g, ' ')
      .replaceAll(/\{ | \}/g, (brace) => brace.trim());
  expect(loose(await readFile(join(home, 'real'), 'utf8'))).toBe(loose(content.replace(old, fresh).replace('first', 'second')));
  expect((await stat(join(home, 'real'))).mode & 0o777).toBe(0o640);
});

test.each([
  [
    'a refresh-token that is rejected',
    400,
    { error: 'invalid_grant', error_description: 'Session not active' },
    'unauthorized',
    'The OIDC issuer ISSUER rejects the refresh-token of user tester (invalid_grant: Session not active). Log in again.',
  ],
  [
    'an answer without an id-token',
    200,
    { access_token: 'a' },
    'unauthorized',
    'The OIDC issuer ISSUER gave no id-token for the refresh-token of user tester. Log in again with the scope openid.',
  ],
  ['an issuer that is not well', 503, {}, 'unavailable', 'The OIDC issuer ISSUER gives no token now (503).'],
] as const)('%s is reported in a sentence', async (_, status, body, kind, text) => {
  await using server = await echo();
  const at = await issuer((answer) => answer.json(body, status));
  const { client } = await signedIn(server, at, { 'id-token': idToken(-5), 'refresh-token': 'r' });
  const asked = client.version();
  await expect(asked).rejects.toMatchObject({ kind });
  expect((await failure(asked)).replace(`${at.url}/realm`, 'ISSUER')).toBe(text);
  expect(server.calls).toEqual([]);
});

test('what is missing, gone or silent is reported in a sentence', async () => {
  await using server = await echo();
  const expired = { 'id-token': idToken(-5) };
  const nowhere = { url: 'http://127.0.0.1:1' };
  expect(await failure((await signedIn(server, nowhere, expired)).client.version())).toBe(
    'The OIDC token of user tester has expired, and the kubeconfig has no refresh-token. Log in again.',
  );
  expect(await failure((await signedIn(server, nowhere, {})).client.version())).toBe(
    'The OIDC token of user tester is missing, and the kubeconfig has no refresh-token. Log in again.',
  );
  expect(await failure((await signedIn(server, nowhere, { ...expired, 'refresh-token': 'r' })).client.version())).toBe(
    'The OIDC issuer http://127.0.0.1:1/realm cannot be reached for a new token (ECONNREFUSED).',
  );
  const odd = await apiServer((_, answer) => answer.response.end('<html>'));
  onTestFinished(() => odd[Symbol.asyncDispose]());
  expect(await failure((await signedIn(server, odd, { ...expired, 'refresh-token': 'r' })).client.version())).toBe(
    `The OIDC issuer ${odd.url}/realm does not say where it gives tokens (200). Check idp-issuer-url in the kubeconfig.`,
  );
  const clock = new FakeClock();
  const silent = await apiServer(() => {});
  onTestFinished(() => silent[Symbol.asyncDispose]());
  const asked = failure(
    (await signedIn(server, silent, { 'id-token': idToken(-5, clock.now()), 'refresh-token': 'r' }, { clock })).client.version(),
  );
  while (silent.calls.length === 0) await new Promise(setImmediate);
  await clock.advance(10_000);
  expect(await asked).toBe(`The OIDC issuer ${silent.url}/realm cannot be reached for a new token (no answer for 10 s).`);
});

test('an issuer is trusted by the authority that the kubeconfig names for it', async () => {
  await using server = await echo();
  const fresh = idToken(3_600);
  const at = await issuer((answer) => answer.json({ id_token: fresh }), certificates.server);
  const config = { 'id-token': idToken(-5), 'refresh-token': 'r' };
  expect(await failure((await signedIn(server, at, config)).client.version())).toMatch(
    /^The OIDC issuer .* cannot be reached for a new token \(\w*(SELF_SIGNED|UNABLE)\w*\)\.$/,
  );
  const trusted = { ...config, 'idp-certificate-authority-data': Buffer.from(certificates.ca.cert).toString('base64') };
  expect(await (await signedIn(server, at, trusted)).client.version()).toBe(`Bearer ${fresh}`);
});
