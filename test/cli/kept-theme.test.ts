import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { frontSettings } from '../../src/cli/attach/front-settings.ts';
import { settingsFile, themeFile } from '../../src/cli/process/folders.ts';
import type { CliIo } from '../../src/cli/process/io.ts';
import { writeKeptTheme } from '../../src/cli/attach/kept-theme.ts';
import { systemClock } from '../../src/support/clock.ts';

let home = '';
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'drey-theme-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

test('a theme is kept for the next start; the settings file comes before it, the command line before both', async () => {
  const io = { env: {}, home, clock: systemClock } as unknown as CliIo;
  const front = { plain: false, readOnly: false, ascii: undefined, motion: undefined, theme: undefined };
  const theme = async (given: typeof front | (Omit<typeof front, 'theme'> & { readonly theme: 'mono' })) =>
    (await frontSettings(given, io)).settings.theme;
  expect(await theme(front)).toBeUndefined();
  await writeKeptTheme(themeFile(io), 'light');
  expect(await theme(front)).toBe('light');
  expect(await theme({ ...front, theme: 'mono' })).toBe('mono');
  await mkdir(join(settingsFile(io), '..'), { recursive: true });
  await writeFile(settingsFile(io), '{"theme": "dark"}');
  expect(await theme(front)).toBe('dark');
});

test('a file that holds no theme, or cannot be read or written, changes nothing', async () => {
  const io = {
    env: { XDG_STATE_HOME: join(home, 'other'), XDG_CONFIG_HOME: join(home, 'none') },
    home,
    clock: systemClock,
  } as unknown as CliIo;
  await mkdir(join(home, 'other', 'drey'), { recursive: true });
  await writeFile(themeFile(io), 'pink\n');
  const front = { plain: false, readOnly: false, ascii: undefined, motion: undefined, theme: undefined };
  expect((await frontSettings(front, io)).settings.theme).toBeUndefined();
  await writeKeptTheme(join(themeFile(io), 'below-a-file'), 'light');
  expect((await frontSettings(front, io)).notice).toBeUndefined();
});
