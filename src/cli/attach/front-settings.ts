import { defaultSettings, loadSettings, type Settings } from '../../tui/settings/settings.ts';
import type { FrontOptions } from '../command-line/connection-options.ts';
import { settingsFile, themeFile } from '../process/folders.ts';
import type { CliIo } from '../process/io.ts';
import { fromDisk } from './from-disk.ts';
import { readKeptTheme } from './kept-theme.ts';

/** The settings file, overridden by the command line; if neither sets a theme, the one that was chosen last. */
export async function frontSettings(
  front: FrontOptions,
  io: CliIo,
): Promise<{ readonly settings: Settings; readonly notice: string | undefined }> {
  const path = settingsFile(io);
  const [{ settings, problem }, kept] = (await fromDisk(Promise.all([loadSettings(path), readKeptTheme(themeFile(io))]), io.clock)) ?? [
    { settings: defaultSettings, problem: `The settings in ${path} cannot be read (the disk does not answer); using the defaults.` },
  ];
  const { theme = settings.theme ?? kept, ascii, motion } = front;
  return {
    settings: {
      ...settings,
      ...(theme === undefined ? {} : { theme }),
      ...(ascii === undefined ? {} : { ascii }),
      ...(motion === undefined ? {} : { motion }),
    },
    notice: problem,
  };
}
