import { Command, type CommanderError } from 'commander';
import type { SandboxAction } from '../../commands/model/sandbox-control.ts';
import type { Command as CatalogueCommand } from '../../commands/model/types.ts';
import { candidates, similar } from '../../commands/model/similar.ts';
import { Problem } from '../../support/problem.ts';
import type { ConnectionOptions, FrontOptions } from './connection-options.ts';
import { addDeploy, addOthers, type DeployInvocation, withWait } from './deploy-invocation.ts';
import { addCompletion, type CompletionInvocation } from './completion-line.ts';
import { addLookUp, type LookUpInvocation } from './look-up-line.ts';
import { addOneShot, type OneShotInvocation } from './one-shot-line.ts';
import { addReplay, type ReplayInvocation } from './replay-line.ts';
import { addSandbox, type SandboxInvocation } from './sandbox-line.ts';
import {
  allNamespacesOption,
  clusterOf,
  connectionOf,
  connectionOptions,
  everyOption,
  frontOf,
  frontOptions,
  givenOptions,
  helpHint,
  noSuchOption,
  pathOf,
  type RawOptions,
  sandboxOption,
} from './shared-options.ts';

/** The meaning of a command line of `drey`. */
export type Invocation =
  | { readonly kind: 'pick'; readonly connection: ConnectionOptions; readonly front: FrontOptions }
  | {
      readonly kind: 'attach';
      readonly clusterId: string | undefined;
      readonly sandbox: boolean;
      readonly connection: ConnectionOptions;
      readonly front: FrontOptions;
    }
  | LookUpInvocation
  | OneShotInvocation
  | SandboxInvocation
  | ReplayInvocation
  | DeployInvocation
  | CompletionInvocation
  | { readonly kind: 'text'; readonly text: string };

type Settle = (found: Invocation) => void;

/** Parses the words after `drey`. Rejects with a `Problem` of kind `usage`. */
export async function parseInvocation(words: readonly string[], version: string): Promise<Invocation> {
  // A screen opens without the catalogue: it is loaded only for a line that cannot be parsed without it, and for help.
  const early = read(words, version, { catalogue: [], actions: [] });
  if (early.kind === 'understood') return early.invocation;
  const [{ catalogue }, { actions }] = await Promise.all([
    import('../../commands/catalogue.ts'),
    import('../../sandbox/control/actions.ts'),
  ]);
  const reading = read(words, version, { catalogue, actions });
  if (reading.kind === 'refused') throw reading.problem;
  return reading.kind === 'help' ? { kind: 'text', text: reading.text } : reading.invocation;
}

type Reading =
  | { readonly kind: 'understood'; readonly invocation: Invocation }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'refused'; readonly problem: Problem };

function read(words: readonly string[], version: string, known: Known): Reading {
  let invocation: Invocation | undefined;
  let printed = '';
  const program = programOf(version, known, (found) => {
    invocation = found;
  });
  for (const command of everyCommand(program)) {
    command
      .configureOutput({
        writeOut: (text) => {
          printed += text;
        },
        writeErr: () => undefined,
        outputError: () => undefined,
      })
      .exitOverride((error) => {
        throw new Misread(error, command);
      });
  }
  try {
    program.parse(withWait(words), { from: 'user' });
  } catch (error) {
    if (error instanceof Problem) return { kind: 'refused', problem: error };
    if (!(error instanceof Misread)) throw error;
    if (error.reason.code === 'commander.version') return { kind: 'understood', invocation: { kind: 'text', text: printed } };
    // Help also ends the parse; its output is the result.
    return error.reason.exitCode === 0 ? { kind: 'help', text: printed } : { kind: 'refused', problem: problemOf(error, known) };
  }
  return invocation === undefined
    ? { kind: 'refused', problem: new Problem('usage', 'Nothing to do.', { hint: helpHint(program) }) }
    : { kind: 'understood', invocation };
}

/** Modules that are loaded only if the line may need them. */
interface Known {
  readonly catalogue: readonly CatalogueCommand[];
  readonly actions: readonly SandboxAction[];
}

/** The whole command line, to be parsed, or only inspected. */
export function programOf(version: string, known: Known, settle: Settle): Command {
  const { catalogue, actions } = known;
  const program = new Command('drey');
  for (const option of everyOption()) program.addOption(option);
  program
    .description('The terminal for Apache Flink on Kubernetes. Without a command: choose a cluster and attach to it.')
    .version(version, '-V, --version', 'Print the version')
    .helpCommand(false)
    .helpOption('-h, --help', 'Print this help')
    .showSuggestionAfterError(false)
    .configureHelp({ subcommandTerm: commandTerm })
    .enablePositionalOptions()
    .allowExcessArguments(false)
    .addHelpText(
      'after',
      '\nOptions mean the same before and after the command. Exit codes: 0 done, 1 failed, 2 the command line is wrong, 130 interrupted.\nSettings: $XDG_CONFIG_HOME/drey/settings.json, else ~/.config/drey/settings.json.',
    )
    .action(() => {
      const options = givenOptions(
        program,
        program.opts(),
        program.options.filter((option) => !option.hidden),
      );
      refuseHidden(program);
      settle(attached(undefined, options));
    });
  addAttach(program, settle);
  for (const entry of catalogue) addEntry(program, entry, settle);
  addDeploy(program, settle);
  addOthers(program, settle);
  addSandbox(program, actions, settle);
  addReplay(program, settle);
  addCompletion(program, settle);
  program
    .command('help')
    .description('Print the help of a command')
    .argument('[command...]', 'Name of a command')
    .action((names: readonly string[]) => named(program, names, known).help());
  return program;
}

