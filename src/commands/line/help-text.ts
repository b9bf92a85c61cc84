import { optionName, argumentLabel, usageLine } from './read-arguments.ts';
import type { Command } from '../model/types.ts';

const groups: readonly (readonly [Command['group'], string])[] = [
  ['session', 'Session'],
  ['jobs', 'Jobs'],
  ['pods', 'Pods and logs'],
  ['view', 'Screen'],
  ['sandbox', 'Sandbox'],
];

const tour: readonly string[] = [
  'This is the embedded sandbox: a small session cluster of its own, nothing outside of it is touched.',
  '1. list and pods show what runs; logs jm follows the JobManager.',
  '2. submit and Tab offers example jars; the job and its TaskManager appear.',
  '3. savepoint JOB keeps a state, cancel JOB ends a job, why says what is wrong.',
  '4. stop deletes the cluster; quit leaves it alone. Here both cost nothing.',
  '5. sandbox lets something break, such as sandbox oom; drill asks you to find out what.',
];

/**
 * `name - summary` of every command, in the format of Flink's attached mode. `tour`: begins with a way through the sandbox; `screen`:
 * includes the commands that need one.
 */
export function overviewHelp(
  catalogue: readonly Command[],
  { tour: withTour, screen }: { readonly tour: boolean; readonly screen: boolean },
): readonly string[] {
  const lines: string[] = withTour ? [...tour, ''] : [];
  lines.push('Available commands:');
  for (const [group] of groups) {
    if (group === 'view' && !screen) continue;
    for (const entry of catalogue.filter((one) => one.group === group)) lines.push(`${withAliases(entry)} - ${entry.summary}`);
  }
  lines.push('help NAME tells more about one of them.');
  return lines;
}

const withAliases = ({ name, aliases }: Command): string => (aliases.length === 0 ? name : `${name} (${aliases.join(', ')})`);

/** Everything about one command. */
export function commandHelp(command: Command): readonly string[] {
  const rows: (readonly [string, string])[] = [
    ...(command.subcommands ?? []).map((below) => [usageLine(below), below.summary] as const),
    ...(command.subcommands === undefined ? command.args : []).map((spec) => [argumentLabel(spec), spec.summary] as const),
    ...command.options.map((spec) => [optionLabel(spec), spec.summary] as const),
  ];
  const width = Math.max(0, ...rows.map(([label]) => label.length));
  return [
    `${usageLine(command)}`,
    `${command.summary}.`,
    ...(command.details === undefined ? [] : [command.details]),
    ...(command.aliases.length === 0 ? [] : [`Also: ${command.aliases.join(', ')}`]),
    ...rows.map(([label, summary]) => `  ${label.padEnd(width)}  ${summary}`),
    ...command.examples.map((example) => `  e.g. ${example}`),
  ];
}

/** `-p, --parallelism N`. */
export function optionLabel(spec: Command['options'][number]): string {
  if (spec.long === undefined) return `-${spec.short ?? ''}${spec.value ?? ''}`;
  const names = spec.short === undefined ? optionName(spec) : `-${spec.short}, ${optionName(spec)}`;
  return spec.value === undefined ? names : `${names} ${spec.value}`;
}

/** The groups of the catalogue with their titles, in display order. */
export const commandGroups = groups;
