import { basename } from 'node:path';
import type { ForegroundProgram } from '../../support/foreground-program.ts';

/** A file, and the number of the line to stand at, counted from 1. */
export interface FileAt {
  readonly path: string;
  readonly line: number;
}

/** The name of a program in a command line such as `/usr/bin/code --wait`. */
const nameOf = (command: string): string => basename(command.trim().split(/\s+/)[0] ?? '').replace(/\.exe$/, '');

/** A variable that is set, but empty, counts as unset. */
const firstSet = (...commands: readonly (string | undefined)[]): string | undefined =>
  commands.find((command) => command !== undefined && command.trim() !== '');

/** Pagers that take `+LINE`. */
const plusPagers: ReadonlySet<string> = new Set(['more', 'most', 'moar', 'moor']);

/** The user's pager (`PAGER`, otherwise `less`), at the line if it is known how that pager is asked for it. */
export function pagerAt({ path, line }: FileAt, env: NodeJS.ProcessEnv): ForegroundProgram {
  const command = firstSet(env.PAGER) ?? (process.platform === 'win32' ? 'more' : 'less');
  const name = nameOf(command);
  // Without -R it shows colours as letters.
  if (name === 'less') return { command, args: ['-R', `+${line}`, path], env };
  return { command, args: plusPagers.has(name) ? [`+${line}`, path] : [path], env };
}

/** lnav counts lines from 0. */
export const lnavAt = ({ path, line }: FileAt, env: NodeJS.ProcessEnv): ForegroundProgram => ({
  command: 'lnav',
  args: ['-c', `:goto ${line - 1}`, path],
  env,
});

/** Editors that take `-g FILE:LINE`. */
const gotoEditors: ReadonlySet<string> = new Set(['code', 'code-insiders', 'codium', 'cursor', 'windsurf']);

/** Editors that take `+LINE FILE`. */
const plusEditors: ReadonlySet<string> = new Set([
  'vi',
  'vim',
  'nvim',
  'vimx',
  'gvim',
  'view',
  'nano',
  'pico',
  'emacs',
  'emacsclient',
  'micro',
  'joe',
  'jed',
  'mg',
  'ne',
  'kak',
  'hx',
  'mcedit',
]);

/** The user's editor (`VISUAL`, then `EDITOR`, then `vi`), at the line if it is known how that editor is asked for it. */
export function editorAt({ path, line }: FileAt, env: NodeJS.ProcessEnv): ForegroundProgram {
  const command = firstSet(env.VISUAL, env.EDITOR) ?? (process.platform === 'win32' ? 'notepad' : 'vi');
  const name = nameOf(command);
  if (gotoEditors.has(name)) {
    // Without it the program returns at once, and what is edited cannot be read.
    const waits = /\s(?:-w|--wait)\b/.test(command) ? [] : ['--wait'];
    return { command, args: [...waits, '-g', `${path}:${line}`], env };
  }
  return { command, args: plusEditors.has(name) ? [`+${line}`, path] : [path], env };
}
