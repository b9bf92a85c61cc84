import { Argument, Command, Option } from 'commander';
import { argumentLabel, scanStart, scanWord, usageLine } from '../../commands/line/read-arguments.ts';
import type { ArgumentSpec, Command as CatalogueCommand, OptionSpec } from '../../commands/model/types.ts';
import { Problem } from '../../support/problem.ts';
import { type ConnectionOptions, type ReportFormat, reportFormats, resultFormats } from './connection-options.ts';
import {
  clusterOf,
  connectionOf,
  connectionOptions,
  exitCodeOption,
  formatOf,
  frontOptions,
  givenOptions,
  helpHint,
  namesTarget,
  noSuchOption,
  outputOption,
  timeoutOption,
  yesOption,
} from './shared-options.ts';

/** A command of an attached session as a shell command: `drey savepoint CLUSTER JOB …`. */
export interface OneShotInvocation {
  readonly kind: 'command';
  /** Undefined: the only one. */
  readonly clusterId: string | undefined;
  readonly words: readonly string[];
  readonly format: ReportFormat;
  readonly timeoutMs: number | undefined;
  /** `why`: exit with 1 if something is wrong. */
  readonly exitCode: boolean;
  /** Do not ask for confirmation. */
  readonly accepted: boolean;
  readonly connection: ConnectionOptions;
  readonly readOnly: boolean;
  /** All that it needs to know of the cluster; undefined: everything. */
  readonly reads: 'pods' | undefined;
  /** There is nothing to say of a cluster that is gone. */
  readonly mustExist: boolean;
  /** What it starts in the cluster goes on when nobody waits for it any longer. */
  readonly continues: boolean;
}

const cluster = {
  name: 'cluster',
  kind: 'cluster',
  summary: 'Cluster id',
  optional: false,
  read: (words: readonly string[]) => words,
} as const;

/** Adds a command with the arguments and options of the catalogue. */
export function addOneShot(program: Command, entry: CatalogueCommand, settle: (found: OneShotInvocation) => void): void {
  const { optional, shared, spec } = lineOf(entry);
  const command = program
    .command(entry.name)
    .aliases([...entry.aliases])
    .description(entry.summary)
    .usage(usageLine(spec).replace(/^\S+ /, ''))
    .argument('[words...]')
    .allowUnknownOption()
    .passThroughOptions()
    .configureHelp({
      visibleArguments: () =>
        spec.args.map((each) => new Argument(each.optional ? `[${argumentLabel(each)}]` : `<${argumentLabel(each)}>`, each.summary)),
      argumentTerm: (argument) => argument.name(),
      visibleOptions: () => [
        ...spec.options.map((each) => new Option(flagsOf(each), each.summary)),
        ...shared.filter((option) => !option.hidden),
        new Option('-h, --help', 'Print this help'),
      ],
    });
  command.action((words: readonly string[]) => {
    const { own, others, clusterId, help } = divided(words, spec, shared, command);
    if (help) command.help();
    const parser = new Command(entry.name).exitOverride();
    for (const option of shared) parser.addOption(option);
    parser.parse([...others], { from: 'user' });
    const options = givenOptions(command, parser.opts(), shared);
    const meant = clusterOf(clusterId, options);
    if (meant === undefined && !optional)
      throw usage(`${entry.name} needs the cluster id${entry.args.length === 0 ? '' : ', then the rest'}.`, spec);
    settle({
      kind: 'command',
      clusterId: meant,
      words: [entry.name, ...own],
      format: formatOf(options, formatsOf(entry)) ?? 'text',
      timeoutMs: options.timeout,
      exitCode: options.exitCode === true,
      accepted: options.yes === true,
      connection: connectionOf(options),
      readOnly: options.readOnly === true,
      reads: entry.shell?.kind === 'run' ? entry.shell.reads : undefined,
      // What needs pods alone has a connection to one of them, and ends with it.
      continues: entry.danger !== 'safe' && !(entry.shell?.kind === 'run' && entry.shell.reads === 'pods'),
      mustExist: entry.shell?.kind !== 'run' || entry.shell.outlives !== true,
    });
  });
}

/** A command of the catalogue for the shell: the cluster comes first, and the options of every command line are added. */
export function lineOf(entry: CatalogueCommand) {
  const optional = entry.args.every((spec) => spec.optional);
  const shared = sharedOptions(entry);
  const args: readonly ArgumentSpec[] = [{ ...cluster, optional }, ...entry.args];
  return { optional, shared, spec: { ...entry, args, options: entry.options.map((option) => withoutTaken(option, shared)) } };
}

