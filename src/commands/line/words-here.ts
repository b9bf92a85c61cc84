import type { Word } from './line-parser.ts';
import { scanStart, scanWord } from './read-arguments.ts';
import type { Command, Here } from '../model/types.ts';

/**
 * The words after a command's name, with those that the place on the screen stands for: all of them if no argument is typed, otherwise the
 * first ones that are required and missing. `at`: the offset of an added word.
 */
export function withHere(command: Command, words: readonly Word[], here: Here | undefined, at: number): readonly Word[] {
  if (here === undefined) return words;
  let state = scanStart;
  let typed = 0;
  for (const { text } of words) {
    const { role, next } = scanWord(command, state, text);
    if (role.kind === 'argument') typed += 1;
    state = next;
  }
  const left = typed === 0 ? command.args.length : command.args.filter(({ optional }) => !optional).length - typed;
  const added: Word[] = [];
  for (const spec of command.args.slice(0, Math.max(0, left))) {
    const text = spec.here === undefined ? undefined : here[spec.here];
    if (text === undefined) break;
    added.push({ text, from: at, to: at });
  }
  return typed === 0 || added.length === left ? [...added, ...words] : words;
}
