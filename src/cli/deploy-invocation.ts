import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { Problem } from '../support/problem.ts';
import type { ConnectionOptions } from './connection-options.ts';
import type { ProgramOptions } from '../cluster/manifests/application-config.ts';
import { connectionOf, milliseconds, type RawConnection, sentenceOf, withConnection } from './invocation.ts';

/** What a command line of `drey deploy`, `kill`, `diff` or `doctor` asks for. */
export type DeployInvocation =
  | { readonly kind: 'deploy'; readonly clusterId: string | undefined; readonly program: ProgramOptions | undefined; readonly dryRun: DryRun | undefined; readonly waitMs: number | undefined; readonly accepted: boolean; readonly connection: ConnectionOptions }
  | { readonly kind: 'kill'; readonly clusterId: string; readonly accepted: boolean; readonly connection: ConnectionOptions }
  | { readonly kind: 'diff'; readonly clusterId: string; readonly connection: ConnectionOptions }
  | { readonly kind: 'doctor'; readonly dryRun: DryRun | undefined; readonly connection: ConnectionOptions }
  | { readonly kind: 'text'; readonly text: string };

/** Print what would be sent, as one of these. */
export type DryRun = 'yaml' | 'json';

export type DeployCommandName = 'deploy' | 'kill' | 'diff' | 'doctor';

const defaultWait = '10m';

/** Understands the words after `drey NAME`. Throws a `Problem` of kind `usage`. */
export function parseDeployCommand(name: DeployCommandName, words: readonly string[]): DeployInvocation {
  let invocation: DeployInvocation | undefined;
  let printed = '';
  const program = new Command('drey');
  program.exitOverride().enablePositionalOptions()
    .configureOutput({ writeOut: (text) => { printed += text; }, writeErr: () => undefined, outputError: () => undefined });
  const settle = (found: DeployInvocation) => { invocation = found; };
  addDeploy(program, settle);
  addOthers(program, settle);
  try {
    program.parse([name, ...words.map(withDefaultWait)], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'text', text: printed };
    if (error.code === 'commander.help') throw needsMore(name, error);
    throw new Problem('usage', sentenceOf(error), { hint: `drey ${name} --help shows the options.`, cause: error });
  }
  if (invocation === undefined) throw needsMore(name);
  return invocation;
}

const needsMore = (name: DeployCommandName, cause?: unknown): Problem =>
  new Problem('usage', name === 'deploy' ? 'What to deploy: session or application.' : `drey ${name} needs more words.`, { hint: `drey ${name} --help shows the options.`, cause });

/** An option with an optional value would swallow the word behind it. */
const withDefaultWait = (word: string): string => (word === '--wait' ? `--wait=${defaultWait}` : word);

interface RawDeploy extends RawConnection {
  readonly clusterId?: string;
  readonly dryRun?: boolean;
  readonly output?: DryRun;
  readonly wait?: number;
  readonly yes?: boolean;
}

interface RawProgram extends RawDeploy {
  readonly class?: string;
  readonly parallelism?: number;
  readonly classpath?: readonly string[];
  readonly fromSavepoint?: string;
  readonly allowNonRestoredState?: boolean;
  readonly claimMode?: 'CLAIM' | 'NO_CLAIM' | 'LEGACY';
}

function addDeploy(program: Command, settle: (found: DeployInvocation) => void): void {
  const deploy = program.command('deploy').description('deploy a session or an application cluster, as Flink\'s own client does').enablePositionalOptions();
  withDeploying(deploy.command('session').description('deploy a session cluster: jobs are submitted to it later').argument('[cluster]', 'cluster id; random when absent'))
    .action((clusterId: string | undefined, options: RawDeploy) => settle({ ...deploying(options), clusterId, program: undefined }));
  withDeploying(deploy.command('application').description('deploy a cluster that runs one program'))
    .argument('<jar>', 'local:///path in the image, or an address that Flink can fetch')
    .argument('[args...]', 'arguments of the program')
    .option('--cluster-id <id>', 'cluster id; random when absent')
    .option('-c, --class <name>', 'class with the main method, where the manifest names none')
    .addOption(new Option('-p, --parallelism <number>', 'parallelism of the program, where it sets none itself').argParser(positive))
    .addOption(new Option('-C, --classpath <url>', 'a URL to add to the class path; repeatable').argParser((url: string, before: readonly string[] = []) => [...before, url]))
    .option('-s, --from-savepoint <path>', 'savepoint to start from')
    .option('--allow-non-restored-state', 'drop state that no operator of the program claims')
    .addOption(new Option('--claim-mode <mode>', 'who owns the savepoint from then on: claim, no_claim or legacy').argParser(claimMode))
    .passThroughOptions()
    .action((jar: string, rest: readonly string[], options: RawProgram) => settle({ ...deploying(options), clusterId: options.clusterId, program: programOf(jar, rest, options) }));
}

function addOthers(program: Command, settle: (found: DeployInvocation) => void): void {
  withConnection(program.command('kill').description('delete a cluster').argument('<cluster>', 'cluster id'))
    .option('-y, --yes', 'do not ask')
    .action((clusterId: string, options: RawDeploy) => settle({ kind: 'kill', clusterId, accepted: options.yes === true, connection: connectionOf(options) }));
  withConnection(program.command('diff').description('what a redeploy with these options would change').argument('<cluster>', 'cluster id'))
    .action((clusterId: string, options: RawConnection) => settle({ kind: 'diff', clusterId, connection: connectionOf(options) }));
  withDryRun(withConnection(program.command('doctor').description('what is missing to deploy, watch and stop clusters here, and what mends it')))
    .action((options: RawDeploy) => settle({ kind: 'doctor', dryRun: dryRunOf(options), connection: connectionOf(options) }));
}

function withDeploying(command: Command): Command {
  return withDryRun(withConnection(command))
    .addOption(new Option('--wait <timeout>', `wait until the REST endpoint answers; --wait alone waits ${defaultWait}`).argParser(milliseconds))
    .option('-y, --yes', 'deploy although strangers may reach the REST endpoint');
}

function withDryRun(command: Command): Command {
  return command
    .option('--dry-run', 'print what would be sent, and send nothing')
    .addOption(new Option('-o, --output <format>', 'form of what --dry-run prints').choices(['yaml', 'json']));
}

/** A format alone means nothing else. */
const dryRunOf = ({ dryRun, output }: RawDeploy): DryRun | undefined => output ?? (dryRun === true ? 'yaml' : undefined);

const deploying = (options: RawDeploy) => ({
  kind: 'deploy' as const, dryRun: dryRunOf(options), waitMs: options.wait, accepted: options.yes === true, connection: connectionOf(options),
});

function programOf(jar: string, rest: readonly string[], options: RawProgram): ProgramOptions {
  return {
    jar, entryClass: options.class, arguments: rest, classpaths: options.classpath ?? [], parallelism: options.parallelism, detached: true,
    shutdownOnAttachedExit: false, python: undefined,
    savepoint: { path: options.fromSavepoint, allowNonRestoredState: options.allowNonRestoredState === true, claimMode: options.claimMode },
  };
}

function positive(given: string): number {
  if (!/^[1-9]\d{0,8}$/.test(given)) throw new InvalidArgumentError('It is a positive number.');
  return Number(given);
}

function claimMode(given: string): 'CLAIM' | 'NO_CLAIM' | 'LEGACY' {
  const mode = given.toUpperCase().replaceAll('-', '_');
  if (mode === 'CLAIM' || mode === 'NO_CLAIM' || mode === 'LEGACY') return mode;
  throw new InvalidArgumentError('It is claim, no_claim or legacy.');
}