/** A letter used by every command line keeps its meaning: `-n` is the namespace, for `submit` as well. */
function withoutTaken(option: OptionSpec, shared: readonly Option[]): OptionSpec {
  const { short, ...rest } = option;
  return short !== undefined && option.long !== undefined && shared.some((each) => each.short === `-${short}`) ? rest : option;
}

/** `-p, --parallelism <N>`. */
const flagsOf = ({ short, long, value }: OptionSpec): string =>
  [short === undefined ? [] : `-${short}`, long === undefined ? [] : `--${long}`].flat().join(', ') +
  (value === undefined ? '' : ` <${value}>`);

/** Whether it tells what is wrong. */
const reports = ({ shell }: CatalogueCommand): boolean => shell?.kind === 'run' && shell.exitCode === true;

const formatsOf = (entry: CatalogueCommand): readonly ReportFormat[] => (reports(entry) ? reportFormats : resultFormats);

function sharedOptions(entry: CatalogueCommand): readonly Option[] {
  return [
    ...connectionOptions(),
    ...frontOptions().map((option) => option.hideHelp()),
    ...(entry.shell?.kind === 'run' && entry.shell.prints === 'program' ? [] : [outputOption(formatsOf(entry))]),
    timeoutOption(),
    ...(reports(entry) ? [exitCodeOption()] : []),
    ...(entry.danger === 'confirm' ? [yesOption()] : []),
  ];
}

interface Divided {
  readonly clusterId: string | undefined;
  /** Words for the command itself, without the cluster. */
  readonly own: readonly string[];
  /** Options of the command line around it. */
  readonly others: readonly string[];
  readonly help: boolean;
}

/**
 * Separates the options of the command from those of every command line, as they may be mixed. `submit` has its own -D: before the cluster
 * id, -D belongs to the connection, and so does, anywhere, one that says where the cluster is.
 */
function divided(
  words: readonly string[],
  spec: Pick<CatalogueCommand, 'name' | 'args' | 'options'>,
  shared: readonly Option[],
  command: Command,
): Divided {
  const own: string[] = [];
  const others: string[] = [];
  let clusterId: string | undefined;
  let state = scanStart;
  let given = 0;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const { role, next } = scanWord(spec, state, word);
    const foreign =
      role.kind === 'unknown-option' || (role.kind === 'option' && (clusterId === undefined || namesTarget(word, words[at + 1])));
    const option = foreign ? sharedOf(word, shared) : undefined;
    if (option !== undefined) {
      others.push(word);
      if (!option.required || hasValue(word)) continue;
      at += 1;
      others.push(valueOf(option, words[at], command));
      continue;
    }
    if (role.kind === 'unknown-option') {
      if (word === '-h' || word === '--help') return { clusterId, own, others, help: true };
      throw noSuchOption(command, word.replace(/=.*/s, ''), [...shared, ...spec.options.map((each) => new Option(flagsOf(each)))]);
    }
    if (role.kind === 'extra') throw usage(`${spec.name} does not take "${word}".`, spec);
    state = next;
    if (role.kind === 'argument') given += 1;
    if (clusterId === undefined && role.kind === 'argument') clusterId = word;
    else own.push(word);
  }
  if (clusterId !== undefined) expectComplete(spec, given);
  return { clusterId, own, others, help: false };
}

function valueOf(option: Option, next: string | undefined, command: Command): string {
  if (next !== undefined && !next.startsWith('-')) return next;
  throw new Problem('usage', `${option.long ?? option.short} needs a value.`, { hint: helpHint(command) });
}

/** Throws if an argument is missing; `given`: how many there are, the cluster among them. */
function expectComplete(spec: Pick<CatalogueCommand, 'name' | 'args' | 'options'>, given: number): void {
  const missing = spec.args
    .filter(({ rest }) => rest !== 'after-dashes')
    .slice(given)
    .find(({ optional }) => !optional);
  if (missing !== undefined) throw usage(`${spec.name} needs ${argumentLabel(missing)}: ${missing.summary}.`, spec);
}

const usage = (sentence: string, spec: Pick<CatalogueCommand, 'name' | 'args' | 'options'>): Problem =>
  new Problem('usage', sentence, { hint: `Usage: drey ${usageLine(spec)}` });

const hasValue = (word: string): boolean => (word.startsWith('--') ? word.includes('=') : word.length > 2);

function sharedOf(word: string, shared: readonly Option[]): Option | undefined {
  if (word.startsWith('--')) return shared.find(({ long }) => long === word.replace(/=.*/s, ''));
  return shared.find(({ short, required }) => short === word.slice(0, 2) && (required || word.length === 2));
}
