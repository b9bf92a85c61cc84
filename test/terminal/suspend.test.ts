import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { Terminal } from './harness.ts';

/** Resolves when the kernel has stopped the process, as a shell waits for it. */
async function stopped(pid: number): Promise<void> {
  for (;;) {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=', '-p', String(pid)]);
    if (stdout.startsWith('T')) return;
  }
}

test('Ctrl+Z gives the terminal back and stops the job; fg comes back to the same screen', async () => {
  await using terminal = new Terminal(['attach', '--sandbox']);
  await terminal.sees('taskmanager-1-1');
  terminal.type('describe ⌃z');
  await terminal.when('is the main screen', () => !terminal.fullScreen);
  await stopped(terminal.pid);
  terminal.resume();
  await terminal.when('is the full screen again', () => terminal.fullScreen);
  await terminal.sees('› describe');
  await terminal.sees('taskmanager-1-1');
  terminal.type('⌃c⌃c');
  await terminal.sees('Detached');
  expect(await terminal.exit).toBe(0);
  expect(terminal.fullScreen).toBe(false);
});
