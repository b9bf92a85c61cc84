import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { PODS } from '../../src/kubernetes/model/resources.ts';
import { type Problem, sentence } from '../../src/support/problem.ts';
import { apiServer, type Handler } from './api-server.ts';
import { certificates } from './certificates.ts';
import { connectTo, folder } from './connect-to.ts';
import { FakeClock, seen } from '../support/fake-clock.ts';
import { watchSink } from './sinks.ts';

const apiVersion = 'client.authentication.k8s.io/v1';

/** A plug-in that is a script of Node; `calls` tells how often it ran. */
async function plugin(
  body: string,
  more: object = {},
): Promise<{ readonly user: object; readonly folder: string; calls(): Promise<number> }> {
  const home = await folder();
  const script = join(home, 'plugin.mjs');
  await writeFile(
    script,
    `
import { appendFileSync, readFileSync, writeFileSync, existsSync } from 'node:fs';
const home = ${JSON.stringify(home)};
appendFileSync(home + '/calls', 'x');
const calls = readFileSync(home + '/calls', 'utf8').length;
const give = (status, version = ${JSON.stringify(apiVersion)}) => console.log(JSON.stringify({ apiVersion: version, kind: 'ExecCredential', status }));
${body}`,
  );
  return {
    folder: home,
    user: { exec: { apiVersion, command: process.execPath, args: [script], interactiveMode: 'Never', ...more } },
    calls: async () => (await readFile(join(home, 'calls'), 'utf8')).length,
  };
}

const echo: Handler = (call, answer) => answer.json({ gitVersion: call.headers.authorization });

test('ten requests at once run the plug-in once', async () => {
  const { user, calls } = await plugin('give({ token: "t" + calls });');
  await using server = await apiServer(echo);
  const client = await connectTo(server.url, { user });
  const versions = await Promise.all(Array.from({ length: 10 }, () => client.version()));
  expect(new Set(versions)).toEqual(new Set(['Bearer t1']));
  expect(await calls()).toBe(1);
});

test('the plug-in is told about the cluster, where it asks for that, and has the variables of its entry', async () => {
  const { user, folder: home } = await plugin(
    'writeFileSync(home + "/info", process.env.KUBERNETES_EXEC_INFO + "\\n" + process.env.EXTRA); give({ token: "t" });',
    {
      provideClusterInfo: true,
      env: [{ name: 'EXTRA', value: 'yes' }],
    },
  );
  await using server = await apiServer(echo);
  const client = await connectTo(server.url, {
    user,
    cluster: { extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'x' } }] },
  });
  await client.version();
  const [info = '', extra] = (await readFile(join(home, 'info'), 'utf8')).split('\n');
  expect(JSON.parse(info)).toEqual({
    kind: 'ExecCredential',
    apiVersion,
    spec: { interactive: false, cluster: { server: server.url, config: { audience: 'x' } } },
  });
  expect(extra).toBe('yes');
});

test.each([
  [
    'YAML',
    'console.log("apiVersion: client.authentication.k8s.io/v1\\nkind: ExecCredential\\nstatus:\\n  token: t\\n  expirationTimestamp: 2999-01-01T00:00:00Z\\n");',
  ],
  ['JSON with a byte order mark', 'process.stdout.write("\\ufeff"); give({ token: "t" });'],
  [
    'UTF-16',
    'process.stdout.write(Buffer.from("\\ufeff" + JSON.stringify({ apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", status: { token: "t" } }), "utf16le"));',
  ],
])('a plug-in may answer in %s, as with kubectl', async (_, body) => {
  const { user } = await plugin(body);
  await using server = await apiServer(echo);
  const client = await connectTo(server.url, { user });
  expect(await client.version()).toBe('Bearer t');
});

test('a credential is renewed before it expires', async () => {
  const clock = new FakeClock();
  const { user, calls } = await plugin(
    `give({ token: "t" + calls, expirationTimestamp: new Date(${clock.now()} + calls * 3_600_000).toISOString() });`,
  );
  await using server = await apiServer(echo);
  const client = await connectTo(server.url, { user }, { clock });
  expect(await client.version()).toBe('Bearer t1');
  await clock.advance(3_600_000 - 31_000);
  expect(await client.version()).toBe('Bearer t1');
  await clock.advance(1_000);
  expect(await client.version()).toBe('Bearer t2');
  expect(await calls()).toBe(2);
});

