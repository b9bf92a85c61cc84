import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/start.ts';
import { hostileCluster } from '../support/hostile-cluster.ts';
import { Terminal } from './harness.ts';

test('a cluster that attacks the terminal in every name and message is a cluster with odd names', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'drey-foreign-screen-'));
  await using sandbox = await startSandbox();
  await using hostile = await hostileCluster(sandbox, folder);
  hostile.trouble(false);
  await using terminal = new Terminal(['attach', sandbox.clusterId], { env: { KUBECONFIG: hostile.kubeconfig }, patience: 60_000 });
  await terminal.sees('orders-enrichmentx');
  await terminal.sees(/\d checkpoints? of /);
  for (const [line, seen] of [
    ['describe jm', '╭ Pod '],
    ['why', '╭ Why '],
    ['jars', /╭ Result|uploaded/],
    ['operations', '╭ Operations '],
  ] as const) {
    terminal.type(`${line}⏎`);
    await terminal.sees(seen);
  }
  hostile.refuse('rest');
  terminal.type('jars⏎');
  await terminal.sees('refused');
  // No string sequences, questions, links, hidden text, 8-bit controls or marks that turn text round; colours are those of drey.
  for (const [what, pattern] of [
    ['string sequences', /\u001b[P\]X^_]/],
    ['questions', /\u001b\[\d*n/],
    ['hidden text', /\u001b\[8m/],
    ['8-bit controls', /[\u0080-\u009f]/],
    ['invisible characters', /[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\udb40/],
    ['bells and backspaces', /[\u0007\u0008]/],
  ] as const)
    expect(terminal.written, what).not.toMatch(pattern);
  // A name that would begin a row of its own does not break the frames.
  expect(terminal.rows().filter((row) => /^\s*FORGED/.test(row))).toEqual([]);
  expect(terminal.rows().filter((row) => /^[│|].*[^│|┃]$/.test(row))).toEqual([]);
  terminal.type('quit⏎');
  expect(await terminal.exit).toBe(0);
  expect(terminal.written.slice(terminal.written.lastIndexOf('\u001b[?1049l'))).not.toMatch(/\u001b\]|\u001b\[8m/);
  rmSync(folder, { recursive: true });
}, 180_000);