/** `pods|pod [cluster] [pod]`: a command in the help of the program. */
function commandTerm(command: Command): string {
  const args = command
    .createHelp()
    .visibleArguments(command)
    .map((argument) => (argument.required ? `<${argument.name().toLowerCase()}>` : `[${argument.name().toLowerCase()}]`));
  return [[command.name(), ...command.aliases().slice(0, 1)].join('|'), ...args].join(' ');
}

/** Adds a command of the catalogue, if a shell can run it. */
function addEntry(program: Command, entry: CatalogueCommand, settle: Settle): void {
  if (entry.shell?.kind === 'run') addOneShot(program, entry, settle);
  else if (entry.shell !== undefined) addLookUp(program, entry, entry.shell, settle);
}

/** Refuses options of commands that are given without a command: they would be ignored. */
function refuseHidden(program: Command): void {
  const stray = program.options.find((option) => option.hidden && program.getOptionValueSource(option.attributeName()) === 'cli');
  if (stray !== undefined)
    throw new Problem('usage', `${stray.long} is for commands that take it, and no command is given.`, { hint: helpHint(program) });
}

function attached(clusterId: string | undefined, options: RawOptions): Invocation {
  const sandbox = options.sandbox === true;
  const connection = connectionOf(options);
  const front = frontOf(options);
  const cluster = clusterOf(clusterId, options);
  if (!sandbox) {
    if (cluster === undefined) return { kind: 'pick', connection, front };
    return { kind: 'attach', clusterId: cluster, sandbox, connection, front };
  }
  const elsewhere = (
    [
      ['-n', connection.namespace],
      ['--context', connection.context],
      ['--kubeconfig', connection.kubeconfig],
      ['-A', options.allNamespaces],
    ] as const
  ).find(([, value]) => value !== undefined);
  if (elsewhere !== undefined)
    throw new Problem('usage', `The sandbox is a cluster of its own: ${elsewhere[0]} names another place.`, {
      hint: 'Leave out one of them.',
    });
  return { kind: 'attach', clusterId: cluster, sandbox, connection, front };
}

function addAttach(program: Command, settle: Settle): void {
  const command = program
    .command('attach')
    .description('Attach to a running session or application cluster')
    .argument('[cluster]', 'Cluster id; without one, choose');
  for (const option of [
    ...connectionOptions(),
    ...frontOptions(),
    allNamespacesOption('Choose from the clusters of all namespaces'),
    sandboxOption(),
  ])
    command.addOption(option);
  command.action((clusterId: string | undefined) => {
    const options = givenOptions(command);
    if (clusterId !== undefined && options.allNamespaces === true)
      throw new Problem('usage', 'attach CLUSTER does not take --all-namespaces.', { hint: 'Name the namespace with -n.' });
    settle(attached(clusterId, options));
  });
}

/** An error of commander, and the command it is about. */
class Misread extends Error {
  readonly reason: CommanderError;
  readonly command: Command;
  constructor(reason: CommanderError, command: Command) {
    super(reason.message);
    this.reason = reason;
    this.command = command;
  }
}

const everyCommand = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(everyCommand)];

/** The command that these words name. Throws a `Problem`. */
function named(program: Command, names: readonly string[], known: Known): Command {
  return names.reduce((above, name) => {
    const found = above.commands.find((command) => command.name() === name || command.aliases().includes(name));
    if (found === undefined) throw unknownCommand(above, name, known);
    return found;
  }, program);
}

/** Deploying and deleting are never suggested: anyone who wants them can spell them. */
const unsuggested: ReadonlySet<string> = new Set(['kill', 'deploy']);

function unknownCommand(above: Command, word: string, { catalogue }: Known): Problem {
  const risky = new Set(candidates(catalogue).flatMap((each) => (each.risky ? each.word : [])));
  const near = similar(
    word,
    above.commands
      .flatMap((command) => [command.name(), ...command.aliases()])
      .filter((name) => !unsuggested.has(name))
      .map((name) => ({ word: name, risky: risky.has(name) })),
  );
  const whole = pathOf(above);
  if (above.parent !== null)
    return new Problem('usage', `drey ${whole} has no ${word}.`, {
      hint: near === undefined ? helpHint(above) : `Did you mean ${near}? ${helpHint(above)}`,
    });
  return new Problem('usage', `drey has no command "${word}".`, {
    hint:
      near === undefined
        ? 'drey --help shows the commands; drey attach CLUSTER attaches to a cluster.'
        : `Did you mean ${near}? drey --help shows the commands.`,
  });
}

/** An error of commander in a sentence that names the command and the word. */
function problemOf({ reason, command }: Misread, known: Known): Problem {
  const quoted = /'([^']*)'/.exec(reason.message)?.[1] ?? '';
  const hint = helpHint(command);
  const wrong = (sentence: string) => new Problem('usage', sentence, { hint, cause: reason });
  switch (reason.code) {
    case 'commander.unknownOption':
      return noSuchOption(command, quoted.replace(/=.*/s, ''));
    case 'commander.optionMissingArgument':
      return wrong(`${/--[\w-]+|-\w/.exec(quoted.replace(/^-\w, /, ''))?.[0] ?? quoted} needs a value.`);
    case 'commander.missingArgument':
      return wrong(`${pathOf(command)} needs ${quoted.toUpperCase()}.`);
    case 'commander.excessArguments': {
      const extra = command.args[command.registeredArguments.length] ?? '';
      return command.commands.length > 0 ? unknownCommand(command, extra, known) : wrong(`${pathOf(command)} does not take "${extra}".`);
    }
    case 'commander.unknownCommand':
      return unknownCommand(command, quoted, known);
    case 'commander.help':
      return wrong(`drey ${pathOf(command)} needs one of ${command.commands.map((each) => each.name()).join(', ')}.`);
    default:
      return wrong(`${reason.message.replace(/^error: /, '').trim()}.`);
  }
}
