import { afterAll, beforeAll, expect, test } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { Terminal } from './harness.ts';

let sandbox: Sandbox;
let home: string;
beforeAll(async () => {
  sandbox = await startSandbox();
  home = mkdtempSync(join(tmpdir(), 'drey-session-'));
});
afterAll(async () => {
  await sandbox[Symbol.asyncDispose]();
  rmSync(home, { recursive: true, force: true });
});

const attach = (...more: readonly string[]) =>
  new Terminal(['attach', 'my-first-flink-cluster', ...more], {
    env: { KUBECONFIG: sandbox.kubeconfig, HOME: home, XDG_STATE_HOME: join(home, 'state') },
  });

test('two terminals see the same: what one cancels, the other sees canceled', async () => {
  await using first = attach();
  await using second = attach();
  await Promise.all([first.sees(/CarTopSpeedWindowing +▶ Running/), second.sees(/CarTopSpeedWindowing +▶ Running/)]);
  first.type('cancel CarTop⇥⏎');
  await first.sees('This cancels CarTopSpeedWindowing');
  first.type('yes⏎');
  await Promise.all([first.sees(/CarTopSpeedWindowing +◼ Canceled/), second.sees(/CarTopSpeedWindowing +◼ Canceled/)]);
});

test('a user who leaves while a savepoint is taken finds its path after attaching again', async () => {
  {
    await using terminal = attach();
    await terminal.sees('orders-enrichment');
    terminal.type('savepoint orders-enrichment⏎');
    await terminal.sees('Savepoint of orders-enrichment');
    // The JobManager has the request.
    await terminal.sees('(type=SavepointType');
    terminal.type('quit⏎');
    expect(await terminal.exit).toBe(0);
    await terminal.sees('my-first-flink-cluster still runs; attach again with: drey attach my-first-flink-cluster -n default');
  }
  await using again = attach();
  await again.sees('orders-enrichment');
  again.type('operations⏎');
  await again.sees(/Savepoint of orders.*✓ succeeded/i);
  again.type('⎋');
  await again.sees('Tab next panel');
  again.type('3j⏎');
  await again.sees(/│ s3:\/\/flink\/savepoints\/savepoint-\w{6}-\w+ +│/);
});

test('a session that is read-only refuses what changes something, and says so while it is typed', async () => {
  await using terminal = attach('--read-only');
  await terminal.sees('orders-enrichment');
  terminal.type('stop⏎');
  await terminal.sees('stop changes the cluster, and this session is read-only.');
  terminal.type('⌃ucancel orders-enrichment');
  await terminal.sees('cancel changes the cluster, and this session is read-only.');
});

test('what the API server forbids is refused before anything is asked', async () => {
  await using terminal = attach();
  await terminal.sees('orders-enrichment');
  await sandbox.control({ kind: 'deny', right: { verb: 'delete' } });
  try {
    terminal.type('stop⏎');
    await terminal.sees('You are not allowed to delete deployments.apps in namespace default.');
    expect(terminal.text()).not.toContain('Stop session cluster');
  } finally {
    await sandbox.control({ kind: 'allow-all' });
  }
});

test('an API server that goes is reported in one line, the panels tell their age, and all is well again without a key', async () => {
  await using terminal = attach();
  // A session that has only begun may not have heard of Flink when the API server goes.
  await terminal.sees(/k8s ● live.*flink ● live/);
  // It is away until it is healed: how long the screen takes is not what is tried here.
  await sandbox.control({ kind: 'api-restart', forMs: 3_600_000 });
  await terminal.sees(/refuses connections \(ECONNREFUSED\)\..* refresh retries now\./);
  await terminal.sees(/Pods ─.* as of \d+ s ago/);
  // The JobManager is reached through the API server: it is missed a moment later.
  await terminal.sees(/flink ○/);
  terminal.type('cancel orders-enrichment⏎');
  await terminal.sees("Flink's REST endpoint does not answer");
  terminal.type('⌃u');
  await sandbox.control({ kind: 'heal' });
  // Both are tried again at the end of pauses that have grown meanwhile.
  await terminal.sees(/k8s ● live.*flink ● live/, 45_000);
  await terminal.seesNo('refresh retries now');
}, 90_000);

test.each([
  [['attach', 'nosuch'], 'There is no Flink cluster nosuch in namespace default.'],
  [['attach', 'my-first-flink-cluster', '-n', 'nowhere'], 'There is no Flink cluster my-first-flink-cluster in namespace nowhere.'],
  [
    ['attach', 'my-first-flink-cluster', '--context', 'nowhere'],
    'The kubeconfig has no context named nowhere. It has: sandbox, token-file.',
  ],
  [['attach', 'x', '--kubeconfig', '/no/such/file'], 'The kubeconfig file /no/such/file does not exist.'],
])('drey %j ends with one sentence, exit code 1 and the terminal as it was', async (args, sentence) => {
  await using terminal = new Terminal(args, { columns: 160, env: { KUBECONFIG: sandbox.kubeconfig } });
  expect(await terminal.exit).toBe(1);
  await terminal.sees(sentence);
  expect(terminal.fullScreen).toBe(false);
});
