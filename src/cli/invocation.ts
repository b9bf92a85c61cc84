import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { Problem } from '../support/problem.ts';
import { type ThemeName, themeNames } from '../tui/theme.ts';
import { type ConnectionOptions, type FrontOptions, type OutputFormat, outputFormats } from './connection-options.ts';

/** What a command line of `drey` asks for. */
export type Invocation =
  | { readonly kind: 'pick'; readonly connection: ConnectionOptions; readonly front: FrontOptions }
  | { readonly kind: 'attach'; readonly clusterId: string | undefined; readonly sandbox: boolean; readonly connection: ConnectionOptions; readonly front: FrontOptions }
  | { readonly kind: 'list'; readonly what: 'clusters' | 'pods' | 'jobs'; readonly clusterId: string | undefined; readonly format: OutputFormat; readonly connection: ConnectionOptions }
  | { readonly kind: 'command'; readonly clusterId: string; readonly words: readonly string[]; readonly format: OutputFormat; readonly timeoutMs: number | undefined; readonly connection: ConnectionOptions; readonly readOnly: boolean }
  | { readonly kind: 'web'; readonly clusterId: string; readonly open: boolean; readonly port: number | undefined; readonly connection: ConnectionOptions }
  | { readonly kind: 'sandbox'; readonly port: number | undefined }
  /** Handled by the command lines that deploy: the words behind the name, as they were typed. */
  | { readonly kind: 'deploy' | 'kill' | 'diff' | 'doctor'; readonly words: readonly string[] }
  | { readonly kind: 'text'; readonly text: string };

/** Commands of an attached session that are command lines of their own: `drey savepoint CLUSTER JOB …`. */
const oneShots: readonly (readonly [name: string, usage: string, summary: string])[] = [
  ['submit', 'JAR …', 'upload a jar and run it'],
  ['cancel', 'JOB', 'cancel a job without a savepoint'],
  ['stop-job', 'JOB …', 'stop a job with a savepoint'],
  ['savepoint', 'JOB [DIR]', 'take a savepoint'],
  ['checkpoint', 'JOB', 'take a checkpoint'],
  ['dispose', 'SAVEPOINT', 'delete a savepoint'],
  ['jars', '…', 'list or delete the jars that were uploaded'],
  ['describe', 'POD|JOB', 'all that is known of a pod or a job'],
  ['why', '[POD|JOB]', 'what is wrong, and why'],
];

const delegated: readonly (readonly [name: 'deploy' | 'kill' | 'diff' | 'doctor', summary: string])[] = [
  ['deploy', 'deploy a session or an application cluster'],
  ['kill', 'delete a cluster'],
  ['diff', 'what a redeploy would change'],
  ['doctor', 'what is missing to deploy, watch and stop clusters here'],
];

