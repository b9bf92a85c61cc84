import { join } from 'node:path';
import type { CliIo } from './io.ts';

type Place = Pick<CliIo, 'env' | 'home'>;

/** The folder for what outlives a run: history, journal, defects. XDG Base Directory Specification 0.8. */
export const stateFolder = ({ env, home }: Place): string => join(absolute(env.XDG_STATE_HOME) ?? join(home, '.local', 'state'), 'drey');

/** The path of the settings file. */
export const settingsFile = ({ env, home }: Place): string =>
  join(absolute(env.XDG_CONFIG_HOME) ?? join(home, '.config'), 'drey', 'settings.json');

/** The theme that was chosen last. Not in the settings file: only the user writes that. */
export const themeFile = (place: Place): string => join(stateFolder(place), 'theme');

/** The specification says to ignore a relative path. */
const absolute = (path: string | undefined): string | undefined =>
  path?.startsWith('/') === true || /^[A-Za-z]:\\/.test(path ?? '') ? path : undefined;
