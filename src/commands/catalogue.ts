import { cancel } from './catalogue/cancel.ts';
import { checkpoint } from './catalogue/checkpoint.ts';
import { clear } from './catalogue/clear.ts';
import { clusters, context, namespace } from './catalogue/clusters.ts';
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
import { sort } from './catalogue/sort.ts';
import { stopJob } from './catalogue/stop-job.ts';
import { stop } from './catalogue/stop.ts';
import { submit } from './catalogue/submit.ts';
import { theme } from './catalogue/theme.ts';
import { timeline } from './catalogue/timeline.ts';
import { web } from './catalogue/web.ts';
import { why } from './catalogue/why.ts';
import type { Command } from './types.ts';

/** Every command, in the order in which help and completion show them. */
export const catalogue: readonly Command[] = [
  help, stop, quit, why, web, refresh,
  clusters, context, namespace,
  list, submit, cancel, stopJob, savepoint, checkpoint, dispose, jars, operations,
  pods, logs, describe, timeline,
  sort, theme, clear, mouse,
];

/** The command with this name or alias. A colon before it is how vim and k9s begin a command. */
export function findCommand(word: string, commands: readonly Command[] = catalogue): Command | undefined {
  const name = word.replace(/^:/, '');
  return commands.find((command) => command.name === name || command.aliases.includes(name));
}

/** The only command of which a name begins with this word. */
export function abbreviated(word: string, commands: readonly Command[] = catalogue): Command | undefined {
  const start = word.replace(/^:/, '');
  const [only, ...others] = start === '' ? [] : commands.filter(({ name, aliases }) => [name, ...aliases].some((one) => one.startsWith(start)));
  return others.length === 0 ? only : undefined;
}

/** The command that a word means: a name, or the beginning of one where that is enough. What changes something is typed whole. */
export function commandMeant(word: string, commands: readonly Command[] = catalogue): Command | undefined {
  const found = findCommand(word, commands);
  if (found !== undefined) return found;
  const near = abbreviated(word, commands);
  return near?.danger === 'safe' ? near : undefined;
}

/** The command that these words name, its second word included, and the words that are left for it. */
export function commandOf<W extends { readonly text: string }>(words: readonly W[], commands: readonly Command[]): { readonly command: Command | undefined; readonly rest: readonly W[] } {
  const [name, second] = words;
  const command = name === undefined ? undefined : commandMeant(name.text, commands);
  const below = second === undefined || command === undefined ? undefined : command.subcommands?.find((one) => one.name === `${command.name} ${second.text}`);
  return below === undefined ? { command, rest: words.slice(1) } : { command: below, rest: words.slice(2) };
}
