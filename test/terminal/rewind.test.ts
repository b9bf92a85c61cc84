import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { Terminal } from './harness.ts';

let sandbox: Sandbox;
const state = mkdtempSync(join(tmpdir(), 'drey-rewind-'));
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(async () => {
  await sandbox.close();
  rmSync(state, { recursive: true, force: true });
});

const attached = (): Terminal =>
  new Terminal(['attach', sandbox.clusterId], { env: { KUBECONFIG: sandbox.kubeconfig, XDG_STATE_HOME: state }, columns: 140 });

test('what went wrong is seen as it was, also from another process, and after the first one was killed', async () => {
  {
    await using terminal = attached();
    await terminal.sees(/orders-enrichment .*Running/);
    terminal.type('⎋');
    await terminal.sees('d describe');
    terminal.type(':sandbox oom⏎');
    await terminal.sees(/taskmanager-1-1 .*OOMKilled/);
    await terminal.sees(/orders-enrichment .*Running.*████ 12\/12/);
    // To the moment of the kill, at which the job did not run.
    terminal.type('[');
    await terminal.sees(/^ my-first-flink-cluster .*past \d\d:\d\d:\d\d/);
    await terminal.sees('OOMKilled (137)');
    terminal.type(':cancel orders-enrichment⏎');
    await terminal.sees(/the past: nothing can be changed there\. live returns to now\./);
    terminal.type('⌃u:live⏎');
    await terminal.sees('This is now.');
    await terminal.seesNo('past ');
    terminal.signal('SIGKILL');
    await terminal.exit;
  }
  await using again = attached();
  await again.sees(/orders-enrichment .*Running/);
  again.type('⎋');
  await again.sees('d describe');
  again.type('[');
  await again.sees(/^ my-first-flink-cluster .*past \d\d:\d\d:\d\d/);
  again.type(']');
  await again.sees(/past \d\d:\d\d:\d\d|This is now\./);
  again.type(':live⏎');
  await again.sees('This is now.');
  again.type(':quit⏎');
  expect(await again.exit).toBe(0);
});
