import type { Command } from 'commander';
import { catalogue } from '../../commands/catalogue.ts';
import type { Offer } from '../../commands/line/completion.ts';
import { optionName, scanWord } from '../../commands/line/read-arguments.ts';
import type { ArgumentSpec, OptionSpec } from '../../commands/model/types.ts';
import { actions } from '../../sandbox/control/actions.ts';
import { harmlessRow, isHarmless } from '../../support/foreign-text.ts';
import { programOf } from '../command-line/invocation.ts';
import { type CliIo, exitCodes } from '../process/io.ts';
import { version } from '../../support/version.ts';
import { offersFor } from './offers.ts';
import { isShown, type Spot, spotOf } from './shape.ts';

/**
 * What the shell does with the candidates. The numbers are cobra's `ShellCompDirective`, which kubectl expects from its plug-ins as well.
 */
const directives = { files: 0, noFiles: 4 } as const;

/** `files`: the shell itself completes them. */
type Answer = readonly Offer[] | 'files';

/**
 * Prints the candidates for the word at the cursor, which is the last one: one per line, with a tab before its description, then `:` and a
 * directive. If anything goes wrong, prints neither candidates nor an error.
 */
export async function complete(words: readonly string[], io: CliIo): Promise<number> {
  const found = await answer(words, io);
  for (const { text, description } of found === 'files' ? [] : found)
    io.stdout(`${text}\t${harmlessRow(description).replaceAll('\t', ' ')}\n`);
  io.stdout(`:${directives[found === 'files' ? 'files' : 'noFiles']}\n`);
  return exitCodes.ok;
}

async function answer(words: readonly string[], io: CliIo): Promise<Answer> {
  const typed = words.at(-1) ?? '';
  try {
    const program = programOf(version, { catalogue, actions }, () => undefined);
    const spot = spotOf(program, words.slice(0, -1));
    const found = spot === undefined ? [] : await offered(spot, typed, program, io);
    if (found === 'files') return found;
    // A shell replaces the word, so a text that does not begin with it is not a completion; and a name with several lines cannot be typed.
    return found.filter(({ text }) => text.startsWith(typed) && isHarmless(text) && !/[\t\n]/.test(text));
  } catch {
    // Not even a defect may disturb the line that is being typed: without candidates it can still be finished.
    return [];
  }
}

async function offered(spot: Spot, typed: string, program: Command, io: CliIo): Promise<Answer> {
  const { command, shape, state } = spot;
  const { role } = scanWord(shape, state, typed);
  if (role.kind === 'option-value') return valuesOf(role.spec, typed, spot, io);
  if (role.kind === 'option' && role.value !== undefined) {
    const head = typed.slice(0, role.value.offset);
    const found = await valuesOf(role.spec, role.value.text, spot, io);
    return found === 'files' ? found : found.map((offer) => ({ ...offer, text: head + offer.text }));
  }
  if (typed.startsWith('-') && !state.afterDashes) return optionsOf(spot);
  if (role.kind === 'argument' && role.spec.kind === 'command') return namesBelow(spot.words.reduce(below, program), typed);
  if (role.kind === 'argument') return valuesOf(role.spec, typed, spot, io);
  return state.afterDashes ? [] : namesBelow(command, typed);
}

async function valuesOf(spec: ArgumentSpec | OptionSpec, typed: string, spot: Spot, io: CliIo): Promise<Answer> {
  if (spec.kind === 'file' || spec.kind === 'jar') return 'files';
  const offers = await offersFor(spec, typed, spot, io);
  // The summary of a choice only repeats the candidates.
  return spec.kind === 'choice' ? offers.map(({ text }) => ({ text, description: '' })) : offers;
}

function optionsOf({ command, shape, given }: Spot): Answer {
  const offers = shape.options
    .filter((spec) => isShown(spec) && (given as Readonly<Record<string, unknown>>)[spec.name] === undefined)
    .map((spec) => ({ text: optionName(spec), description: spec.summary }));
  const help = command
    .createHelp()
    .visibleOptions(command)
    .find(({ long }) => long === '--help');
  return help === undefined ? offers : [...offers, { text: '--help', description: help.description }];
}

/** The commands by name; their other names are offered if a user begins to type one. */
function namesBelow(command: Command, typed: string): Answer {
  const shown = command.createHelp().visibleCommands(command);
  const offers = (namesOf: (each: Command) => readonly string[]): readonly Offer[] =>
    shown.flatMap((each) => namesOf(each).map((text) => ({ text, description: each.description() })));
  const named = offers((each) => [each.name()]);
  const begins = named.some(({ text }) => text.startsWith(typed));
  return begins ? named : offers((each) => each.aliases());
}

const below = (command: Command, word: string): Command =>
  command.commands.find((each) => each.name() === word || each.aliases().includes(word)) ?? command;
