import { dreyFlinkVersion } from '../../config/options/options-cluster.ts';
import { containerImage } from '../../config/options/options-kubernetes.ts';
import type { FlinkConfig } from '../../config/options/types.ts';
import { defaultFlinkVersion, isAtLeast, versionOfImage } from '../../config/options/flink-version.ts';
import { harmlessRow } from '../../support/foreign-text.ts';
import { isAbort, Problem, sentence } from '../../support/problem.ts';
import { exitCodes, type CliIo } from '../process/io.ts';
import { actionContext, type ActionContext } from './action.ts';
import { parseCommandLine } from './command-line.ts';
import { configure, isApplication } from './configuration.ts';
import { actionHelp, fullHelp } from './help.ts';
import { list } from './list.ts';
import { actionTables, isAction, type Action } from './option-tables.ts';
import { info, run } from './run.ts';
import { cancel, checkpoint, savepoint, stop } from './savepoint-actions.ts';
import type { FlinkServices } from './types.ts';

/** Nothing was tried: there is no usable configuration. Source: `CliFrontend.INITIAL_RET_CODE`, Flink 2.3. */
const noConfiguration = 31;

const helpHint = 'Use the help option (-h or --help) to get help on the command.';

const work: Readonly<Record<Action, (context: ActionContext) => Promise<void>>> = { run, info, list, stop, cancel, savepoint, checkpoint };

/**
 * `bin/flink` with its arguments; resolves with the exit code: 0 done, 1 failed or not understood, 31 no usable configuration, 130
 * interrupted. Every error is one sentence, where Flink prints it: errors of the command line on standard output, failures on standard
 * error below Flink's line for them.
 */
export async function runFlink(argv: readonly string[], io: CliIo, services: FlinkServices): Promise<number> {
  const [word, ...rest] = argv;
  if (word === undefined) {
    io.stdout(`${fullHelp()}\nPlease specify an action.\n`);
    return exitCodes.failed;
  }
  if (word === '-h' || word === '--help') {
    io.stdout(fullHelp());
    return exitCodes.ok;
  }
  if (word === '-v' || word === '--version') {
    io.stdout(`${services.version}\n`);
    return exitCodes.ok;
  }
  if (word === oldApplicationAction) return act('run', rest, io, services, checkOldApplication);
  if (!isAction(word)) {
    io.stdout(unknownAction(word));
    return exitCodes.failed;
  }
  return act(word, rest, io, services);
}

/** Flink up to 1.20 deploys applications with a separate action; 2.0 removed it (FLINK-36310). */
const oldApplicationAction = 'run-application';

/** Accepts the old action if the configuration sets an old Flink version, otherwise throws a `Problem` of kind `usage`. */
function checkOldApplication({ line, services }: ActionContext): void {
  const { config, target } = configure(line, services);
  const version = config.get(dreyFlinkVersion) ?? versionOfImage(config.get(containerImage) ?? '') ?? defaultFlinkVersion;
  if (isAtLeast(version, '2.0')) {
    throw new Problem('usage', `Flink ${version} has no action ${oldApplicationAction}.`, {
      hint: 'Use run -t kubernetes-application, or name an older version with -Ddrey.flink-version.',
    });
  }
  if (!isApplication(target))
    throw new Problem('usage', `${oldApplicationAction} deploys a cluster for the program alone, and ${target} does not.`, {
      hint: 'Use -t kubernetes-application.',
    });
}

async function act(
  action: Action,
  argv: readonly string[],
  io: CliIo,
  services: FlinkServices,
  check: (context: ActionContext) => void = () => undefined,
): Promise<number> {
  let json = false;
  try {
    const { options, stopAtWord } = actionTables[action];
    const line = parseCommandLine(options, argv, stopAtWord);
    if (line.has('help')) {
      io.stdout(`${actionHelp(action)}\n`);
      return exitCodes.ok;
    }
    const context = actionContext(line, io, {
      ...services,
      loadConfig: (properties, named) => configurationOf(services, properties, named),
    });
    json = context.json;
    check(context);
    await work[action](context);
    return exitCodes.ok;
  } catch (error) {
    if (isAbort(error) && io.signal.aborted) return exitCodes.interrupted;
    if (error instanceof NoConfiguration) {
      io.stderr(`${sentence(error.problem)}\n`);
      return noConfiguration;
    }
    if (!(error instanceof Problem)) throw error;
    if (error.kind === 'usage') (json ? io.stderr : io.stdout)(`${sentence(error)}\n\n${helpHint}\n`);
    else io.stderr(failure(error));
    return exitCodes.failed;
  }
}

class NoConfiguration extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** A missing or unreadable file has its own exit code. */
function configurationOf(services: FlinkServices, properties: Readonly<Record<string, string>>, named: boolean): FlinkConfig {
  try {
    return services.loadConfig(properties, named);
  } catch (error) {
    if (error instanceof Problem) throw new NoConfiguration(error);
    throw error;
  }
}

const failure = (problem: Problem): string =>
  `\n${'-'.repeat(60)}\n The program finished with the following exception:\n\n${sentence(problem)}\n`;

function unknownAction(word: string): string {
  const lines = [
    `"${harmlessRow(word)}" is not a valid action.`,
    'Valid actions are "run", "list", "info", "savepoint", "checkpoint", "stop", or "cancel".',
    'Specify the version option (-v or --version) to print Flink version.',
    'Specify the help option (-h or --help) to get help on the command.',
  ];
  return `${lines.join('\n\n')}\n`;
}
