import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Terminal } from './harness.ts';

test('a job fails: ! names the cause, l shows what its TaskManager wrote at that moment, y copies it', async () => {
  await using terminal = new Terminal(['attach', '--sandbox'], { columns: 120, rows: 40 });
  await terminal.sees('CarTopSpeedWindowing');
  terminal.type('submit FailAfter.jar -- --seconds 1 --restarts 0⏎');
  await terminal.sees(/! Fails after a while failed: .*why "Fails after a while"/);
  terminal.type('!');
  await terminal.sees(/Root cause +\S+/);
  terminal.type('l');
  await terminal.sees(/╭ Log ─+ taskmanager-1-\d · paused/);
  await terminal.sees(/▸\d\d:\d\d:\d\d\.\d{3} (WARN|ERROR) /);
  await terminal.sees(/▸ \d+ frames/);
  terminal.type('y');
  await terminal.sees('Copied the line of ');
  expect(terminal.written).toMatch(/\u001b\]52;c;[A-Za-z0-9+/=]+\u0007/);
});

test('a user who leaves while the sandbox still starts leaves nothing of it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'drey-early-'));
  try {
    await using terminal = new Terminal(['attach', '--sandbox'], { env: { TMPDIR: folder } });
    await terminal.sees('Starting the sandbox');
    terminal.type('⌃c');
    expect(await terminal.exit).toBe(0);
    await terminal.sees('Detached.');
    expect(readdirSync(folder).filter((name) => name.startsWith('drey-sandbox-'))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a theme holds at the next start', async () => {
  const state = mkdtempSync(join(tmpdir(), 'drey-state-'));
  try {
    const accent = (terminal: Terminal): string | undefined => terminal.cells()[0]?.[1]?.foreground;
    let light: string | undefined;
    {
      await using terminal = new Terminal(['attach', '--sandbox'], { env: { XDG_STATE_HOME: state } });
      await terminal.sees('CarTopSpeedWindowing');
      const dark = accent(terminal);
      terminal.type('theme light⏎');
      await terminal.when('has other colours', () => accent(terminal) !== dark);
      light = accent(terminal);
      terminal.type('⌃c');
      expect(await terminal.exit).toBe(0);
    }
    await using again = new Terminal(['attach', '--sandbox'], { env: { XDG_STATE_HOME: state } });
    await again.sees('my-first-flink-cluster');
    expect(accent(again)).toBe(light);
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
});
