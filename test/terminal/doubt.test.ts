import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { writeJar } from '../support/jar.ts';
import { Terminal } from './harness.ts';

const folder = mkdtempSync(join(tmpdir(), 'drey-doubt-'));
const savepoint = join(folder, 'savepoint-1');
const jar = writeJar(join(folder, 'orders.jar'));
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
  mkdirSync(savepoint);
  writeFileSync(join(savepoint, '_metadata'), 'cut');
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

test.each([
  ['n', /_metadata is damaged: it ends too early\..* Nothing was started\./s],
  // Flink does not find it either: the sandbox has other files.
  ['y', /The job was not accepted: Cannot find checkpoint or savepoint/],
] as const)('a jar is run from a savepoint that is broken only if %s is answered', async (answer, said) => {
  const words = ['submit', sandbox.clusterId, jar, '-s', savepoint];
  await using terminal = new Terminal(words, { env: { KUBECONFIG: sandbox.kubeconfig, XDG_STATE_HOME: folder }, columns: 160 });
  await terminal.sees('Start orders.jar nevertheless? [y/N]');
  terminal.type(`${answer}⏎`);
  expect(await terminal.exit).toBe(1);
  await terminal.sees(said);
});
