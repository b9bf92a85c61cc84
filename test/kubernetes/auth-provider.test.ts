import { expect, test } from 'vitest';
import { tokenExpiry } from '../../src/kubernetes/token-expiry.ts';
import { connectTo } from './connect-to.ts';
import { FakeClock } from './fake-clock.ts';

const jwt = (exp: number): string => ['{"alg":"none"}', JSON.stringify({ exp })].map((part) => Buffer.from(part).toString('base64url')).join('.').concat('.x');

test('a provider that gives no token is named', async () => {
  const client = await connectTo('http://127.0.0.1:1', { user: { 'auth-provider': { name: 'no-such', config: {} } } }, { clock: new FakeClock() });
  await expect(client.version()).rejects.toMatchObject({ kind: 'unauthorized', message: expect.stringMatching(/^The auth provider no-such of user tester gave no token: /) as string });
});

test('the end of a token is read from it', () => {
  expect(tokenExpiry(jwt(1_795_000_000))).toBe(1_795_000_000_000);
  expect(tokenExpiry('opaque')).toBeUndefined();
  expect(tokenExpiry('a.b.c')).toBeUndefined();
});
