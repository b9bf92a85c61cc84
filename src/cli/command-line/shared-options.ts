import { type Command, Option } from 'commander';
import { similar } from '../../commands/model/similar.ts';
import type { OptionSpec } from '../../commands/model/types.ts';
import { targetKeys } from '../../config/options/target-keys.ts';
import { knownFlinkVersions } from '../../config/options/flink-version.ts';
import { Problem } from '../../support/problem.ts';
import { type ThemeName, themeNames } from '../../tui/look/theme.ts';
import type { ConnectionOptions, FrontOptions } from './connection-options.ts';
import { splitProperty } from '../../config/dynamic-properties.ts';

/** Options as returned by commander, by the name that it derives from the long form. */
export interface RawOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
  readonly allNamespaces?: boolean;
  readonly D?: Readonly<Record<string, string>>;
  readonly flinkVersion?: string;
  readonly trace?: string;
  readonly plain?: boolean;
  readonly readOnly?: boolean;
  readonly ascii?: boolean;
  readonly motion?: boolean;
  readonly theme?: ThemeName;
  readonly output?: string;
  readonly watch?: boolean;
  readonly sandbox?: boolean;
  readonly open?: boolean;
  readonly port?: number;
  readonly timeout?: number;
  readonly exitCode?: boolean;
  readonly dryRun?: boolean;
  readonly wait?: number;
  readonly yes?: boolean;
  readonly clusterId?: string;
  readonly cluster?: string;
  readonly at?: string;
  readonly serve?: boolean;
  readonly restPort?: number;
  readonly class?: string;
  readonly parallelism?: number;
  readonly classpath?: readonly string[];
  readonly fromSavepoint?: string;
  readonly allowNonRestoredState?: boolean;
  readonly claimMode?: 'CLAIM' | 'NO_CLAIM' | 'LEGACY';
}

const usage = (sentence: string, hint?: string): Problem => new Problem('usage', sentence, { hint });

/** The values that Tab can offer, as in the catalogue. */
export type Offered = Pick<OptionSpec, 'kind' | 'choices'>;

export class ValuedOption extends Option {
  readonly offered: Offered;
  constructor(flags: string, summary: string, offered: Offered) {
    super(flags, summary);
    this.offered = offered;
  }
}

const chosen = (choices: readonly string[]): Offered => ({ kind: 'choice', choices });

/**
 * An option with a value. `-n=x` means `-n x`, as in kubectl. Two different values are an error: drey does not guess which one is meant.
 */
export function valued<T>(flags: string, summary: string, read: (given: string) => T, offered: Offered = { kind: 'text' }): Option {
  const option = new ValuedOption(flags, summary, offered);
  const name = option.long ?? option.short ?? flags;
  return option.argParser((given: string, before: T | undefined) => {
    const text = option.short !== undefined && given.startsWith('=') ? given.slice(1) : given;
    // No name, file or number begins like an option: the value was forgotten.
    if (text === '' || text.startsWith('-')) throw usage(`${name} needs a value.`);
    const value = read(text);
    if (before !== undefined && before !== value) throw givenTwice(name, before, value);
    return value;
  });
}

const givenTwice = (name: string, one: unknown, other: unknown): Problem =>
  usage(`${name} is given twice, with ${String(one)} and ${String(other)}.`, 'Give it once.');

const asIs = (given: string): string => given;

/** Reads one of these words. */
export function oneOf<const C extends readonly string[]>(name: string, choices: C): (given: string) => C[number] {
  return (given) => {
    const found = choices.find((choice) => choice === given);
    if (found === undefined) throw usage(`${name} takes ${choices.join(', ')}, not ${given}.`);
    return found;
  };
}

/** A duration such as `90s`, in milliseconds. */
export function milliseconds(given: string): number {
  const match = /^(\d{1,9})(ms|s|m|h)?$/.exec(given);
  if (match === null) throw usage(`A duration is a number with ms, s, m or h, e.g. 90s; ${given} is not one.`);
  return Number(match[1]) * ({ ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match[2] ?? 's'] ?? 1000);
}

export function portNumber(given: string): number {
  const port = Number(given);
  if (!/^\d+$/.test(given) || port > 65_535) throw usage(`A port is a number from 0 to 65535; ${given} is not one.`);
  return port;
}

/**
 * The options that say where a command acts. Two values for one of their keys are an error; of all other keys the last value counts, as in
 * Flink's command line.
 */
