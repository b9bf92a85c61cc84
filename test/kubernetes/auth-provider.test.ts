import { expect, test } from 'vitest';
import { tokenExpiry } from '../../src/kubernetes/auth-provider.ts';
import { apiServer } from './api-server.ts';
import { connectTo } from './connect-to.ts';
import { FakeClock } from './fake-clock.ts';

const jwt = (exp: number): string => ['{"alg":"none"}', JSON.stringify({ exp })].map((part) => Buffer.from(part).toString('base64url')).join('.').concat('.x');

test('an OIDC token of the kubeconfig is sent while it is valid', async () => {
  const token = jwt(Math.floor(Date.now() / 1_000) + 3_600);
  await using server = await apiServer((call, answer) => answer.json({ gitVersion: call.headers.authorization }));
  const client = await connectTo(server.url, { user: { 'auth-provider': { name: 'oidc', config: { 'id-token': token, 'client-id': 'x', 'client-secret': 'y', 'idp-issuer-url': 'http://127.0.0.1:1', 'refresh-token': 'r' } } } });
  expect(await client.version()).toBe(`Bearer ${token}`);
});

test('a provider that gives no token is named', async () => {
  const client = await connectTo('http://127.0.0.1:1', { user: { 'auth-provider': { name: 'no-such', config: {} } } }, { clock: new FakeClock() });
  await expect(client.version()).rejects.toMatchObject({ kind: 'unauthorized', message: expect.stringMatching(/^The auth provider no-such of user tester gave no token: /) as string });
});

test('the end of a token is read from it', () => {
  expect(tokenExpiry(`Bearer ${jwt(1_795_000_000)}`)).toBe(1_795_000_000_000);
  expect(tokenExpiry('Bearer opaque')).toBeUndefined();
  expect(tokenExpiry('Bearer a.b.c')).toBeUndefined();
});
