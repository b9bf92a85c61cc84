import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { Terminal } from './harness.ts';

let sandbox: Sandbox;
let folder: string;
let kubeconfig: string;

/** A second context leads to a server that is not there. */
beforeAll(async () => {
  sandbox = await startSandbox({ neighbour: true });
  folder = mkdtempSync(join(tmpdir(), 'drey-switch-'));
  kubeconfig = join(folder, 'config');
  writeFileSync(
    kubeconfig,
    readFileSync(sandbox.kubeconfig, 'utf8')
      .replace('clusters:\n', 'clusters:\n- name: away\n  cluster:\n    server: http://127.0.0.1:1\n')
      .replace('contexts:\n', 'contexts:\n- name: away\n  context: {cluster: away, user: sandbox-user, namespace: default}\n'),
  );
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

const attached = async (): Promise<Terminal> => {
  const terminal = new Terminal(['attach', 'my-first-flink-cluster'], { env: { KUBECONFIG: kubeconfig } });
  await terminal.sees(/flink ● live.*2 TM/);
  return terminal;
};

test('clusters lists them with their jobs, and Esc leads back to where one was', async () => {
  await using terminal = await attached();
  terminal.type('⎋');
  await terminal.sees('d describe');
  terminal.type('j');
  await terminal.sees('▸ taskmanager-1-1');
  terminal.type(':clusters⏎');
  await terminal.sees(/my-first-flink-cluster +default .* 2 up/);
  await terminal.sees(/nightly-reports +reports .* 1 up/);
  terminal.type('⎋');
  await terminal.sees(/my-first-flink-cluster {2}default · sandbox/);
  await terminal.sees('▸ taskmanager-1-1');
  terminal.type('j');
  await terminal.sees('▸ taskmanager-1-2');
});

test('a cluster of another namespace is attached to in place, and the shell is told what was left', async () => {
  await using terminal = await attached();
  terminal.type('ns reports⏎');
  await terminal.sees('Flink clusters in namespace reports');
  await terminal.sees('▸ nightly-reports');
  expect(terminal.text()).not.toContain('my-first-flink-cluster');
  terminal.type('⏎');
  await terminal.sees(/ nightly-reports {2}reports · sandbox .*flink ● live/);
  await terminal.sees('nightly-backfill');
  terminal.type('clusters⏎');
  await terminal.sees('▸ my-first-flink-cluster');
  terminal.type('⏎');
  await terminal.sees(/ my-first-flink-cluster {2}default · sandbox .*flink ● live/);
  terminal.type('quit⏎');
  expect(await terminal.exit).toBe(0);
  await terminal.sees('Left my-first-flink-cluster; it keeps running.');
  await terminal.sees('Left nightly-reports; it keeps running.');
  await terminal.sees('Detached. my-first-flink-cluster still runs; attach again with: drey attach my-first-flink-cluster -n default');
});

test('a context whose server is away says so in the list, and one goes back to the contexts from there', async () => {
  await using terminal = await attached();
  terminal.type('ctx⏎');
  await terminal.sees('sandbox (current)');
  await terminal.sees('token-file');
  terminal.type('away⏎');
  await terminal.sees('Flink clusters of away');
  await terminal.sees(/The API server at 127\.0\.0\.1:1 refuses connections/);
  terminal.type('←');
  await terminal.sees('sandbox (current)');
  terminal.type('⎋');
  await terminal.sees(/my-first-flink-cluster {2}default · sandbox/);
  terminal.type('ctx token-file⏎');
  await terminal.sees('Flink clusters of token-file');
  await terminal.sees('▸ my-first-flink-cluster');
  terminal.type('⏎');
  await terminal.sees(/my-first-flink-cluster {2}default · token-file .*flink ● live/);
});

test('drey alone lists the clusters with their jobs and attaches to the one that is chosen', async () => {
  await using terminal = new Terminal(['-A'], { env: { KUBECONFIG: kubeconfig } });
  await terminal.sees(/nightly-reports +reports .* 1 up/);
  terminal.type('nightly⏎');
  await terminal.sees(/ nightly-reports {2}reports .*flink ● live/);
});

test('the embedded sandbox has a second cluster to switch to, and outlives the switch', async () => {
  await using terminal = new Terminal(['attach', '--sandbox']);
  await terminal.sees(/flink ● live/);
  terminal.type('clusters⏎');
  await terminal.sees('nightly-reports');
  terminal.type('nightly⏎');
  await terminal.sees(/ nightly-reports {2}reports · sandbox .*flink ● live/);
  terminal.type('⌃c⌃c');
  expect(await terminal.exit).toBe(0);
  await terminal.sees('Detached. The sandbox has ended');
});
