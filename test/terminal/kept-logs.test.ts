import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { Terminal } from './harness.ts';

let sandbox: Sandbox;
const state = mkdtempSync(join(tmpdir(), 'drey-kept-logs-'));
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(async () => {
  await sandbox.close();
  rmSync(state, { recursive: true, force: true });
});

/** More than an attached drey reads of a log that is already there. */
const many = 5_000;
const reasons = Array.from({ length: many }, (_, n) => `reason ${n}.`).join('\n');

/** A session in a pipe that follows the log of the JobManager until the last of these lines is printed. */
async function keepInPipe(): Promise<number | null> {
  const child = spawn(resolve('bin/drey'), ['attach', sandbox.clusterId], {
    env: { ...process.env, KUBECONFIG: sandbox.kubeconfig, HOME: state, XDG_CONFIG_HOME: join(state, 'config'), XDG_STATE_HOME: state },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exit = new Promise<number | null>((done) => child.once('exit', done));
  child.stdin.write('logs jobmanager --follow\n');
  let [printed, failed] = ['', false];
  for await (const chunk of child.stdout.setEncoding('utf8') as AsyncIterable<string>) {
    printed += chunk;
    if (!failed && printed.includes('INFO')) {
      failed = true;
      await sandbox.control({ kind: 'job-fail', message: reasons });
    }
    if (printed.includes(`reason ${many - 1}.`) && !child.stdin.writableEnded) child.stdin.end('quit\n');
  }
  return exit;
}

test('what a session in a pipe has read of a log is scrolled up to on the screen of the next session', async () => {
  expect(await keepInPipe()).toBe(0);
  await using terminal = new Terminal(['attach', sandbox.clusterId], {
    env: { KUBECONFIG: sandbox.kubeconfig, XDG_STATE_HOME: state },
    columns: 140,
  });
  await terminal.sees(/orders-enrichment .*Running/);
  terminal.type('⎋');
  await terminal.sees('d describe');
  await terminal.sees(/Log .* jobmanager\S* · following/);
  terminal.type('5zg');
  await terminal.sees('paused, from disk');
  await terminal.sees('Starting KubernetesSessionClusterEntrypoint');
});