const targets: readonly (readonly [option: 'namespace' | 'context' | 'kubeconfig' | 'flinkVersion', flag: string, key: string])[] = [
  ['namespace', '-n', targetKeys.namespace],
  ['context', '--context', targetKeys.context],
  ['kubeconfig', '--kubeconfig', targetKeys.kubeconfig],
  ['flinkVersion', '--flink-version', targetKeys.flinkVersion],
];
const everyTargetKey: ReadonlySet<string> = new Set(Object.values(targetKeys));

/**
 * Like `-D` in Flink's command line: the first `=` separates; without one the value is `true`. Source: `DynamicPropertiesUtil`, Flink 2.3.
 */
function property(word: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const given = word.startsWith('=') ? word.slice(1) : word;
  const { key, value } = splitProperty(given);
  if (key === '') throw usage(`-D${word} has no key.`, 'Write -Dkey=value.');
  if (key === given && everyTargetKey.has(key)) throw usage(`-D${key} needs a value.`, `Write -D${key}=VALUE.`);
  return added(before, { [key]: value });
}

/** Whether these words are `-Dkey=value`, in one word or two, for one of those keys. */
export const namesTarget = (word: string, next: string | undefined): boolean =>
  word.startsWith('-D') && everyTargetKey.has((word === '-D' ? (next ?? '') : word.slice(2)).replace(/^=/, '').replace(/=.*/s, ''));

function added(before: Readonly<Record<string, string>>, more: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const key of everyTargetKey)
    if (before[key] !== undefined && more[key] !== undefined && before[key] !== more[key])
      throw givenTwice(`-D${key}`, before[key], more[key]);
  return { ...before, ...more };
}

export const namespaceOption = (summary: string): Option => valued('-n, --namespace <name>', summary, asIs, { kind: 'namespace' });

/** Which server to use, and how to connect to it. */
export const connectionOptions = (): readonly Option[] => [
  namespaceOption('Namespace; default: that of the context'),
  valued('--context <name>', 'Kubeconfig context', asIs, { kind: 'context' }),
  valued('--kubeconfig <file>', 'Kubeconfig file; default: KUBECONFIG, then ~/.kube/config', asIs, { kind: 'file' }),
  new Option('-D <key=value>', 'A Flink option, e.g. -Dkubernetes.namespace=flink; repeatable').argParser(property),
  valued('--flink-version <version>', 'Behave like the client of this Flink version', asIs, chosen(knownFlinkVersions)),
  valued('--trace <file>', 'Write a line per request to this file', asIs, { kind: 'file' }),
  new Option('--read-only', 'Refuse commands that change anything'),
];

/** The looks. Every command accepts them, so that an alias may set them; without a screen they have no effect. */
export const frontOptions = (): readonly Option[] => [
  new Option('--plain', 'Lines instead of a screen, as in a pipe'),
  new Option('--ascii', 'ASCII characters only'),
  new Option('--no-motion', 'No animation'),
  valued('--theme <name>', `Colours: ${themeNames.join(', ')}`, oneOf('--theme', themeNames), chosen(themeNames)),
];

export const outputOption = (formats: readonly string[]): Option =>
  valued('-o, --output <format>', `How to print: ${formats.join(', ')}`, asIs, chosen(formats));
export const allNamespacesOption = (summary: string): Option => new Option('-A, --all-namespaces', summary);
export const watchOption = (): Option => new Option('-w, --watch', 'Print it again whenever it changes, until Ctrl+C');
export const timeoutOption = (): Option =>
  valued('--timeout <duration>', 'Stop waiting after this time, e.g. 90s or 5m; what was started continues', milliseconds);
export const exitCodeOption = (): Option =>
  new Option('--exit-code', 'Exit with 1 if something is wrong, with 3 if that could not be found out');
export const yesOption = (): Option => new Option('-y, --yes', 'Do not ask');
export const sandboxOption = (): Option => new Option('--sandbox', 'Attach to the embedded sandbox instead');

/** All options that may precede the name of a command; a command that does not accept one of them refuses it there as well. */
export const everyOption = (): readonly Option[] => [
  ...connectionOptions(),
  ...frontOptions(),
  allNamespacesOption('Choose from the clusters of all namespaces'),
  sandboxOption(),
  ...[outputOption([]), watchOption(), timeoutOption(), exitCodeOption(), yesOption()].map((option) => option.hideHelp()),
];

