import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/until.ts';
import { Terminal } from './harness.ts';

/** A terminal whose pager is a script; its temporary files are in a folder of their own. */
function withPager(script: string): { readonly terminal: Terminal; readonly temporary: string } {
  const folder = mkdtempSync(join(tmpdir(), 'drey-pager-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const pager = join(folder, 'pager');
  const temporary = mkdtempSync(join(folder, 'tmp-'));
  writeFileSync(pager, `#!/bin/sh\n${script}\n`);
  chmodSync(pager, 0o755);
  return { terminal: new Terminal(['attach', '--sandbox'], { env: { PAGER: pager, TMPDIR: temporary } }), temporary };
}

test('p lends the screen to the pager, Ctrl+C is for it alone, and afterwards all is as it was', async () => {
  const { terminal: opened, temporary } = withPager(
    `trap 'echo interrupted' INT\necho "$(wc -l < "$1") lines of $(basename "$1")"\nread answer || read answer\necho "told $answer"`,
  );
  await using terminal = opened;
  await terminal.sees(/following · [\d,]+ lines/);
  terminal.type('⎋');
  await terminal.sees('d describe');
  terminal.type('5');
  await terminal.sees('G follow');
  terminal.type('p');
  await terminal.sees(/\d+ lines of jobmanager-\w+\.log/);
  expect(terminal.fullScreen).toBe(false);
  const files = () => readdirSync(temporary).filter((name) => name.startsWith('drey-log-'));
  expect(files()).toHaveLength(1);
  terminal.type('⌃c');
  await terminal.sees('interrupted');
  terminal.type('q⏎');
  await terminal.when('is the full screen again', () => terminal.fullScreen);
  await terminal.sees('G follow');
  await terminal.sees('taskmanager-1-1');
  await eventually('its file is removed', () => files().length === 0);
  terminal.type('⌃c⌃c');
  await terminal.sees('Detached');
  expect(await terminal.exit).toBe(0);
});

test('a pager that fails is told below the panels', async () => {
  const { terminal: opened } = withPager('exit 3');
  await using terminal = opened;
  await terminal.sees(/following · [\d,]+ lines/);
  terminal.type('open⏎');
  await terminal.sees('pager failed with exit code 3.');
  terminal.type('⌃c⌃c');
  expect(await terminal.exit).toBe(0);
});
