import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { Terminal } from './harness.ts';

let sandbox: Sandbox;
let folder: string;
let given: string;

/** At a signal Node.js warns as it does of a timer that is too long, and of TLS that trusts anybody; the file says that it has. */
beforeAll(async () => {
  sandbox = await startSandbox({ neighbour: true });
  folder = mkdtempSync(join(tmpdir(), 'drey-warnings-'));
  given = join(folder, 'given');
  writeFileSync(
    join(folder, 'warn.cjs'),
    `process.on('SIGUSR2', () => {
      clearTimeout(setTimeout(() => {}, 2 ** 40));
      process.emitWarning("Setting the NODE_TLS_REJECT_UNAUTHORIZED environment variable to '0' makes TLS connections insecure.");
      process.emitWarning('This will be another way in Node.js 99.', 'DeprecationWarning');
      setImmediate(() => require('node:fs').writeFileSync(${JSON.stringify(given)}, ''));
    });`,
  );
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

test.each([
  ['the screen', ['attach', 'my-first-flink-cluster'], 'orders-enrichment', 'quit⏎'],
  ['the list of clusters', ['-A'], 'nightly-reports', '⌃c'],
  ['the lines', ['attach', 'my-first-flink-cluster', '--plain'], '2 jobs running', 'quit⏎'],
])('what Node.js warns of is not written over %s, but stands below it at the end', async (_, words, there, leave) => {
  rmSync(given, { force: true });
  await using terminal = new Terminal(words, {
    env: { KUBECONFIG: sandbox.kubeconfig, DREY_NODE_OPTIONS: `--require=${join(folder, 'warn.cjs')}` },
    columns: 160,
  });
  await terminal.sees(there);
  terminal.signal('SIGUSR2');
  await expect.poll(() => existsSync(given), { timeout: 15_000 }).toBe(true);
  const before = terminal.written.length;
  terminal.type(leave);
  await terminal.exit;
  expect(terminal.fullScreen).toBe(false);
  await terminal.sees('Warning: 1099511627776 does not fit into a 32-bit signed integer.');
  await terminal.sees('Warning: Setting the NODE_TLS_REJECT_UNAUTHORIZED environment variable');
  expect(terminal.written.slice(0, before)).not.toContain('Warning');
  expect(terminal.written).not.toMatch(/Node\.js 99|\(node:\d+\)/);
  // The last that is written: no screen comes over it.
  expect(terminal.written.slice(terminal.written.indexOf('Warning: '))).not.toContain('\u001b[');
});
