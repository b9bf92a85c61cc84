import { Problem } from '../../support/problem.ts';
import type { Word } from './line-parser.ts';
import type { ArgumentSpec, Command, Given, OptionSpec, ReadContext } from '../model/types.ts';

/** The role of a word in a command line. */
export type Role =
  | { readonly kind: 'argument'; readonly spec: ArgumentSpec }
  /** `value`: written in the same word (`--parallelism=4`, `-p4`, `-Dkey=value`), with its offset in the word. */
  | { readonly kind: 'option'; readonly spec: OptionSpec; readonly value?: { readonly text: string; readonly offset: number } }
  | { readonly kind: 'option-value'; readonly spec: OptionSpec }
  | { readonly kind: 'dashes' }
  | { readonly kind: 'unknown-option' }
  /** More words than the command accepts. */
  | { readonly kind: 'extra' };

/** The state of reading a command line. */
export interface ScanState {
  /** An option whose value comes next. */
  readonly pending: OptionSpec | undefined;
  /** Number of arguments read. */
  readonly position: number;
  readonly afterDashes: boolean;
}

export const scanStart: ScanState = { pending: undefined, position: 0, afterDashes: false };

/** The role of the next word. Reading a finished line and completion share this function. */
export function scanWord(
  command: Pick<Command, 'args' | 'options'>,
  state: ScanState,
  text: string,
): { readonly role: Role; readonly next: ScanState } {
  if (state.pending !== undefined) return { role: { kind: 'option-value', spec: state.pending }, next: { ...state, pending: undefined } };
  if (state.afterDashes || !text.startsWith('-') || text === '-') return scanArgument(command, state);
  if (/^-\d/.test(text)) {
    // Five minutes ago is not an option.
    const read = scanArgument(command, state);
    if (read.role.kind === 'argument' && read.role.spec.kind === 'time') return read;
  }
  if (text === '--') return { role: { kind: 'dashes' }, next: { ...state, afterDashes: true } };
  const role = findOption(command.options, text);
  const waits = role.kind === 'option' && role.spec.value !== undefined && role.value === undefined;
  return { role, next: waits ? { ...state, pending: role.spec } : state };
}

function scanArgument(command: Pick<Command, 'args'>, state: ScanState): { readonly role: Role; readonly next: ScanState } {
  const rest = command.args.find((spec) => spec.rest === 'after-dashes');
  if (state.afterDashes && rest !== undefined) return { role: { kind: 'argument', spec: rest }, next: state };
  const spec = command.args.filter((other) => other !== rest)[state.position];
  if (spec === undefined) return { role: { kind: 'extra' }, next: state };
  return { role: { kind: 'argument', spec }, next: spec.rest === 'words' ? state : { ...state, position: state.position + 1 } };
}

function findOption(options: readonly OptionSpec[], text: string): Role {
  if (text.startsWith('--')) {
    const equals = text.indexOf('=');
    const name = equals < 0 ? text.slice(2) : text.slice(2, equals);
    const spec = options.find(({ long }) => long === name);
    if (spec === undefined) return { kind: 'unknown-option' };
    return equals < 0 ? { kind: 'option', spec } : { kind: 'option', spec, value: { text: text.slice(equals + 1), offset: equals + 1 } };
  }
  const spec = options.find(({ short }) => short !== undefined && text[1] === short);
  if (spec === undefined) return { kind: 'unknown-option' };
  if (text.length === 2) return { kind: 'option', spec };
  // `-abc` does not combine switches: the text after a letter is its value.
  if (spec.value === undefined) return { kind: 'unknown-option' };
  return { kind: 'option', spec, value: { text: text.slice(2), offset: 2 } };
}

/** The error in a line that could not be read, and its offset. */
export interface Misread {
  readonly problem: Problem;
  readonly at: number;
}

interface Gathered {
  readonly words: Word[];
}

/** Reads the words after a command's name. */
export function readWords(command: Command, words: readonly Word[], end: number, from: ReadContext): { readonly given: Given } | Misread {
  const gathered = new Map<ArgumentSpec | OptionSpec, Gathered>();
  const take = (spec: ArgumentSpec | OptionSpec, word: Word): void => {
    const entry = gathered.get(spec);
    if (entry === undefined) gathered.set(spec, { words: [word] });
    else entry.words.push(word);
  };
  let state = scanStart;
  for (const word of words) {
    const { role, next } = scanWord(command, state, word.text);
    state = next;
    const misread = readRole(command, role, word, take, gathered);
    if (misread === undefined) continue;
    // If a word before it is wrong as well, that is why there is one too many: `sandbox nosuch 15s`.
    const before = role.kind === 'extra' ? readValues(command, gathered, end, from) : misread;
    return 'problem' in before ? before : misread;
  }
  if (state.pending !== undefined) {
    return {
      problem: usage(command, `${optionName(state.pending)} needs a value (${state.pending.value ?? ''}: ${state.pending.summary}).`),
      at: end,
    };
  }
  return readValues(command, gathered, end, from);
}

