import { cancel } from './catalogue/cancel.ts';
import { checkpoint } from './catalogue/checkpoint.ts';
import { clear } from './catalogue/clear.ts';
import { describe } from './catalogue/describe.ts';
import { dispose } from './catalogue/dispose.ts';
import { help } from './catalogue/help.ts';
import { jars } from './catalogue/jars.ts';
import { list } from './catalogue/list.ts';
import { logs } from './catalogue/logs.ts';
import { mouse } from './catalogue/mouse.ts';
import { operations } from './catalogue/operations.ts';
import { pods } from './catalogue/pods.ts';
import { quit } from './catalogue/quit.ts';
import { refresh } from './catalogue/refresh.ts';
import { savepoint } from './catalogue/savepoint.ts';
import { stopJob } from './catalogue/stop-job.ts';
import { stop } from './catalogue/stop.ts';
import { submit } from './catalogue/submit.ts';
import { theme } from './catalogue/theme.ts';
import { web } from './catalogue/web.ts';
import { why } from './catalogue/why.ts';
import type { Command } from './types.ts';

/** Every command, in the order in which help and completion show them. */
export const catalogue: readonly Command[] = [
  help, stop, quit, why, web, refresh,
  list, submit, cancel, stopJob, savepoint, checkpoint, dispose, jars, operations,
  pods, logs, describe,
  theme, clear, mouse,
];

/** The command with this name or alias. */
export function findCommand(word: string, commands: readonly Command[] = catalogue): Command | undefined {
  return commands.find(({ name, aliases }) => name === word || aliases.includes(word));
}

/** The command that these words name, its second word included, and the words that are left for it. */
export function commandOf<W extends { readonly text: string }>(words: readonly W[], commands: readonly Command[]): { readonly command: Command | undefined; readonly rest: readonly W[] } {
  const [name, second] = words;
  const command = name === undefined ? undefined : findCommand(name.text, commands);
  const below = second === undefined || command === undefined ? undefined : command.subcommands?.find((one) => one.name === `${command.name} ${second.text}`);
  return below === undefined ? { command, rest: words.slice(1) } : { command: below, rest: words.slice(2) };
}