test('a credential that the server rejects is renewed once, and that is reported', async () => {
  const { user, calls } = await plugin('give({ token: "t" + calls });');
  await using server = await apiServer((call, answer) =>
    call.headers.authorization === 'Bearer t1' ? answer.fail(401, 'Unauthorized') : echo(call, answer),
  );
  const notes: string[] = [];
  const client = await connectTo(server.url, { user }, { onCredentialNote: (note) => notes.push(note) });
  expect(await client.version()).toBe('Bearer t2');
  expect(notes).toEqual([expect.stringMatching(/^token rejected; running \S+.* again$/)]);
  server.handle((_, answer) => answer.fail(401, 'Unauthorized'));
  await expect(client.version()).rejects.toMatchObject({ kind: 'unauthorized' });
  expect(await calls()).toBe(3);
});

test('of many requests whose credential is rejected together the plug-in runs once more, and that is reported once', async () => {
  const { user, calls } = await plugin('give({ token: "t" + calls });');
  const waiting: (() => void)[] = [];
  await using server = await apiServer((call, answer) => {
    if (call.headers.authorization !== 'Bearer t1') return echo(call, answer);
    waiting.push(() => answer.fail(401, 'Unauthorized'));
  });
  const notes: string[] = [];
  const client = await connectTo(server.url, { user }, { onCredentialNote: (note) => notes.push(note) });
  const asked = Promise.all(Array.from({ length: 4 }, () => client.version()));
  await seen(() => waiting.length === 4);
  waiting.pop()?.();
  waiting.pop()?.();
  // These come when the plug-in has run already.
  await seen(() => server.calls.length === 6);
  for (const answer of waiting) answer();
  expect(await asked).toEqual(Array(4).fill('Bearer t2'));
  expect(await calls()).toBe(2);
  expect(notes).toHaveLength(1);
});

test('a plug-in that fails is run once for all who try again within seconds', async () => {
  const clock = new FakeClock();
  const { user, calls } = await plugin('if (calls < 2) { console.error("log in first"); process.exit(1); } give({ token: "t" });');
  await using server = await apiServer(echo);
  const client = await connectTo(server.url, { user }, { clock });
  await expect(client.version()).rejects.toThrow('log in first');
  await clock.advance(4_000);
  await expect(client.version()).rejects.toThrow('log in first');
  expect(await calls()).toBe(1);
  await clock.advance(1_000);
  expect(await client.version()).toBe('Bearer t');
});

test('a client certificate from a plug-in is shown to the server', async () => {
  const { cert, key } = certificates.ecUser;
  const { user } = await plugin(`give({ clientCertificateData: ${JSON.stringify(cert)}, clientKeyData: ${JSON.stringify(key)} });`);
  await using server = await apiServer(
    (call, answer) => answer.json({ gitVersion: (call.request.socket as TLSSocket).getPeerCertificate().subject.CN }),
    { ...certificates.server, ca: certificates.ca.cert, requestCert: true },
  );
  const client = await connectTo(server.url, {
    user,
    cluster: { 'certificate-authority-data': Buffer.from(certificates.ca.cert).toString('base64') },
  });
  expect(await client.version()).toBe('ec-user');
});

test.each([
  [
    'secrets in what the plug-in said are masked',
    'console.error("tried --password CANARY with client-secret=CANARY"); process.exit(3);',
    /: tried --password \*{6} with client-secret=\*{6} Try it in a shell: /,
  ],
  [
    'a failure is said with what the plug-in said',
    'console.error("token has expired, log in with: x login"); process.exit(3);',
    / failed with exit code 3: token has expired, log in with: x login Try it in a shell: /,
  ],
  ['an answer that is no JSON', 'console.log("hello");', / did not answer with JSON or YAML\.$/],
  [
    'an answer of another version',
    'give({ token: "t" }, "client.authentication.k8s.io/v1beta1");',
    / answered as client\.authentication\.k8s\.io\/v1beta1, but the kubeconfig says client\.authentication\.k8s\.io\/v1\.$/,
  ],
  ['an answer without a credential', 'give({});', / gave neither a token nor a certificate with its key\.$/],
])('%s', async (_, body, message) => {
  const { user } = await plugin(body);
  await using server = await apiServer(echo);
  const client = await connectTo(server.url, { user });
  const error = await client.version().catch((reason: unknown) => reason);
  expect(sentence(error)).toMatch(message);
  expect(error).toMatchObject({ kind: 'unauthorized' });
});

test('a plug-in that is missing is named, with the hint how to install it', async () => {
  const client = await connectTo('http://127.0.0.1:1', {
    user: {
      exec: {
        apiVersion,
        command: 'no-such-plugin',
        interactiveMode: 'Never',
        installHint: 'Install it with: brew install no-such-plugin',
      },
    },
  });
  expect(sentence(await client.version().catch((error: unknown) => error))).toBe(
    'The credential plug-in no-such-plugin was not found. Install it with: brew install no-such-plugin',
  );
});

