import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Terminal } from './harness.ts';

const apiVersion = 'client.authentication.k8s.io/v1';

/** A screen whose user signs in with a plug-in: a shell script that finds its folder in `$FOLDER`. The server takes the token `good`. */
async function signIn(script: string, mode: 'IfAvailable' | 'Always' = 'IfAvailable'): Promise<{ readonly terminal: Terminal; readonly folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'drey-sign-in-'));
  const server = createServer((request, response) => {
    const good = request.headers.authorization === 'Bearer good';
    const status = good ? { code: 404, reason: 'NotFound', message: 'deployments.apps "orders" not found' } : { code: 401, reason: 'Unauthorized', message: 'Unauthorized' };
    response.writeHead(status.code, { 'Content-Type': 'application/json' }).end(JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', ...status }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const kubeconfig = join(folder, 'config');
  writeFileSync(join(folder, 'plugin'), `#!/bin/sh\nFOLDER=${folder}\necho run >> $FOLDER/calls\ngive() { echo "{\\"apiVersion\\":\\"${apiVersion}\\",\\"kind\\":\\"ExecCredential\\",\\"status\\":{\\"token\\":\\"$1\\"}}"; }\n${script}\n`, { mode: 0o755 });
  appendFileSync(join(folder, 'calls'), '');
  writeFileSync(kubeconfig, JSON.stringify({
    'apiVersion': 'v1', 'kind': 'Config', 'current-context': 'c', 'contexts': [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    'clusters': [{ name: 'c', cluster: { server: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } }],
    'users': [{ name: 'u', user: { exec: { apiVersion, command: './plugin', interactiveMode: mode } } }],
  }));
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

test('a plug-in that wants to ask gets no keys of the screen: what it says is shown, and keys work', async () => {
  const { terminal } = await signIn('echo "Password for me:" >&2; echo "Password on tty:" > /dev/tty; read answer; [ -n "$answer" ] || { echo "no password given" >&2; exit 1; }; give "$answer"');
  await terminal.sees('Password for me:');
  await terminal.sees(/The credential plug-in \S+plugin failed with exit code 1: .*no password given/);
  terminal.type('help');
  await terminal.sees('› help');
  expect(isWhole(terminal)).toBe(true);
  expect(terminal.text()).not.toContain('Password on tty');
  terminal.type('⌃c⌃c');
  expect(await terminal.exit).toBe(0);
});

test('a plug-in that must ask says how to log in instead', async () => {
  const { terminal } = await signIn('give good', 'Always');
  await terminal.sees(/The credential plug-in \S+plugin must ask on a terminal, and none is free for it\./);
  expect(isWhole(terminal)).toBe(true);
});

test('a slow plug-in does not hold up the screen, which shows what to do meanwhile; leaving ends it', async () => {
  const { terminal, folder } = await signIn('echo "To sign in, open https://sso.example and enter ABCD" >&2; echo $$ > $FOLDER/pid; while :; do sleep 0.1; done');
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

test('a token that is rejected: the plug-in runs again, which is said once; with a good one all goes on', async () => {
  const { terminal, folder } = await signIn('if [ $(wc -l < $FOLDER/calls) -lt 2 ]; then give bad; else give good; fi');
  await terminal.exit;
  // The server answered at last: there is no such cluster.
  await terminal.sees(/orders.*not found|no Flink cluster/i);
  expect(terminal.written.split('token rejected; running').length - 1).toBeGreaterThan(0);
  expect(readFileSync(join(folder, 'calls'), 'utf8').split('\n')).toHaveLength(3);
});
