import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Terminal } from './harness.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drey-closing-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const attached = (words: readonly string[] = []) =>
  new Terminal(['attach', '--sandbox', ...words], { env: { TMPDIR: folder, XDG_STATE_HOME: join(folder, 'state') } });

/** What is left in the temporary folder, but for the state: the sandbox has one while it runs. */
const left = (): readonly string[] => readdirSync(folder).filter((name) => name !== 'state');
const defects = (): readonly string[] =>
  existsSync(join(folder, 'state/drey')) ? readdirSync(join(folder, 'state/drey')).filter((name) => name.startsWith('defect')) : [];

test.each([
  ['a screen', []],
  ['lines', ['--plain']],
])('closing the terminal of %s is a detach: all is cleaned up, exit 130, and no defect is noted', async (_, words) => {
  await using terminal = attached(words);
  await terminal.sees(words.length === 0 ? 'taskmanager-1-1' : '2 jobs running');
  expect(left()).not.toEqual([]);
  terminal.close();
  expect(await terminal.exit).toBe(130);
  expect(left()).toEqual([]);
  expect(defects()).toEqual([]);
});

test.each(['SIGQUIT', 'SIGABRT'] as const)('%s gives the terminal back', async (signal) => {
  await using terminal = attached();
  await terminal.sees('taskmanager-1-1');
  terminal.signal(signal);
  expect(await terminal.exit).toBe(130);
  expect(terminal.fullScreen).toBe(false);
  await terminal.sees('Detached.');
  expect(left()).toEqual([]);
});

test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('%s ends drey even if the terminal reads nothing', async (signal) => {
  // One whole screen is more than everything between the two takes.
  await using terminal = new Terminal(['attach', '--sandbox'], {
    columns: 500,
    rows: 300,
    env: { TMPDIR: folder, XDG_STATE_HOME: join(folder, 'state') },
  });
  await terminal.sees('taskmanager-1-1');
  terminal.pause().type('⌃l');
  await terminal.unread();
  terminal.signal(signal);
  expect(await terminal.exit).toBe(130);
  expect(left()).toEqual([]);
  expect(defects()).toEqual([]);
});

test('a signal that would open a port for debugging does nothing', async () => {
  await using terminal = attached();
  await terminal.sees('taskmanager-1-1');
  terminal.signal('SIGUSR1');
  terminal.type('help⏎');
  await terminal.sees('Available commands:');
  expect(terminal.written).not.toContain('Debugger');
});