test('a plug-in that needs a terminal is not started without one', async () => {
  const { user } = await plugin('give({ token: "t" });', { interactiveMode: 'Always' });
  const client = await connectTo('http://127.0.0.1:1', { user });
  await expect(client.version()).rejects.toThrow(/must ask on a terminal, and none is free for it/);
});

test('what a plug-in says while it waits is passed on, and it is ended after three minutes', async () => {
  const clock = new FakeClock();
  const { user } = await plugin('console.error("To sign in, open https://example and enter ABCD"); setInterval(() => {}, 1000);');
  const notes: string[] = [];
  const client = await connectTo('http://127.0.0.1:1', { user }, { clock, onCredentialNote: (note) => notes.push(note) });
  const asked = client.version().catch((error: unknown) => error);
  await seen(() => notes.length > 0);
  await clock.advance(180_000);
  expect(sentence(await asked)).toMatch(/gave no answer within 180 s: To sign in, open https:\/\/example and enter ABCD/);
  expect(notes).toEqual(['To sign in, open https://example and enter ABCD']);
});

test('a request that is called off does not wait for a slow plug-in, and the next one gets its credential', async () => {
  const {
    user,
    folder: home,
    calls,
  } = await plugin('while (!existsSync(home + "/go")) await new Promise((resolve) => setTimeout(resolve, 20)); give({ token: "t" });');
  await using server = await apiServer(echo);
  const client = await connectTo(server.url, { user });
  const abort = new AbortController();
  const first = client.version({ signal: abort.signal });
  const second = client.version();
  abort.abort();
  await expect(first).rejects.toMatchObject({ name: 'AbortError' });
  await writeFile(join(home, 'go'), '');
  expect(await second).toBe('Bearer t');
  expect(await calls()).toBe(1);
});

test('a plug-in that fails is run again after pauses that grow to five minutes, and says when; whoever asks for it does not wait', async () => {
  const clock = new FakeClock();
  const { user, calls } = await plugin('console.error("not logged in"); process.exit(1);');
  const client = await connectTo('http://127.0.0.1:1', { user }, { clock });
  const pauses: (number | undefined)[] = [];
  for (let times = 1; times <= 8; times++) {
    const { retryAfterMs } = (await client.version().catch((error: Problem) => error)) as Problem;
    expect(await calls()).toBe(times);
    pauses.push(retryAfterMs);
    await client.version().catch(() => undefined);
    expect(await calls()).toBe(times);
    await clock.advance(retryAfterMs ?? 0);
  }
  expect(pauses).toEqual([5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
  await client.version().catch(() => undefined);
  client.retryNow();
  await client.version().catch(() => undefined);
  expect(await calls()).toBe(10);
});

test('a watch without credentials says when the plug-in is run again', async () => {
  const clock = new FakeClock();
  const { user, calls } = await plugin('process.exit(1);');
  const client = await connectTo('http://127.0.0.1:1', { user }, { clock });
  const sink = watchSink();
  const abort = new AbortController();
  const ended = client.listAndWatch(PODS, { signal: abort.signal }, (raw) => raw.metadata?.name ?? '', sink);
  for (const [times, pause] of [
    [1, 10_000],
    [2, 10_000],
    [3, 20_000],
    [4, 40_000],
  ] as const) {
    await seen(() => sink.statuses.filter(({ state }) => state === 'denied').length === times);
    const status = sink.statuses.at(-1);
    expect(status).toMatchObject({ state: 'denied', nextTryAt: clock.now() + pause });
    await clock.advance(pause);
  }
  expect(await calls()).toBeGreaterThan(3);
  abort.abort();
  await ended;
});

test('a plug-in that fails apart from a terminal in use is lent it once, and again when somebody asks for it', async () => {
  const { user, calls } = await plugin(
    'if (JSON.parse(process.env.KUBERNETES_EXEC_INFO).spec.interactive && calls > 4) give({ token: "t" }); else process.exit(1);',
    { interactiveMode: 'IfAvailable' },
  );
  await using server = await apiServer(echo);
  const clock = new FakeClock();
  let lent = 0;
  const client = await connectTo(
    server.url,
    { user },
    {
      clock,
      async lendTerminal(ask) {
        lent += 1;
        await ask();
        return true;
      },
    },
  );
  await expect(client.version()).rejects.toMatchObject({ kind: 'unauthorized' });
  expect([lent, await calls()]).toEqual([1, 2]);
  await clock.advance(5_000);
  await expect(client.version()).rejects.toMatchObject({ kind: 'unauthorized' });
  expect([lent, await calls()]).toEqual([1, 3]);
  client.retryNow();
  expect(await client.version()).toBe('Bearer t');
  expect([lent, await calls()]).toEqual([2, 5]);
});
