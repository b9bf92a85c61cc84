import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { Terminal } from './harness.ts';

test('a home in which nothing can be made: everything works, nothing is kept', async () => {
  // Below /proc the system says "no such file" instead of "not allowed".
  const home = '/proc/1/home';
  await using terminal = new Terminal(['attach', '--sandbox'], {
    env: { HOME: home, XDG_STATE_HOME: '', XDG_CONFIG_HOME: '', XDG_CACHE_HOME: '' },
  });
  await terminal.sees(/k8s ● live.*flink ● live/);
  terminal.type('theme mono⏎');
  await terminal.seesNo('› theme mono');
  terminal.type('help⏎');
  await terminal.sees(/Help/);
  terminal.type('⎋⌃c⌃c');
  expect(await terminal.exit).toBe(0);
});

test('a disk that never answers holds up neither the first frame nor the end', async () => {
  const home = mkdtempSync(join(tmpdir(), 'drey-home-'));
  try {
    // Whoever opens a pipe for reading waits for somebody who writes.
    for (const name of ['.config/drey/settings.json', '.local/state/drey/theme', '.local/state/drey/history', '.kube/config']) {
      mkdirSync(dirname(join(home, name)), { recursive: true });
      execFileSync('mkfifo', [join(home, name)]);
    }
    await using terminal = new Terminal(['attach', 'orders'], {
      env: { HOME: home, KUBECONFIG: '', XDG_STATE_HOME: '', XDG_CONFIG_HOME: '', XDG_CACHE_HOME: '' },
      columns: 160,
    });
    await terminal.sees(/Connecting/);
    await terminal.sees(
      `The settings in ${home}/.config/drey/settings.json cannot be read (the disk does not answer); using the defaults.`,
    );
    terminal.type('⌃c');
    await terminal.exit;
    await terminal.sees('Detached.');
    expect(terminal.fullScreen).toBe(false);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
