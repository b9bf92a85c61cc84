import { programOf } from '../../src/cli/command-line/invocation.ts';
import { catalogue } from '../../src/commands/catalogue.ts';
import { drillCommand } from '../../src/commands/catalogue/drill.ts';
import { sandboxCommand } from '../../src/commands/catalogue/sandbox.ts';
import { commandGroups, optionLabel } from '../../src/commands/line/help-text.ts';
import { argumentLabel, usageLine } from '../../src/commands/line/read-arguments.ts';
import type { Command, Danger } from '../../src/commands/model/types.ts';
import { actions } from '../../src/sandbox/control/actions.ts';
import { code, escaped, page, table } from './markdown.ts';

const dangers: Readonly<Record<Danger, string>> = {
  safe: 'changes nothing on the cluster',
  change: 'changes the cluster',
  confirm: 'asks first',
  destroy: 'asks for the cluster id if jobs are running',
};

/** docs/commands.md */
export function commandsPage(): string {
  return page(
    '# Commands',
    'The same commands on the command line of the screen, in line mode, and, for one cluster, from a shell; `drey NAME --help` shows the options that only a shell has. A line is read as a shell reads it: quotes and backslashes keep spaces.',
    'A job is named by its id, a unique prefix of its id, or its name if no other job has it. A pod is named by its name or a unique prefix of it, with or without the cluster id; `jm` is the leading JobManager, `tm1-3` is `taskmanager-1-3`. On the screen, a command that changes nothing may leave out the job, the vertex, the subtask or the pod that one looks at.',
    ...commandGroups.flatMap(([group, title]) => {
      const commands = commandsOfAll.filter((command) => command.group === group);
      return [
        `## ${title}`,
        table(
          ['command', '', ''],
          commands.map((command) => [link(command), escaped(command.summary), dangers[command.danger]]),
        ),
        ...commands.map(section),
      ];
    }),
  );
}

const sandbox = { kubeconfig: undefined, outlives: false, actions, perform: () => Promise.reject(new Error('the reference does nothing')) };

/** The commands of the sandbox come last. */
const commandsOfAll: readonly Command[] = [...catalogue, sandboxCommand(sandbox), drillCommand(sandbox)];

/** `drey pods [options] [cluster] [pod]` by the name in the session, for the commands that a shell can run. */
const shellLines: ReadonlyMap<string, string> = new Map(
  programOf('', { catalogue, actions }, () => undefined).commands.flatMap((command) =>
    [command.name(), ...command.aliases()].map((name) => [name, `drey ${command.name()} ${command.usage()}`] as const),
  ),
);

const link = ({ name }: Command): string => `[${code(name)}](#${name})`;

function section(command: Command): string {
  const rows =
    command.subcommands !== undefined
      ? command.subcommands.map((below) => [code(usageLine(below)), escaped(below.summary)])
      : [
          ...command.args.map((spec) => [code(argumentLabel(spec)), escaped(spec.summary)]),
          ...command.options.map((spec) => [code(optionLabel(spec)), escaped(spec.summary) + (spec.repeatable ? '; repeatable' : '')]),
        ];
  return [
    `### ${command.name}`,
    code(usageLine(command)),
    `${escaped(command.summary)}.${command.details === undefined ? '' : ` ${escaped(command.details)}`}`,
    command.shell === undefined ? undefined : `In a shell: ${code(shellLines.get(command.name) ?? '')}.`,
    command.aliases.length === 0 ? undefined : `Also: ${command.aliases.map(code).join(', ')}.`,
    rows.length === 0 ? undefined : table(['', ''], rows),
    command.examples.length === 0 ? undefined : command.examples.map((example) => `    ${example}`).join('\n'),
  ]
    .filter((block) => block !== undefined)
    .join('\n\n');
}