function readRole(
  command: Command,
  role: Role,
  word: Word,
  take: (spec: ArgumentSpec | OptionSpec, word: Word) => void,
  gathered: ReadonlyMap<unknown, Gathered>,
): Misread | undefined {
  const wrong = (sentence: string): Misread => ({ problem: usage(command, sentence), at: word.from });
  switch (role.kind) {
    case 'dashes':
      return undefined;
    case 'unknown-option':
      return wrong(`${command.name} has no option ${word.text.replace(/=.*/s, '')}.`);
    case 'extra':
      return wrong(`${command.name} does not take "${word.text}".`);
    case 'argument':
    case 'option-value':
      take(role.spec, word);
      return undefined;
    case 'option': {
      const { spec, value } = role;
      if (gathered.has(spec) && !spec.repeatable) return wrong(`${optionName(spec)} is given twice.`);
      if (value === undefined) {
        if (spec.value === undefined) take(spec, word);
      } else if (spec.value === undefined) {
        return wrong(`${optionName(spec)} takes no value.`);
      } else {
        take(spec, { text: value.text, from: word.from, to: word.to });
      }
      return undefined;
    }
  }
}

function readValues(
  command: Command,
  gathered: ReadonlyMap<ArgumentSpec | OptionSpec, Gathered>,
  end: number,
  from: ReadContext,
): { readonly given: Given } | Misread {
  const given: Record<string, unknown> = {};
  for (const spec of [...command.args, ...command.options]) {
    const words = gathered.get(spec)?.words ?? [];
    if ('optional' in spec && !spec.optional && words.length === 0) {
      return { problem: usage(command, `${command.name} needs ${argumentLabel(spec)}: ${spec.summary}.`), at: end };
    }
    try {
      given[spec.name] = spec.read(
        words.map(({ text }) => text),
        from,
      );
    } catch (error) {
      // The reader of the value judges the word; anything but a Problem is a defect and is rethrown.
      if (!(error instanceof Problem)) throw error;
      return { problem: error, at: words[0]?.from ?? end };
    }
  }
  return { given };
}

function usage(command: Command, sentence: string): Problem {
  return new Problem('usage', sentence, { hint: `Usage: ${usageLine(command)}` });
}

/** `-p` and `--parallelism`, as typed. */
export function optionName(spec: OptionSpec): string {
  return spec.long === undefined ? `-${spec.short ?? ''}` : `--${spec.long}`;
}

const shout = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter}`).toUpperCase();

/** More choices than these do not fit the usage line: the argument has its name there, and its summary lists them. */
const mostChoices = 5;

/** `JOB`, `JOB|POD`, or `on|off`. */
export function argumentLabel(spec: ArgumentSpec): string {
  if (spec.kind === 'subject') return 'JOB|POD';
  const { choices = [], kind, name } = spec;
  if (choices.length > mostChoices) return shout(name);
  return [...(kind === 'choice' && choices.length > 0 ? [] : [shout(name)]), ...choices].join('|');
}

/** `submit JAR [-c CLASS] [-p N] [-- ARGS...]`. */
export function usageLine(command: Pick<Command, 'name' | 'args' | 'options'>): string {
  const args = command.args
    .filter(({ rest }) => rest !== 'after-dashes')
    .map((spec) => {
      const label = argumentLabel(spec) + (spec.rest === 'words' ? '...' : '');
      return spec.optional ? `[${label}]` : label;
    });
  const options = command.options.map((spec) => {
    if (spec.long === undefined) return `[-${spec.short ?? ''}${spec.value ?? ''}]`;
    const name = spec.short === undefined ? `--${spec.long}` : `-${spec.short}`;
    return spec.value === undefined ? `[${name}]` : `[${name} ${spec.value}]`;
  });
  const rest = command.args.filter((spec) => spec.rest === 'after-dashes').map((spec) => `[-- ${argumentLabel(spec)}...]`);
  return [command.name, ...args, ...options, ...rest].join(' ');
}
