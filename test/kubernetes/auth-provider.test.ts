import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { tokenExpiry } from '../../src/kubernetes/auth/token-expiry.ts';
import { apiServer } from './api-server.ts';
import { connectTo, folder } from './connect-to.ts';
import { FakeClock } from '../support/fake-clock.ts';

const jwt = (exp: number): string =>
  ['{"alg":"none"}', JSON.stringify({ exp })]
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.')
    .concat('.x');

test('a provider that gives no token is named', async () => {
  const client = await connectTo(
    'http://127.0.0.1:1',
    { user: { 'auth-provider': { name: 'no-such', config: {} } } },
    { clock: new FakeClock() },
  );
  await expect(client.version()).rejects.toMatchObject({
    kind: 'unauthorized',
    message: expect.stringMatching(/^The auth provider no-such of user tester gave no token: /) as string,
  });
});

test.for(['gcp', 'azure'])('the provider %s sends the token that its program prints', async (name) => {
  const home = await folder();
  const program = join(home, 'cloud program');
  await writeFile(program, `#!/bin/sh\necho '{"credential":{"access_token":"from-'"$1"'","token_expiry":"2100-01-01T00:00:00Z"}}'\n`, {
    mode: 0o755,
  });
  const seen: (string | undefined)[] = [];
  const server = await apiServer((call, answer) => {
    seen.push(call.headers.authorization);
    answer.json({ major: '1', minor: '25', gitVersion: 'v1.25.0' });
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  const config = {
    'cmd-path': program,
    'cmd-args': 'config',
    'token-key': '{.credential.access_token}',
    'expiry-key': '{.credential.token_expiry}',
  };
  const client = await connectTo(server.url, { user: { 'auth-provider': { name, config } } }, { clock: new FakeClock() });
  await client.version();
  expect(seen).toEqual(['Bearer from-config']);
});

test('the end of a token is read from it', () => {
  expect(tokenExpiry(jwt(1_795_000_000))).toBe(1_795_000_000_000);
  expect(tokenExpiry('opaque')).toBeUndefined();
  expect(tokenExpiry('a.b.c')).toBeUndefined();
});
