import { type Command } from 'commander';
import type { ProgramOptions } from '../../cluster/manifests/application-config.ts';
import { Problem } from '../../support/problem.ts';
import { type ConnectionOptions, type ObjectFormat, objectFormats } from './connection-options.ts';
import {
  clusterOf,
  connectionOf,
  connectionOptions,
  formatOf,
  frontOptions,
  givenOptions,
  helpHint,
  milliseconds,
  outputOption,
  pathOf,
  type RawOptions,
  valued,
  yesOption,
} from './shared-options.ts';

/** The meaning of a command line of `drey deploy`, `kill`, `diff` or `doctor`. */
export type DeployInvocation =
  | {
      readonly kind: 'deploy';
      readonly clusterId: string | undefined;
      readonly program: ProgramOptions | undefined;
      readonly dryRun: ObjectFormat | undefined;
      readonly waitMs: number | undefined;
      readonly accepted: boolean;
      readonly connection: ConnectionOptions;
    }
  | { readonly kind: 'kill'; readonly clusterId: string; readonly accepted: boolean; readonly connection: ConnectionOptions }
  | { readonly kind: 'diff'; readonly clusterId: string; readonly connection: ConnectionOptions }
  | { readonly kind: 'doctor'; readonly dryRun: ObjectFormat | undefined; readonly connection: ConnectionOptions };

type Settle = (found: DeployInvocation) => void;

const defaultWait = '10m';
/** Stands for a `--wait` without a time, which would otherwise take the next word as its value; no real word can contain NUL. */
const alone = '--wait=\0';

/** The words of a command line, prepared for commander. After `--`, nothing is an option. */
export function withWait(words: readonly string[]): readonly string[] {
  const dashes = words.indexOf('--');
  return words.map((word, at) => (word === '--wait' && (dashes < 0 || at < dashes) ? alone : word));
}
const withoutWait = (word: string): string => (word === alone ? '--wait' : word);

/** `drey deploy session|application`. */
export function addDeploy(program: Command, settle: Settle): void {
  const deploy = withDeploying(
    program
      .command('deploy')
      .description("Deploy a session or an application cluster, as Flink's own client does")
      .enablePositionalOptions()
      .helpCommand(false),
  );
  const session = withDeploying(
    deploy
      .command('session')
      .description('Deploy a session cluster: jobs are submitted to it later')
      .argument('[cluster]', 'Cluster id; default: random'),
  );
  session.action((clusterId: string | undefined) => {
    const options = givenOptions(session);
    settle({ ...deploying(options, session), clusterId: clusterOf(clusterId, options), program: undefined });
  });
  const application = withDeploying(deploy.command('application').description('Deploy a cluster that runs one program'))
    .argument('<jar>', 'Path in the image (local:///…), or an address that Flink can fetch')
    .argument('[args...]', 'Arguments of the program')
    .addOption(valued('--cluster-id <id>', 'Cluster id; default: random', (given) => given))
    .addOption(valued('-c, --class <name>', 'Class with the main method, if the manifest does not name it', (given) => given))
    .addOption(valued('-p, --parallelism <number>', 'Parallelism of the program, unless it sets its own', positive))
    .option('-C, --classpath <url>', 'A URL to add to the class path; repeatable', (url: string, before: readonly string[] = []) => [
      ...before,
      url,
    ])
    .addOption(valued('-s, --from-savepoint <path>', 'Savepoint to start from', (given) => given, { kind: 'savepoint' }))
    .option('--allow-non-restored-state', 'Drop state that no operator of the program claims')
    .addOption(
      valued('--claim-mode <mode>', 'Who owns the savepoint from then on: claim, no_claim or legacy', claimMode, {
        kind: 'choice',
        choices: claimModes.map((mode) => mode.toLowerCase()),
      }),
    )
    .passThroughOptions();
  application.action((jar: string, rest: readonly string[]) => {
    const options = givenOptions(application);
    settle({
      ...deploying(options, application),
      clusterId: clusterOf(options.clusterId, options),
      program: programOf(jar, rest.map(withoutWait), options),
    });
  });
}