/**
 * The options given from the program down to this command: they mean the same before and after its name. Throws a `Problem` for an option
 * that the command does not accept, and for two values.
 */
export function givenOptions(command: Command, own: RawOptions = command.opts(), known: readonly Option[] = command.options): RawOptions {
  const taken = new Set(known.map((option) => option.attributeName()));
  let given: Readonly<Record<string, unknown>> = {};
  for (const above of ancestors(command)) {
    for (const option of above.options) {
      const name = option.attributeName();
      if (above.getOptionValueSource(name) !== 'cli') continue;
      if (!taken.has(name)) throw noSuchOption(command, option.long ?? option.short ?? '', known);
      given = joined(given, option, name, above.getOptionValue(name));
    }
  }
  for (const option of known) {
    const name = option.attributeName();
    const value = (own as Readonly<Record<string, unknown>>)[name];
    if (value !== undefined && !(option.negate && value === true)) given = joined(given, option, name, value);
  }
  return given;
}

/** From the program down. */
const ancestors = ({ parent }: Command): readonly Command[] => (parent === null ? [] : [...ancestors(parent), parent]);

function joined(given: Readonly<Record<string, unknown>>, option: Option, name: string, value: unknown): Readonly<Record<string, unknown>> {
  const before = given[name];
  if (before === undefined) return { ...given, [name]: value };
  if (name === 'D') return { ...given, D: added(before as Readonly<Record<string, string>>, value as Readonly<Record<string, string>>) };
  if (before !== value) throw givenTwice(option.long ?? option.short ?? name, before, value);
  return given;
}

/** The problem that a command does not accept an option, wherever it was given; suggests the option that was probably meant. */
export function noSuchOption(command: Command, given: string, known: readonly Option[] = command.options): Problem {
  const shared = everyOption().find(({ short, long }) => (given.startsWith('--') ? given === long : given.slice(0, 2) === short));
  const flag = shared?.long ?? shared?.short ?? given;
  const near = similar(
    flag,
    known.flatMap(({ long, hidden }) => (long === undefined || hidden ? [] : [{ word: long, risky: long === '--yes' }])),
  );
  return usage(`${pathOf(command)} has no option ${flag}.`, `${near === undefined ? '' : `Did you mean ${near}? `}${helpHint(command)}`);
}

/** `deploy session`, without the program's name; for the program itself, its name. */
export const pathOf = (command: Command): string => [...ancestors(command).slice(1), command].map((each) => each.name()).join(' ');

export const helpHint = (command: Command): string =>
  `${command.parent === null ? 'drey' : `drey ${pathOf(command)}`} --help shows the options.`;

/** The connection described by the options. Throws a `Problem` if they give two values for one thing. */
export function connectionOf(options: RawOptions): ConnectionOptions {
  const properties = options.D ?? {};
  for (const [name, flag, key] of targets) {
    const [direct, byKey] = [options[name], properties[key]];
    if (direct !== undefined && byKey !== undefined && direct !== byKey)
      throw usage(`${flag} ${direct} and -D${key}=${byKey} contradict each other.`, 'Give one of them.');
  }
  return {
    kubeconfig: options.kubeconfig,
    context: options.context,
    namespace: options.namespace,
    allNamespaces: options.allNamespaces === true,
    properties,
    flinkVersion: options.flinkVersion,
    trace: options.trace,
  };
}

/** The cluster, given as an argument or with `-D`. Throws a `Problem` if these differ. */
export function clusterOf(argument: string | undefined, { D }: RawOptions): string | undefined {
  const byKey = D?.[targetKeys.clusterId];
  if (argument !== undefined && byKey !== undefined && argument !== byKey)
    throw usage(`Cluster ${argument} and -D${targetKeys.clusterId}=${byKey} contradict each other.`, 'Give one of them.');
  return argument ?? byKey;
}

export const frontOf = (options: RawOptions): FrontOptions => ({
  plain: options.plain === true,
  readOnly: options.readOnly === true,
  ascii: options.ascii,
  motion: options.motion === false ? false : undefined,
  theme: options.theme,
});

/** The requested format. Throws a `Problem` if it is not one of `formats`. */
export const formatOf = <const C extends readonly string[]>({ output }: RawOptions, formats: C): C[number] | undefined =>
  output === undefined ? undefined : oneOf('-o', formats)(output);
