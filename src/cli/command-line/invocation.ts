import { Command, type CommanderError } from 'commander';
import type { SandboxAction } from '../../commands/model/sandbox-control.ts';
import type { Command as CatalogueCommand } from '../../commands/model/types.ts';
import { similar } from '../../commands/model/similar.ts';
import { Problem } from '../../support/problem.ts';
import { type ConnectionOptions, type FrontOptions, type OutputFormat, outputFormats } from './connection-options.ts';
import { addDeploy, addOthers, type DeployInvocation, withWait } from './deploy-invocation.ts';
import { addCompletion, type CompletionInvocation } from './completion-line.ts';
import { addOneShots, type OneShotInvocation, oneShotNames } from './one-shot-line.ts';
import { addSandbox, type SandboxInvocation } from './sandbox-line.ts';
import {
  allNamespacesOption,
  clusterOf,
  connectionOf,
  connectionOptions,
  everyOption,
  formatOf,
  frontOf,
  frontOptions,
  givenOptions,
  helpHint,
  noSuchOption,
  outputOption,
  pathOf,
  portNumber,
  type RawOptions,
  sandboxOption,
  valued,
  watchOption,
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
  | ListInvocation
  | OperationsInvocation
  | OneShotInvocation
  | {
      readonly kind: 'web';
      readonly clusterId: string | undefined;
      readonly open: boolean;
      readonly port: number | undefined;
      readonly connection: ConnectionOptions;
    }
  | SandboxInvocation
  | DeployInvocation
  | CompletionInvocation
  | { readonly kind: 'text'; readonly text: string };

export interface ListInvocation {
  readonly kind: 'list';
  readonly what: 'clusters' | 'pods' | 'jobs';
  readonly clusterId: string | undefined;
  /** Only this pod or job. */
  readonly only: string | undefined;
  readonly format: OutputFormat;
  readonly watch: boolean;
  readonly connection: ConnectionOptions;
}

export interface OperationsInvocation {
  readonly kind: 'operations';
  readonly clusterId: string | undefined;
  readonly format: OutputFormat;
  readonly connection: ConnectionOptions;
}

type Settle = (found: Invocation) => void;

/** Parses the words after `drey`. Rejects with a `Problem` of kind `usage`. */
export async function parseInvocation(words: readonly string[], version: string): Promise<Invocation> {
  // A screen opens without the catalogue: load it only if the words name one of its commands or ask for help.
  const needsCatalogue = words.some((word) => oneShotNames.includes(word) || ['help', '-h', '--help'].includes(word));
  const catalogue = needsCatalogue ? (await import('../../commands/catalogue.ts')).catalogue : [];
  const actions = words.includes('sandbox') ? (await import('../../sandbox/control/actions.ts')).actions : [];
  let invocation: Invocation | undefined;
  let printed = '';
  const program = programOf(version, { catalogue, actions }, (found) => {
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
    if (!(error instanceof Misread)) throw error;
    // Help and version also end the parse; their output is the result.
    if (error.reason.exitCode === 0) return { kind: 'text', text: printed };
    throw problemOf(error);
  }
  if (invocation === undefined) throw new Problem('usage', 'Nothing to do.', { hint: helpHint(program) });
  return invocation;
}

/** Modules that are loaded only if the line may need them. */
interface Words {
  readonly catalogue: readonly CatalogueCommand[];
  readonly actions: readonly SandboxAction[];
}

/** The whole command line, to be parsed, or only inspected. */
export function programOf(version: string, { catalogue, actions }: Words, settle: Settle): Command {
  const program = new Command('drey');
  for (const option of everyOption()) program.addOption(option);
  program
    .description('The terminal for Apache Flink on Kubernetes. Without a command: choose a cluster and attach to it.')
    .version(version, '-V, --version', 'print the version')
    .helpCommand(false)
    .helpOption('-h, --help', 'print this help')
    .showSuggestionAfterError(false)
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
  addLists(program, settle);
  addOneShots(program, catalogue, settle);
  addWeb(program, settle);
  addDeploy(program, settle);
  addOthers(program, settle);
  addSandbox(program, actions, settle);
  addCompletion(program, settle);
  program
    .command('help')
    .description('print the help of a command')
    .argument('[command...]')
    .action((names: readonly string[]) => named(program, names).help());
  return program;
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
    .description('attach to a running session or application cluster')
    .argument('[cluster]', 'cluster id; without one, choose');
  for (const option of [
    ...connectionOptions(),
    ...frontOptions(),
    allNamespacesOption('choose from the clusters of all namespaces'),
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

function addLists(program: Command, settle: Settle): void {
  for (const what of ['clusters', 'pods', 'jobs'] as const) {
    const one = { clusters: undefined, pods: 'pod', jobs: 'job' }[what];
    const command = program.command(what).description(`list ${what}`);
    if (what === 'jobs') command.alias('list');
    if (one === undefined) command.addOption(allNamespacesOption('of all namespaces'));
    else command.argument('[cluster]', 'cluster id; may be left out if there is only one').argument(`[${one}]`, `only this ${one}`);
    for (const option of listing()) command.addOption(option);
    command.action((...given: readonly unknown[]) => {
      const options = givenOptions(command);
      const [clusterId, only] = one === undefined ? [] : (given as readonly (string | undefined)[]);
      settle({
        kind: 'list',
        what,
        clusterId: one === undefined ? undefined : clusterOf(clusterId, options),
        only,
        format: formatOf(options, outputFormats) ?? 'text',
        watch: options.watch === true,
        connection: connectionOf(options),
      });
    });
  }
  const operations = program
    .command('operations')
    .alias('ops')
    .description('list savepoints and other operations started by drey here, also of clusters that are gone')
    .argument('[cluster]', 'cluster id; without one, of all clusters');
  for (const option of [...connectionOptions(), ...looks(), outputOption(outputFormats)]) operations.addOption(option);
  operations.action((clusterId: string | undefined) => {
    const options = givenOptions(operations);
    settle({
      kind: 'operations',
      clusterId: clusterOf(clusterId, options),
      format: formatOf(options, outputFormats) ?? 'text',
      connection: connectionOf(options),
    });
  });
}

const looks = () => frontOptions().map((option) => option.hideHelp());
const listing = () => [...connectionOptions(), ...looks(), outputOption(outputFormats), watchOption()];

function addWeb(program: Command, settle: Settle): void {
  const command = program
    .command('web')
    .description('the address of the REST endpoint, and who can reach it')
    .argument('[cluster]', 'cluster id; may be left out if there is only one')
    .option('--open', 'open a loopback port that follows the JobManager, until Ctrl+C')
    .addOption(valued('--port <number>', 'the loopback port', portNumber));
  for (const option of [...connectionOptions(), ...looks()]) command.addOption(option);
  command.action((clusterId: string | undefined) => {
    const options = givenOptions(command);
    settle({
      kind: 'web',
      clusterId: clusterOf(clusterId, options),
      open: options.open === true || options.port !== undefined,
      port: options.port,
      connection: connectionOf(options),
    });
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
function named(program: Command, names: readonly string[]): Command {
  return names.reduce((above, name) => {
    const found = above.commands.find((command) => command.name() === name || command.aliases().includes(name));
    if (found === undefined) throw unknownCommand(above, name);
    return found;
  }, program);
}

/** Deploying and deleting are never suggested: anyone who wants them can spell them. */
const unsuggested: ReadonlySet<string> = new Set(['kill', 'deploy']);

function unknownCommand(above: Command, word: string): Problem {
  const names = new Set([
    ...above.commands.flatMap((command) => [command.name(), ...command.aliases()]),
    ...(above.parent === null ? oneShotNames : []),
  ]);
  const near = similar(
    word,
    [...names].filter((name) => !unsuggested.has(name)).map((name) => ({ word: name, risky: oneShotNames.includes(name) })),
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
function problemOf({ reason, command }: Misread): Problem {
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
      return command.commands.length > 0 ? unknownCommand(command, extra) : wrong(`${pathOf(command)} does not take "${extra}".`);
    }
    case 'commander.unknownCommand':
      return unknownCommand(command, quoted);
    case 'commander.help':
      return wrong(`drey ${pathOf(command)} needs one of ${command.commands.map((each) => each.name()).join(', ')}.`);
    default:
      return wrong(`${reason.message.replace(/^error: /, '').trim()}.`);
  }
}
