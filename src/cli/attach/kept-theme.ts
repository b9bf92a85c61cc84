import { readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ensureFolder } from '../../support/folders.ts';
import { isThemeName, type ThemeName } from '../../tui/look/theme.ts';

/** The theme that was chosen in an earlier session; undefined where none was. */
export async function readKeptTheme(path: string): Promise<ThemeName | undefined> {
  try {
    const name = (await readFile(path, 'utf8')).trim();
    return isThemeName(name) ? name : undefined;
  } catch {
    // None yet, or not to be read: colours are no reason to speak of that.
    return undefined;
  }
}

/** Keeps the theme for the next start. */
export async function writeKeptTheme(path: string, name: ThemeName): Promise<void> {
  try {
    await ensureFolder(dirname(path), 0o700);
    await writeFile(path, `${name}\n`, { mode: 0o600 });
  } catch {
    // It holds in this session. A state folder that cannot be written is no reason to disturb it.
  }
}
