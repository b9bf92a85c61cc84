import { harmlessRow, isHarmless } from '../../support/foreign-text.ts';
import { commandOf } from '../model/named-command.ts';
import { quoteWord, splitLine, type Word } from './line-parser.ts';
import { candidatesFor, matching, type OfferSources } from './completions.ts';
import type { Typed } from './inside-offers.ts';
import type { Candidate, Completion, Offer } from './completion.ts';
import { argumentLabel, optionName, scanStart, scanWord } from './read-arguments.ts';
import { optionLabel } from './help-text.ts';
import type { ArgumentSpec, Command, OptionSpec } from '../model/types.ts';

export interface CompletionSources extends OfferSources {
  readonly unavailable: (command: Command) => string | undefined;
}

/** The word at the cursor, and what it may become. */
interface Wanted {
  readonly word: Word;
  readonly offers: readonly Offer[];
  readonly expects?: string;
  /** Why the command of the line cannot run. */
  readonly unavailable?: string | undefined;
}

/** The candidates at the cursor. Waits for nothing but a folder, or a second for names that only Flink knows. */
export async function completeLine(line: string, cursor: number, sources: CompletionSources): Promise<Completion> {
  return completionOf(line, cursor, await wantedAt(line, cursor, sources));
}

async function wantedAt(line: string, cursor: number, sources: CompletionSources): Promise<Wanted> {
  const { before, partial } = wordAt(line, cursor);
  if (before.length === 0) return { word: partial, offers: commandOffers(partial.text, sources) };
  const { command, rest } = commandOf(before, sources.catalogue);
  if (command === undefined) return { word: partial, offers: [] };
  const unavailable = sources.unavailable(command);
  if (command.subcommands !== undefined && rest.length === 0)
    return { word: partial, offers: subcommandOffers(command, partial.text), unavailable };
  // Only an unquoted word has the value of its option at the expected offset.
  const plain = line.slice(partial.from, cursor) === partial.text;
  return { ...(await wantedOf(command, rest, { ...partial, plain }, sources)), unavailable };
}

/** After the name of a command: one of its options, or a value of an option or an argument. */
async function wantedOf(
  command: Command,
  rest: readonly Word[],
  word: Word & { readonly plain: boolean },
  sources: CompletionSources,
): Promise<Wanted> {
  let state = scanStart;
  const before: Typed[] = [];
  for (const { text } of rest) {
    const read = scanWord(command, state, text);
    state = read.next;
    if (read.role.kind === 'argument') before.push({ spec: read.role.spec, text });
  }
  const { role } = scanWord(command, state, word.text);
  const options = optionOffers(command, new Set(rest.map(({ text }) => text)));

  if (role.kind === 'option-value')
    return { word, offers: await candidatesFor(role.spec, word.text, sources, before), expects: expected(role.spec) };
  if (role.kind === 'option' && role.value !== undefined) {
    if (!word.plain) return { word, offers: [], expects: expected(role.spec) };
    const inside = { text: role.value.text, from: word.from + role.value.offset, to: word.to };
    return { word: inside, offers: await candidatesFor(role.spec, inside.text, sources, before), expects: expected(role.spec) };
  }
  if (!state.afterDashes && word.text.startsWith('-')) return { word, offers: matching(options, word.text) };
  if (role.kind === 'argument') {
    const offers = await candidatesFor(role.spec, word.text, sources, before);
    const withOptions = word.text === '' && role.spec.optional && !state.afterDashes;
    return { word, offers: withOptions ? [...offers, ...options] : offers, expects: expected(role.spec) };
  }
  return { word, offers: word.text === '' ? options : [] };
}

/** The words before the cursor, and the one that ends at the cursor. */
function wordAt(line: string, cursor: number): { readonly before: readonly Word[]; readonly partial: Word } {
  const head = line.slice(0, cursor);
  const { words, open } = splitLine(head);
  const last = words.at(-1);
  const touches = last !== undefined && last.to === head.length && (open !== undefined || !/\s$/.test(head) || /\\\s$/.test(head));
  return touches
    ? { before: words.slice(0, -1), partial: last }
    : { before: words, partial: { text: '', from: head.length, to: head.length } };
}

function commandOffers(typed: string, { catalogue, unavailable }: CompletionSources): readonly Offer[] {
  // Aliases would only repeat the list; they are offered if a user begins to type one.
  const named = typed === '' || catalogue.some(({ name }) => name.startsWith(typed));
  const offers = catalogue.flatMap((command): readonly Offer[] => {
    const reason = unavailable(command);
    const facts = { description: command.summary, unavailable: reason };
    return [command.name, ...(named ? [] : wholeAliases(command))].map((text) => ({ text, ...facts }));
  });
  return matching(offers, typed);
}

const subcommandOffers = ({ name, subcommands = [] }: Command, typed: string): readonly Offer[] =>
  matching(
    subcommands.map((below) => ({ text: below.name.slice(name.length + 1), description: below.summary })),
    typed,
  );

/** The aliases except those that are the beginning of another name of the command. */
const wholeAliases = ({ name, aliases }: Command): readonly string[] =>
  aliases.filter((alias) => ![name, ...aliases].some((other) => other !== alias && other.startsWith(alias)));

function optionOffers(command: Command, given: ReadonlySet<string>): readonly Offer[] {
  return command.options
    .filter((spec) => spec.repeatable || !(given.has(optionName(spec)) || (spec.short !== undefined && given.has(`-${spec.short}`))))
    .map((spec) => ({
      text: optionName(spec),
      label: optionLabel(spec),
      description: spec.summary,
      unfinished: spec.long === undefined,
    }));
}

function expected(spec: ArgumentSpec | OptionSpec): string {
  return 'value' in spec ? `${spec.value ?? ''}  ${spec.summary}` : `${argumentLabel(spec as ArgumentSpec)}  ${spec.summary}`;
}

function completionOf(line: string, cursor: number, { word, offers, expects, unavailable }: Wanted): Completion {
  // A file name with control characters cannot be typed.
  const candidates = offers
    .filter(({ text }) => isHarmless(text))
    .map(({ text, label, description, unfinished, unavailable: reason }): Candidate => ({
      label: label === undefined ? text : harmlessRow(label),
      insert: quoteWord(text) + (unfinished === true ? '' : ' '),
      description: harmlessRow(description),
      unavailable: reason,
    }));
  const typed = line.slice(word.from, cursor);
  const shared = sharedBeginning(candidates.map(({ insert }) => insert));
  const first = candidates[0]?.insert ?? '';
  const previews = cursor === line.length && first.startsWith(typed) && (typed !== '' || candidates.length === 1);
  return {
    from: word.from,
    to: cursor,
    candidates,
    common: shared.startsWith(typed) ? shared : typed,
    ghost: previews ? first.slice(typed.length).trimEnd() : '',
    expects,
    unavailable,
  };
}

function sharedBeginning(texts: readonly string[]): string {
  const [first = '', ...others] = texts;
  let length = first.length;
  for (const text of others) {
    while (!text.startsWith(first.slice(0, length))) length -= 1;
  }
  return first.slice(0, length);
}
