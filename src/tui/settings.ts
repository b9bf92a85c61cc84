import { readFile } from 'node:fs/promises';
import type { ActionId } from './keys.ts';
import type { ThemeName } from './theme.ts';

/** What a user can set in the settings file. */
export interface Settings {
  /** Absent: by the background of the terminal, as far as it tells. */
  readonly theme: ThemeName | undefined;
  /** Only ASCII signs; absent: as the locale says. */
  readonly ascii: boolean | undefined;
  /** Signs may turn beside what is waited for. */
  readonly motion: boolean;
  readonly mouse: boolean;
  /** Lines that each log keeps. */
  readonly logLines: number | undefined;
  readonly keys: Readonly<Partial<Record<ActionId, readonly string[]>>>;
}

export const defaultSettings: Settings = { theme: undefined, ascii: undefined, motion: true, mouse: false, logLines: undefined, keys: {} };

export interface LoadedSettings {
  readonly settings: Settings;
  /** What is wrong with the file, one sentence; the defaults hold then. */
  readonly problem: string | undefined;
}

/** Reads the settings file. That there is none is usual; one that cannot be read or understood never keeps drey from starting. */
export async function loadSettings(path: string): Promise<LoadedSettings> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    // Most people have none.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { settings: defaultSettings, problem: undefined };
    return { settings: defaultSettings, problem: `The settings in ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}); the defaults hold.` };
  }
  // The schema library costs as much as the first frame: who has no file does not pay for it.
  const { readIssues, settingsSchema } = await import('./settings-schema.ts');
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    // A comma too many must be said, and is no reason to stay away.
    return { settings: defaultSettings, problem: `The settings in ${path} are not JSON (${error instanceof Error ? error.message : String(error)}); the defaults hold.` };
  }
  const result = settingsSchema.safeParse(data);
  if (!result.success) return { settings: defaultSettings, problem: `The settings in ${path} are wrong: ${readIssues(result.error).join('; ')}. The defaults hold.` };
  const { theme, ascii, motion, mouse, logLines, keys } = result.data;
  return { settings: { theme, ascii, motion, mouse, logLines, keys: keys as Settings['keys'] }, problem: undefined };
}
