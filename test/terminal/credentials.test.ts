import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.ts';
import { kubeconfigOf } from '../support/kubeconfig.ts';
import { Terminal } from './harness.ts';

const apiVersion = 'client.authentication.k8s.io/v1';

/** A screen whose user signs in with a plug-in: a shell script that finds its folder in `$FOLDER`. The server takes the token `good`. */
async function signIn(
  script: string,
  mode: 'IfAvailable' | 'Always' = 'IfAvailable',
): Promise<{ readonly terminal: Terminal; readonly folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'drey-sign-in-'));
  const server = createServer((request, response) => {
    const good = request.headers.authorization === 'Bearer good';
    const status = good
      ? { code: 404, reason: 'NotFound', message: 'deployments.apps "orders" not found' }
      : { code: 401, reason: 'Unauthorized', message: 'Unauthorized' };
    response
      .writeHead(status.code, { 'Content-Type': 'application/json' })
      .end(JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', ...status }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const kubeconfig = join(folder, 'config');
  writeFileSync(
    join(folder, 'plugin'),
    `#!/bin/sh\nFOLDER=${folder}\necho run >> $FOLDER/calls\ngive() { echo "{\\"apiVersion\\":\\"${apiVersion}\\",\\"kind\\":\\"ExecCredential\\",\\"status\\":{\\"token\\":\\"$1\\"}}"; }\n${script}\n`,
    { mode: 0o755 },
  );
  appendFileSync(join(folder, 'calls'), '');
  writeFileSync(
    kubeconfig,
    kubeconfigOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
      user: { exec: { apiVersion, command: './plugin', interactiveMode: mode } },
    }),
  );
  const terminal = new Terminal(['attach', 'orders', '--kubeconfig', kubeconfig], { columns: 240 });
  onTestFinished(async () => {
    await terminal[Symbol.asyncDispose]();
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { terminal, folder };
}

/** The screen stands as it should: nothing was written over it. */
function isWhole(terminal: Terminal): boolean {
  const rows = terminal.rows();
  return rows[0]?.startsWith(' orders') === true && rows[1]?.startsWith('╭ Pods') === true && rows.some((row) => row.startsWith(' › '));
}

const asking = 'printf "Password for me: " >&2; read answer; [ -n "$answer" ] || { echo "no password given" >&2; exit 1; }; give "$answer"';

test.each(['IfAvailable', 'Always'] as const)(
  'a plug-in that asks (%s) gets the terminal for it, and then the screen is back',
  async (mode) => {
    const { terminal } = await signIn(asking, mode);
    await terminal.sees(/^Password for me: /m);
    expect(isWhole(terminal)).toBe(false);
    terminal.type('good⏎');
    // The server answered at last: there is no such cluster.
    await terminal.sees(/orders.*not found|no Flink cluster/i);
    expect(await terminal.exit).not.toBe(7);
  },
);

test("what was typed for a plug-in that asks in vain is nobody's: the command line stays empty", async () => {
  const { terminal, folder } = await signIn(
    `${asking.replace('read answer', 'read answer; echo $answer >> $FOLDER/answers; answer=; sleep 0.3')}`,
    'Always',
  );
  await terminal.sees('Password for me: ');
  terminal.type('s3cret⏎typed too late');
  await terminal.sees(/The credential plug-in \S+plugin failed with exit code 1\./);
  expect(isWhole(terminal)).toBe(true);
  expect(readFileSync(join(folder, 'answers'), 'utf8')).toBe('s3cret\n');
  terminal.type(':help');
  await terminal.sees(/› :?help/);
  expect(terminal.text()).not.toMatch(/s3cret|too late/);
});

test('a plug-in that asked in vain does not take the terminal again by itself, and refresh lets it ask', async () => {
  const { terminal, folder } = await signIn(asking, 'Always');
  await terminal.sees('Password for me: ');
  terminal.type('⏎');
  await terminal.sees(/The credential plug-in \S+plugin failed with exit code 1\./);
  expect(isWhole(terminal)).toBe(true);
  terminal.type(':refresh⏎');
  await terminal.sees('Password for me: ');
  terminal.type('good⏎');
  await terminal.sees('deployments.apps "orders" not found');
  expect(readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n')).toHaveLength(2);
});

test('a slow plug-in does not hold up the screen, which shows what to do meanwhile; leaving ends it', async () => {
  const { terminal, folder } = await signIn(
    'echo "To sign in, open https://sso.example and enter ABCD" >&2; echo $$ > $FOLDER/pid; while :; do sleep 0.1; done',
  );
  await terminal.sees('To sign in, open https://sso.example and enter ABCD');
  terminal.type('help');
  await terminal.sees('› help');
  expect(isWhole(terminal)).toBe(true);
  terminal.type('⌃c⌃c');
  expect(await terminal.exit).toBe(0);
  // Gone, or dead and not yet buried by whoever adopted it.
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', readFileSync(join(folder, 'pid'), 'utf8').trim()], { encoding: 'utf8' });
  expect(stdout.trim().replace(/^Z.*/, '')).toBe('');
});

test('a token that is rejected: the plug-in runs again, which is reported; with a good one all goes on', async () => {
  const { terminal, folder } = await signIn(
    '[ $(wc -l < $FOLDER/calls) -ge 2 ] || { give bad; exit; }; until [ -e $FOLDER/seen ]; do sleep 0.1; done; give good',
  );
  await terminal.sees('token rejected; running');
  writeFileSync(join(folder, 'seen'), '');
  await terminal.exit;
  // The server answered at last: there is no such cluster.
  await terminal.sees(/orders.*not found|no Flink cluster/i);
  expect(readFileSync(join(folder, 'calls'), 'utf8').split('\n')).toHaveLength(3);
});

/** A kubeconfig for the sandbox whose user signs in with a plug-in that asks for the token. */
async function asked(sandbox: Sandbox): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'drey-asked-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const answer = `read token; echo "{\\"apiVersion\\":\\"${apiVersion}\\",\\"kind\\":\\"ExecCredential\\",\\"status\\":{\\"token\\":\\"$token\\"}}"`;
  writeFileSync(join(folder, 'plugin'), `#!/bin/sh\nprintf "Token for me: " >&2\n${answer}\n`, { mode: 0o755 });
  const kubeconfig = join(folder, 'config');
  writeFileSync(
    kubeconfig,
    kubeconfigOf(sandbox.url, {
      contexts: ['one', 'two'],
      user: { exec: { apiVersion, command: './plugin', interactiveMode: 'Always' } },
      namespace: 'default',
    }),
  );
  return kubeconfig;
}

const rotated = async (sandbox: Sandbox): Promise<string> => String((await sandbox.control({ kind: 'token-rotate' }))['token']);

test('in lines on a terminal a plug-in asks as well, and again later; what is typed for it and comes too late is not a command', async () => {
  await using sandbox = await startSandbox();
  const first = await rotated(sandbox);
  await using terminal = new Terminal(['attach', sandbox.clusterId, '--plain', '--kubeconfig', await asked(sandbox)], { columns: 160 });
  await terminal.sees('Token for me: ');
  terminal.type(`${first}⏎stop⏎half a li`);
  await terminal.sees(/attached to my-first-flink-cluster in default: .*Type help\./);

  const second = await rotated(sandbox);
  await sandbox.control({ kind: 'streams-cut' });
  await terminal.when('asks again', () => terminal.text().split('Token for me: ').length === 3);
  terminal.type(`${second}⏎stop⏎and half a li`);
  // What the server tells, it tells only to who signed in.
  await sandbox.control({ kind: 'pod-kill', pod: `${sandbox.clusterId}-taskmanager-1-1` });
  await terminal.sees(/taskmanager-1-1/);
  terminal.type('quit⏎');
  expect(await terminal.exit).toBe(0);
  expect(terminal.written).not.toMatch(/Unknown command|Stop the cluster|confirm/);
}, 60_000);

test('in the list of clusters a plug-in asks as well, and then the list is there', async () => {
  await using sandbox = await startSandbox();
  const kubeconfig = await asked(sandbox);
  const token = await rotated(sandbox);
  await using terminal = new Terminal(['attach', sandbox.clusterId, '--kubeconfig', kubeconfig]);
  await terminal.sees('Token for me: ');
  terminal.type(`${token}⏎`);
  await terminal.sees('flink ● live');
  terminal.type(':context⏎');
  await terminal.sees('one (current)');
  terminal.type('↓⏎');
  await terminal.when('asks again', () => !terminal.fullScreen && terminal.text().split('Token for me: ').length === 3);
  terminal.type(`${token}⏎typed too late`);
  await terminal.sees(/▸ my-first-flink-cluster +default/);
  expect(terminal.text()).not.toContain('too late');
  terminal.type('⏎');
  await terminal.when('asks for the session', () => !terminal.fullScreen && terminal.text().split('Token for me: ').length === 4);
  terminal.type(`${token}⏎`);
  await terminal.sees(/default · two .*flink ● live/);
}, 60_000);
