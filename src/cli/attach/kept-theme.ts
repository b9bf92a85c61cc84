import { readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ensureFolder } from '../../support/folders.ts';
import { isThemeName, type ThemeName } from '../../tui/look/theme.ts';

/** The theme chosen in an earlier session; undefined if there is none. */
export async function readKeptTheme(path: string): Promise<ThemeName | undefined> {
  try {
    const name = (await readFile(path, 'utf8')).trim();
    return isThemeName(name) ? name : undefined;
  } catch {
    // Missing or unreadable: not worth a message.
    return undefined;
  }
}

/** Saves the theme for the next start. */
export async function writeKeptTheme(path: string, name: ThemeName): Promise<void> {
  try {
    await ensureFolder(dirname(path), 0o700);
    await writeFile(path, `${name}\n`, { mode: 0o600 });
  } catch {
    // The theme applies to this session anyway. A state folder that is not writable is not a reason to disturb it.
  }
}
