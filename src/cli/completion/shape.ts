import type { Argument, Command, Option } from 'commander';
import { catalogue } from '../../commands/catalogue.ts';
import { sandboxCommand } from '../../commands/catalogue/sandbox.ts';
import { scanStart, type ScanState, scanWord } from '../../commands/line/read-arguments.ts';
import type { Typed } from '../../commands/line/inside-offers.ts';
import type { ArgumentKind, ArgumentSpec, Command as CatalogueCommand, OptionSpec } from '../../commands/model/types.ts';
import { actions } from '../../sandbox/control/actions.ts';
import { withWait } from '../command-line/deploy-invocation.ts';
import { lineOf } from '../command-line/one-shot-line.ts';
import { pathOf, type RawOptions, ValuedOption } from '../command-line/shared-options.ts';

/** The arguments and options of a command, in the form of the catalogue, whichever parser reads its line. */
type Shape = Pick<CatalogueCommand, 'args' | 'options'>;

/** The position of the cursor. */
export interface Spot {
  readonly command: Command;
  readonly shape: Shape;
  readonly state: ScanState;
  /** The arguments before the cursor. */
  readonly words: readonly string[];
  /** The same with what each of them means. */
  readonly before: readonly Typed[];
  /** The options before the cursor, including those before the name of the command. */
  readonly given: RawOptions;
}

/** Parses the words before the cursor. Undefined: they are not a command line. Throws a `Problem` for a value that cannot be read. */
export function spotOf(program: Command, typed: readonly string[]): Spot | undefined {
  let command = program;
  let shape = shapeOf(command);
  let state = scanStart;
  let before: readonly Typed[] = [];
  let given: Readonly<Record<string, unknown>> = {};
  for (const word of withWait(typed)) {
    const { role, next } = scanWord(shape, state, word);
    state = next;
    if (role.kind === 'option-value') given = taken(given, role.spec, word);
    else if (role.kind === 'option' && state.pending === undefined) given = taken(given, role.spec, role.value?.text);
    else if (role.kind === 'argument') before = [...before, { spec: role.spec, text: word }];
    else if (role.kind === 'unknown-option') return undefined;
    else if (role.kind === 'extra') {
      const below = command.commands.find((each) => each.name() === word || each.aliases().includes(word));
      if (below === undefined || state.afterDashes) return undefined;
      command = below;
      shape = shapeOf(below);
      state = scanStart;
    }
  }
  return { command, shape, state, words: before.map(({ text }) => text), before, given };
}

/** Adds one option, as the command line itself would read it. */
function taken(given: Readonly<Record<string, unknown>>, spec: OptionSpec, word: string | undefined): Readonly<Record<string, unknown>> {
  const option = optionsBehind.get(spec);
  if (option === undefined) return given;
  const name = option.attributeName();
  return { ...given, [name]: word === undefined || option.parseArg === undefined ? true : option.parseArg<unknown>(word, given[name]) };
}

/** The option of the command line for each spec that the scanner reads; options of the catalogue alone are not in it. */
const optionsBehind = new WeakMap<OptionSpec, Option>();

/** Whether Tab offers it. */
export const isShown = (spec: OptionSpec): boolean => optionsBehind.get(spec)?.hidden !== true;

function shapeOf(command: Command): Shape {
  const own = command.options.map(optionSpec);
  const path = pathOf(command);
  const entry = catalogue.find(({ name, shell }) => name === path && shell?.kind === 'run');
  if (entry !== undefined) {
    const { spec, shared } = lineOf(entry);
    // The -D of every command line comes first: it may say where the cluster is.
    const ownOptions = spec.options.filter(
      ({ long, short }) => long !== undefined || !shared.some((option) => option.short === `-${short}`),
    );
    return { args: spec.args, options: [...shared.map(optionSpec), ...ownOptions] };
  }
  const action = sandboxActions.find(({ name }) => name === path);
  return { args: action?.args ?? command.registeredArguments.map((argument) => argumentSpec(argument, path)), options: own };
}

const sandboxActions: readonly CatalogueCommand[] =
  sandboxCommand({ actions, kubeconfig: undefined, perform: () => Promise.reject(new Error('completion does nothing')) }).subcommands ?? [];

function optionSpec(option: Option): OptionSpec {
  const { kind, choices } = option instanceof ValuedOption ? option.offered : { kind: 'text' as const };
  const spec: OptionSpec = {
    name: option.attributeName(),
    kind,
    summary: option.description,
    repeatable: false,
    read: (words) => words.at(-1),
    short: option.short?.slice(1),
    long: option.long?.slice(2),
    value: option.required || option.optional ? 'VALUE' : undefined,
    choices,
  };
  optionsBehind.set(spec, option);
  return spec;
}

/** The meaning of the arguments of command lines, by name. */
const kinds: Readonly<Record<string, ArgumentKind>> = {
  cluster: 'cluster',
  pod: 'pod',
  job: 'job',
  'job|pod': 'subject',
  command: 'command',
  file: 'file',
};

function argumentSpec(argument: Argument, path: string): ArgumentSpec {
  // A cluster that is about to be deployed has no name yet.
  const kind = path === 'deploy session' ? 'text' : (kinds[argument.name()] ?? 'text');
  return {
    name: argument.name(),
    kind: argument.argChoices === undefined ? kind : 'choice',
    summary: argument.description,
    optional: !argument.required,
    read: (words) => words.at(-1),
    choices: argument.argChoices,
    rest: argument.variadic ? 'words' : undefined,
  };
}
