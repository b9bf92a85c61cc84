import type { Command } from 'commander';
import type { SandboxAction } from '../../commands/model/sandbox-control.ts';
import { type ConnectionOptions, resultFormats } from './connection-options.ts';
import type { OneShotInvocation } from './one-shot-line.ts';
import {
  connectionOf,
  connectionOptions,
  formatOf,
  frontOptions,
  givenOptions,
  outputOption,
  portNumber,
  timeoutOption,
  valued,
} from './shared-options.ts';

export interface SandboxInvocation {
  readonly kind: 'sandbox';
  readonly port: number | undefined;
}

/** `drey sandbox` runs a sandbox; `drey sandbox oom`, `drey sandbox outage 20s`, … cause something in one that another program runs. */
export function addSandbox(
  program: Command,
  actions: readonly SandboxAction[],
  settle: (found: SandboxInvocation | OneShotInvocation) => void,
): void {
  const alone = program
    .command('sandbox')
    .description('Run only the embedded sandbox, for kubectl as well; with an action: perform it on the sandbox of this kubeconfig')
    .addOption(valued('--port <number>', 'Port of its API server', portNumber))
    .action((_: unknown, command: Command) => settle({ kind: 'sandbox', port: givenOptions(command).port }));
  for (const action of actions) addAction(alone, action, settle);
}

function addAction(alone: Command, { name, summary, args }: SandboxAction, settle: (found: OneShotInvocation) => void): void {
  const command = alone.command(name).description(summary);
  for (const spec of args)
    command.argument(
      spec.optional ? `[${spec.name}]` : `<${spec.name}>`,
      spec.choices === undefined ? spec.summary : `${spec.summary}: ${spec.choices.join(', ')}`,
    );
  for (const option of [
    ...connectionOptions(),
    ...frontOptions().map((each) => each.hideHelp()),
    outputOption(resultFormats),
    timeoutOption(),
  ])
    command.addOption(option);
  command.action(() => {
    const options = givenOptions(command);
    const connection: ConnectionOptions = connectionOf(options);
    settle({
      kind: 'command',
      clusterId: undefined,
      words: ['sandbox', name, ...command.args],
      format: formatOf(options, resultFormats) ?? 'text',
      timeoutMs: options.timeout,
      exitCode: false,
      accepted: true,
      reads: undefined,
      // It can be healed while its API server is away.
      mustExist: false,
      continues: true,
      connection,
      readOnly: options.readOnly === true,
    });
  });
}
