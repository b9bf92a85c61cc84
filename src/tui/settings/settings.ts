import { readFile } from 'node:fs/promises';
import type { ActionId } from '../state/keys.ts';
import type { ThemeName } from '../look/theme.ts';

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
  /** What is wrong with the file, one sentence; what is not named there counts. */
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
    return {
      settings: defaultSettings,
      problem: `The settings in ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}); using the defaults.`,
    };
  }
  // Reading it costs as much as the first frame: who has no file does not pay for it.
  const [{ readSettings }, { default: stripJsonComments }] = await Promise.all([
    import('./settings-schema.ts'),
    import('strip-json-comments'),
  ]);
  let data: unknown;
  try {
    data = JSON.parse(stripJsonComments(text.replace(/^\ufeff/, ''), { trailingCommas: true }));
  } catch (error) {
    // A bracket too few must be said, and is no reason to stay away.
    return {
      settings: defaultSettings,
      problem: `The settings in ${path} are not JSON (${error instanceof Error ? error.message : String(error)}). Using the defaults.`,
    };
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    return { settings: defaultSettings, problem: `The settings in ${path} are not an object: {"theme": "light"}. Using the defaults.` };
  const {
    settings: { theme, ascii, motion, mouse, logLines, keys },
    problems,
  } = readSettings(data as Readonly<Record<string, unknown>>);
  return {
    settings: { theme, ascii, motion, mouse, logLines, keys: keys as Settings['keys'] },
    problem: problems.length === 0 ? undefined : `In ${path}, ${problems.join('; ')}. The rest of the file counts.`,
  };
}