/** Understands the words after `drey`. Throws a `Problem` of kind `usage`. */
export function parseInvocation(words: readonly string[], version: string): Invocation {
  let invocation: Invocation | undefined;
  let printed = '';
  const program = new Command('drey');
  program
    .description('The terminal for Apache Flink on Kubernetes. Without a command: choose a cluster and attach to it.')
    .version(version, '-V, --version', 'print the version')
    .helpCommand('help [command]', 'print the help of a command')
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    .configureOutput({ writeOut: (text) => { printed += text; }, writeErr: () => undefined, outputError: () => undefined })
    .enablePositionalOptions()
    .addHelpText('after', '\nExit codes: 0 done, 1 failed, 2 the command line is wrong, 130 interrupted.');
  withFront(withConnection(program)).option('-A, --all-namespaces', 'choose from the clusters of all namespaces').action((options: RawOptions) => {
    invocation = { kind: 'pick', connection: connectionOf(options), front: frontOf(options) };
  });

  const attach = program.command('attach').description('attach to a running session or application cluster').argument('[cluster]', 'cluster id');
  withFront(withConnection(attach))
    .option('--sandbox', 'attach to the embedded sandbox instead')
    .action((clusterId: string | undefined, options: RawOptions) => {
      if (clusterId === undefined && options.sandbox !== true) {
        invocation = { kind: 'pick', connection: connectionOf(options), front: frontOf(options) };
        return;
      }
      invocation = { kind: 'attach', clusterId, sandbox: options.sandbox === true, connection: connectionOf(options), front: frontOf(options) };
    });

  for (const what of ['clusters', 'pods', 'jobs'] as const) {
    const command = program.command(what).description(`list ${what}`);
    if (what === 'clusters') command.alias('list').option('-A, --all-namespaces', 'of all namespaces');
    else command.argument('[cluster]', 'cluster id; may be left out where there is only one');
    withOutput(withConnection(command)).action((...given: readonly unknown[]) => {
      const [clusterId, options] = (what === 'clusters' ? [undefined, given[0]] : given) as [string | undefined, RawOptions];
      invocation = { kind: 'list', what, clusterId, format: formatOf(options), connection: connectionOf(options) };
    });
  }

  for (const [name, usage, summary] of oneShots) {
    const command = program.command(name).description(summary).argument('<cluster>', 'cluster id').argument('[words...]', usage);
    withOutput(withConnection(command))
      .addOption(new Option('--timeout <duration>', 'give up waiting after this time, e.g. 90s or 5m; what was started goes on').argParser(milliseconds))
      .option('--read-only', 'refuse what changes something')
      .allowUnknownOption()
      // `submit` has a -n and a -D of its own: what is meant for the connection stands before the cluster id there.
      .passThroughOptions(name === 'submit')
      .action((clusterId: string, rest: readonly string[], options: RawOptions) => {
        invocation = {
          kind: 'command', clusterId, words: [name, ...rest], format: formatOf(options), timeoutMs: options.timeout,
          connection: connectionOf(options), readOnly: options.readOnly === true,
        };
      });
  }

  withConnection(program.command('web').description('the address of the REST endpoint, and who can reach it').argument('<cluster>', 'cluster id'))
    .option('--open', 'open a loopback port that follows the JobManager, until Ctrl+C')
    .addOption(new Option('--port <number>', 'the loopback port').argParser(portNumber))
    .action((clusterId: string, options: RawOptions) => {
      invocation = { kind: 'web', clusterId, open: options.open === true || options.port !== undefined, port: options.port, connection: connectionOf(options) };
    });

  program.command('sandbox').description('run the embedded sandbox alone; kubectl works against it')
    .addOption(new Option('--port <number>', 'port of its API server').argParser(portNumber))
    .action((options: RawOptions) => {
      invocation = { kind: 'sandbox', port: options.port };
    });

  for (const [name, summary] of delegated) {
    program.command(name).description(summary).helpOption(false).argument('[words...]').allowUnknownOption().passThroughOptions()
      .action((rest: readonly string[]) => {
        invocation = { kind: name, words: rest };
      });
  }

  try {
    program.parse([...words], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version end the parse as well: with what they printed.
    if (error.exitCode === 0) return { kind: 'text', text: printed };
    const stray = words.find((word) => !word.startsWith('-'));
    if (error.code === 'commander.excessArguments' && stray !== undefined && !program.commands.some((command) => command.name() === stray)) {
      throw new Problem('usage', `${stray} is not a command of drey.`, { hint: 'drey --help shows the commands; drey attach CLUSTER attaches to a cluster.', cause: error });
    }
    throw new Problem('usage', sentenceOf(error), { hint: 'drey --help shows the commands and options.', cause: error });
  }
  if (invocation === undefined) throw new Problem('usage', 'Nothing to do.', { hint: 'drey --help shows the commands and options.' });
  return invocation;
}

/** As commander hands over the options of `withConnection`. */
export interface RawConnection {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
  readonly allNamespaces?: boolean;
  readonly D?: Readonly<Record<string, string>>;
  readonly flinkVersion?: string;
  readonly trace?: string;
}

interface RawOptions extends RawConnection {
  readonly plain?: boolean;
  readonly readOnly?: boolean;
  readonly ascii?: boolean;
  readonly motion?: boolean;
  readonly theme?: ThemeName;
  readonly output?: OutputFormat;
  readonly sandbox?: boolean;
  readonly open?: boolean;
  readonly port?: number;
  readonly timeout?: number;
}

/** The options of every command line that talks to a cluster. */
export function withConnection(command: Command): Command {
  return command
    .option('-n, --namespace <name>', 'namespace; default: that of the context')
    .option('--context <name>', 'kubeconfig context')
    .option('--kubeconfig <file>', 'kubeconfig file; default: KUBECONFIG, then ~/.kube/config')
    .addOption(new Option('-D <key=value>', 'a Flink option, e.g. -Dkubernetes.namespace=flink; repeatable').argParser(property))
    .option('--flink-version <version>', 'speak as the client of this Flink version')
    .option('--trace <file>', 'write a line per request into a file');
}

function withFront(command: Command): Command {
  return command
    .option('--read-only', 'refuse what changes something')
    .option('--plain', 'lines instead of a screen, as in a pipe')
    .option('--ascii', 'no glyphs beyond ASCII')
    .option('--no-motion', 'nothing fades or moves')
    .addOption(new Option('--theme <name>', 'colours').choices(themeNames));
}

function withOutput(command: Command): Command {
  return command.addOption(new Option('-o, --output <format>', 'how to print').choices(outputFormats).default('text'));
}

/** What those options say. */
export function connectionOf(options: RawConnection): ConnectionOptions {
  return {
    kubeconfig: options.kubeconfig, context: options.context, namespace: options.namespace, allNamespaces: options.allNamespaces === true,
    properties: options.D ?? {}, flinkVersion: options.flinkVersion, trace: options.trace,
  };
}

const frontOf = (options: RawOptions): FrontOptions => ({
  plain: options.plain === true, readOnly: options.readOnly === true, ascii: options.ascii,
  motion: options.motion === false ? false : undefined, theme: options.theme,
});

const formatOf = (options: RawOptions): OutputFormat => options.output ?? 'text';

/** As Flink's command line reads `-D`: the first `=` separates; without one the value is `true`. Source: `DynamicPropertiesUtil`, Flink 2.3. */
function property(given: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const at = given.indexOf('=');
  return at < 0 ? { ...before, [given]: 'true' } : { ...before, [given.slice(0, at)]: given.slice(at + 1) };
}

function portNumber(given: string): number {
  const port = Number(given);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  return port;
}

/** `90s` in milliseconds. Throws what commander shows as a wrong value. */
export function milliseconds(given: string): number {
  const match = /^(\d+)(ms|s|m|h)?$/.exec(given);
  if (match === null) throw new InvalidArgumentError('A duration is a number with ms, s, m or h, e.g. 90s.');
  return Number(match[1]) * ({ ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match[2] ?? 's'] ?? 1000);
}

/** What commander says of a command line, as a sentence. */
export function sentenceOf(error: CommanderError): string {
  const text = error.message.replace(/^error: /, '').trim();
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?)]$/.test(text) ? '' : '.'}`;
}