/** `drey kill`, `diff` and `doctor`. */
export function addOthers(program: Command, settle: Settle): void {
  const kill = withConnection(program.command('kill').description('Delete a cluster').argument('[cluster]', 'Cluster id')).addOption(
    yesOption(),
  );
  kill.action((clusterId: string | undefined) => {
    const options = givenOptions(kill);
    refuseReadOnly(options, kill);
    settle({
      kind: 'kill',
      clusterId: needed(clusterId, options, kill),
      accepted: options.yes === true,
      connection: connectionOf(options),
    });
  });
  const diff = withConnection(
    program.command('diff').description('Show what a redeploy with these options would change').argument('[cluster]', 'Cluster id'),
  );
  diff.action((clusterId: string | undefined) => {
    const options = givenOptions(diff);
    settle({ kind: 'diff', clusterId: needed(clusterId, options, diff), connection: connectionOf(options) });
  });
  const doctor = withDryRun(
    withConnection(program.command('doctor').description('Check whether you can deploy, watch and stop clusters here, and how to fix it')),
  );
  doctor.action(() => {
    const options = givenOptions(doctor);
    settle({ kind: 'doctor', dryRun: dryRunOf(options), connection: connectionOf(options) });
  });
}

/** Given as an argument or with `-Dkubernetes.cluster-id`; never guessed. */
function needed(clusterId: string | undefined, options: RawOptions, command: Command): string {
  const cluster = clusterOf(clusterId, options);
  if (cluster === undefined)
    throw new Problem('usage', `${command.name()} needs the cluster id.`, {
      hint: `Usage: drey ${command.name()} CLUSTER. drey clusters lists them.`,
    });
  return cluster;
}

function refuseReadOnly({ readOnly }: RawOptions, command: Command): void {
  if (readOnly === true)
    throw new Problem('usage', `drey ${pathOf(command)} changes the cluster, and --read-only is given.`, { hint: helpHint(command) });
}

function withConnection(command: Command): Command {
  for (const option of [...connectionOptions(), ...frontOptions().map((each) => each.hideHelp())]) command.addOption(option);
  return command;
}

function withDeploying(command: Command): Command {
  return withDryRun(withConnection(command))
    .addOption(
      valued('--wait <timeout>', `Wait until the REST endpoint answers; --wait alone waits ${defaultWait}`, (given) =>
        milliseconds(given === '\0' ? defaultWait : given),
      ),
    )
    .addOption(yesOption());
}

const withDryRun = (command: Command): Command =>
  command.option('--dry-run', 'Print what would be sent, and send nothing').addOption(outputOption(objectFormats));

/** A format implies a dry run. */
const dryRunOf = (options: RawOptions): ObjectFormat | undefined =>
  formatOf(options, objectFormats) ?? (options.dryRun === true ? 'yaml' : undefined);

function deploying(options: RawOptions, command: Command) {
  const dryRun = dryRunOf(options);
  if (dryRun === undefined) refuseReadOnly(options, command);
  return { kind: 'deploy' as const, dryRun, waitMs: options.wait, accepted: options.yes === true, connection: connectionOf(options) };
}

function programOf(jar: string, rest: readonly string[], options: RawOptions): ProgramOptions {
  return {
    jar,
    entryClass: options.class,
    arguments: rest,
    classpaths: options.classpath ?? [],
    parallelism: options.parallelism,
    detached: true,
    shutdownOnAttachedExit: false,
    python: undefined,
    savepoint: { path: options.fromSavepoint, allowNonRestoredState: options.allowNonRestoredState === true, claimMode: options.claimMode },
  };
}

function positive(given: string): number {
  if (!/^[1-9]\d{0,8}$/.test(given)) throw new Problem('usage', `The parallelism is a positive number; ${given} is not one.`);
  return Number(given);
}

const claimModes = ['CLAIM', 'NO_CLAIM', 'LEGACY'] as const;

function claimMode(given: string): (typeof claimModes)[number] {
  const wanted = given.toUpperCase().replaceAll('-', '_');
  const found = claimModes.find((mode) => mode === wanted);
  if (found === undefined) throw new Problem('usage', `The claim mode is claim, no_claim or legacy; ${given} is not one.`);
  return found;
}
