import type { Command } from 'commander';
import type { Command as CatalogueCommand, Listable, ShellForm } from '../../commands/model/types.ts';
import { type ConnectionOptions, type OutputFormat, outputFormats } from './connection-options.ts';
import { addLogs, type LogsInvocation } from './logs-line.ts';
import {
  allNamespacesOption,
  clusterOf,
  connectionOf,
  connectionOptions,
  formatOf,
  frontOptions,
  givenOptions,
  outputOption,
  portNumber,
  valued,
  watchOption,
} from './shared-options.ts';

/** A command line that prints what exists, without a session: `drey pods`, `drey operations`, `drey web`. */
export type LookUpInvocation = ListInvocation | LogsInvocation | OperationsInvocation | WebInvocation;

export interface ListInvocation {
  readonly kind: 'list';
  readonly what: Listable;
  readonly clusterId: string | undefined;
  /** Only this pod or job, or what is about it. */
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

export interface WebInvocation {
  readonly kind: 'web';
  readonly clusterId: string | undefined;
  readonly open: boolean;
  readonly port: number | undefined;
  readonly connection: ConnectionOptions;
}

type Settle = (found: LookUpInvocation) => void;

/** Adds a command of the catalogue that a shell runs as a look-up. */
export function addLookUp(program: Command, entry: CatalogueCommand, form: Exclude<ShellForm, { kind: 'run' }>, settle: Settle): void {
  const [name, ...aliases] = namesInShell(entry);
  const command = program
    .command(name)
    .description(form.summary ?? entry.summary)
    .aliases(aliases);
  switch (form.kind) {
    case 'list':
      return addList(command, form, settle);
    case 'operations':
      return addOperations(command, settle);
    case 'web':
      return addWeb(command, settle);
    case 'logs':
      return addLogs(command, settle);
  }
}

/** The names of a command in a shell; the first one is shown in the help. */
export function namesInShell({ name, aliases, shell }: CatalogueCommand): readonly [string, ...string[]] {
  const first = shell?.name ?? name;
  return [first, ...[name, ...aliases].filter((other) => other !== first)];
}

function addList(command: Command, { what, one }: Extract<ShellForm, { kind: 'list' }>, settle: Settle): void {
  if (one === undefined) command.addOption(allNamespacesOption('Of all namespaces'));
  else
    command
      .argument('[cluster]', soleCluster)
      .argument(`[${one}]`, one === 'job|pod' ? 'Only of this pod, or of the TaskManagers of this job' : `Only this ${one}`);
  for (const option of [...shared(), outputOption(outputFormats), watchOption()]) command.addOption(option);
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

function addOperations(command: Command, settle: Settle): void {
  command.argument('[cluster]', 'Cluster id; without one, of all clusters, also of those that are gone');
  for (const option of [...shared(), outputOption(outputFormats)]) command.addOption(option);
  command.action((clusterId: string | undefined) => {
    const options = givenOptions(command);
    settle({
      kind: 'operations',
      clusterId: clusterOf(clusterId, options),
      format: formatOf(options, outputFormats) ?? 'text',
      connection: connectionOf(options),
    });
  });
}

function addWeb(command: Command, settle: Settle): void {
  command
    .argument('[cluster]', soleCluster)
    .option('--open', 'Open a local port that follows the JobManager, until Ctrl+C')
    .addOption(valued('--port <number>', 'The local port; default: any that is free', portNumber));
  for (const option of shared()) command.addOption(option);
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

const soleCluster = 'Cluster id; may be left out if there is only one';
const shared = () => [...connectionOptions(), ...frontOptions().map((option) => option.hideHelp())];
