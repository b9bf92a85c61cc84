import { harmlessRow, isHarmless } from '../../support/foreign-text.ts';
import { commandOf } from '../model/named-command.ts';
import { quoteWord, splitLine, type Word } from './line-parser.ts';
import { candidatesFor, matching, type OfferSources } from './completions.ts';
import type { Candidate, Completion, Offer } from './completion.ts';
import { argumentLabel, optionName, scanStart, scanWord } from './read-arguments.ts';
import { optionLabel } from './help-text.ts';
import type { ArgumentSpec, Command, OptionSpec } from '../model/types.ts';

export interface CompletionSources extends OfferSources {
  readonly unavailable: (command: Command) => string | undefined;
}

/** The candidates at the cursor. Waits for nothing but reading a folder or the list of uploaded jars. */
export async function completeLine(line: string, cursor: number, sources: CompletionSources): Promise<Completion> {
  const { before, partial } = wordAt(line, cursor);
  const name = before[0];
  if (name === undefined) return finish(line, cursor, partial, commandOffers(partial.text, sources), undefined, undefined);
  const { command, rest } = commandOf(before, sources.catalogue);
  if (command === undefined) return finish(line, cursor, partial, [], undefined, undefined);
  if (command.subcommands !== undefined && rest.length === 0)
    return finish(line, cursor, partial, subcommandOffers(command, partial.text), undefined, sources.unavailable(command));

  let state = scanStart;
  for (const word of rest) state = scanWord(command, state, word.text).next;
  const { role } = scanWord(command, state, partial.text);
  const reason = sources.unavailable(command);
  const given = new Set(rest.map(({ text }) => text));

  if (role.kind === 'option-value')
    return finish(line, cursor, partial, await candidatesFor(role.spec, partial.text, sources), expected(role.spec), reason);
  if (role.kind === 'option' && role.value !== undefined) {
    const inside = { text: role.value.text, from: partial.from + role.value.offset, to: partial.to };
    // Only an unquoted word has its value at the expected offset.
    const plain = line.slice(partial.from, cursor) === partial.text;
    return finish(
      line,
      cursor,
      plain ? inside : partial,
      plain ? await candidatesFor(role.spec, inside.text, sources) : [],
      expected(role.spec),
      reason,
    );
  }
  if (!state.afterDashes && partial.text.startsWith('-')) {
    return finish(line, cursor, partial, matching(optionOffers(command, given), partial.text), undefined, reason);
  }
  if (role.kind === 'argument') {
    const offers = await candidatesFor(role.spec, partial.text, sources);
    const withOptions =
      partial.text === '' && role.spec.optional && !state.afterDashes ? [...offers, ...optionOffers(command, given)] : offers;
    return finish(line, cursor, partial, withOptions, expected(role.spec), reason);
  }
  return finish(line, cursor, partial, partial.text === '' ? optionOffers(command, given) : [], undefined, reason);
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

function finish(
  line: string,
  cursor: number,
  partial: Word,
  offers: readonly Offer[],
  expects: string | undefined,
  unavailable: string | undefined,
): Completion {
  // A file name with control characters cannot be typed.
  const candidates = offers
    .filter(({ text }) => isHarmless(text))
    .map(({ text, label, description, unfinished, unavailable: reason }): Candidate => ({
      label: label === undefined ? text : harmlessRow(label),
      insert: quoteWord(text) + (unfinished === true ? '' : ' '),
      description: harmlessRow(description),
      unavailable: reason,
    }));
  const typed = line.slice(partial.from, cursor);
  const shared = sharedBeginning(candidates.map(({ insert }) => insert));
  const first = candidates[0]?.insert ?? '';
  const previews = cursor === line.length && first.startsWith(typed) && (typed !== '' || candidates.length === 1);
  return {
    from: partial.from,
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
