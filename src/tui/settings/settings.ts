import { readFile } from 'node:fs/promises';
import type { ActionId } from '../state/keys.ts';
import type { Zone } from '../../support/format.ts';
import type { Stamps } from '../state/ui.ts';
import type { ThemeName } from '../look/theme.ts';

/** The user's settings from the settings file. */
export interface Settings {
  /** Default: from the background of the terminal, if it is known. */
  readonly theme: ThemeName | undefined;
  /** Only ASCII characters; default: from the locale. */
  readonly ascii: boolean | undefined;
  /** Animate progress indicators. */
  readonly motion: boolean;
  readonly mouse: boolean;
  /** Lines to keep of each log. */
  readonly logLines: number | undefined;
  readonly keepLogs: boolean;
  readonly logStamps: Stamps;
  readonly logZone: Zone;
  readonly record: boolean;
  readonly keys: Readonly<Partial<Record<ActionId, readonly string[]>>>;
}

export const defaultSettings: Settings = {
  theme: undefined,
  ascii: undefined,
  motion: true,
  mouse: false,
  logLines: undefined,
  keepLogs: true,
  logStamps: 'time',
  logZone: 'local',
  record: true,
  keys: {},
};

export interface LoadedSettings {
  readonly settings: Settings;
  /** A problem with the file, as one sentence; settings that it does not name apply. */
  readonly problem: string | undefined;
}

/** Reads the settings file. It is usually missing; if it cannot be read or understood, drey starts nevertheless. */
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
  // Loading these costs as much as the first frame, so do it only if there is a file.
  const [{ readSettings }, { default: stripJsonComments }] = await Promise.all([
    import('./settings-schema.ts'),
    import('strip-json-comments'),
  ]);
  let data: unknown;
  try {
    data = JSON.parse(stripJsonComments(text.replace(/^\ufeff/, ''), { trailingCommas: true }));
  } catch (error) {
    // Report a missing bracket, and start all the same.
    return {
      settings: defaultSettings,
      problem: `The settings in ${path} are not JSON (${error instanceof Error ? error.message : String(error)}). Using the defaults.`,
    };
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    return { settings: defaultSettings, problem: `The settings in ${path} are not an object: {"theme": "light"}. Using the defaults.` };
  const {
    settings: { theme, ascii, motion, mouse, logLines, keepLogs, logStamps, logZone, record, keys },
    problems,
  } = readSettings(data as Readonly<Record<string, unknown>>);
  return {
    settings: { theme, ascii, motion, mouse, logLines, keepLogs, logStamps, logZone, record, keys: keys as Settings['keys'] },
    problem: problems.length === 0 ? undefined : `In ${path}, ${problems.join('; ')}. The rest of the file counts.`,
  };
}
