import type { Command } from './types.ts';

/** The command with this name or alias. A leading colon is accepted: commands in vim and k9s begin with one. */
export function findCommand(word: string, commands: readonly Command[]): Command | undefined {
  const name = word.replace(/^:/, '');
  return commands.find((command) => command.name === name || command.aliases.includes(name));
}

/** The only command with a name that begins with this word. */
export function abbreviated(word: string, commands: readonly Command[]): Command | undefined {
  const start = word.replace(/^:/, '');
  const [only, ...others] =
    start === '' ? [] : commands.filter(({ name, aliases }) => [name, ...aliases].some((one) => one.startsWith(start)));
  return others.length === 0 ? only : undefined;
}

/**
 * The command that a word means: a name, or its beginning if that is unambiguous. A command that changes something has to be typed in full.
 */
export function commandMeant(word: string, commands: readonly Command[]): Command | undefined {
  const found = findCommand(word, commands);
  if (found !== undefined) return found;
  const near = abbreviated(word, commands);
  return near?.danger === 'safe' ? near : undefined;
}

/** The command that these words name, including a second word, and the words left for it. */
export function commandOf<W extends { readonly text: string }>(
  words: readonly W[],
  commands: readonly Command[],
): { readonly command: Command | undefined; readonly rest: readonly W[] } {
  const [name, second] = words;
  const command = name === undefined ? undefined : commandMeant(name.text, commands);
  const below =
    second === undefined || command === undefined
      ? undefined
      : command.subcommands?.find((one) => one.name === `${command.name} ${second.text}`);
  return below === undefined ? { command, rest: words.slice(1) } : { command: below, rest: words.slice(2) };
}
