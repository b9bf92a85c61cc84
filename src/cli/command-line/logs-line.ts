import type { Command } from 'commander';
import { levelNames, type LevelName } from '../../session/logs/level-names.ts';
import { Problem } from '../../support/problem.ts';
import type { ConnectionOptions } from './connection-options.ts';
import {
  clusterOf,
  connectionOf,
  connectionOptions,
  formatOf,
  frontOptions,
  givenOptions,
  milliseconds,
  oneOf,
  outputOption,
  type RawOptions,
  valued,
} from './shared-options.ts';

/** A moment as it is typed: a time before now, or a time. */
export type Moment = { readonly kind: 'ago'; readonly ms: number } | { readonly kind: 'at'; readonly at: number };

const formats = ['text', 'json'] as const;

/** `drey logs`: prints the logs of pods, without a session. */
export interface LogsInvocation {
  readonly kind: 'logs';
  readonly clusterId: string | undefined;
  /** Name of a pod, or of a group of them; undefined: all. */
  readonly which: string | undefined;
  readonly follow: boolean;
  readonly since: Moment | undefined;
  readonly until: Moment | undefined;
  /** How many of the latest lines of each pod. */
  readonly tail: number | undefined;
  readonly grep: string | undefined;
  readonly level: LevelName | undefined;
  /** The container before the one that runs. */
  readonly previous: boolean;
  readonly container: string | undefined;
  /** Counts the messages by what they have in common, in place of printing them. */
  readonly templates: boolean;
  readonly format: (typeof formats)[number];
  readonly connection: ConnectionOptions;
}

interface LogOptions extends RawOptions {
  readonly follow?: boolean;
  readonly since?: Moment;
  readonly until?: Moment;
  readonly tail?: number;
  readonly grep?: string;
  readonly level?: LevelName;
  readonly previous?: boolean;
  readonly container?: string;
  readonly templates?: boolean;
}

export function addLogs(command: Command, settle: (found: LogsInvocation) => void): void {
  const levels = { kind: 'choice', choices: levelNames } as const;
  command
    .argument('[cluster]', 'Cluster id; may be left out if there is only one')
    .argument('[pod]', 'Name of a pod, jobmanager, taskmanagers or all; default: all')
    .option('-f, --follow', 'Keep printing new lines, those of new pods as well, until Ctrl+C')
    .addOption(valued('--since <time>', 'Only lines from then on: 10m ago, or a time such as 2026-11-22T11:30:00Z', moment))
    .addOption(valued('--until <time>', 'Only lines up to then', moment))
    .addOption(valued('--tail <lines>', 'Only that many of the latest lines of each pod', count))
    .addOption(
      valued(
        '--grep <pattern>',
        'Only entries with a match, with their stack traces; ! leaves out, && adds another pattern; lower case matches both',
        (given) => given,
      ),
    )
    .addOption(
      valued(
        '--level <level>',
        'Only entries of this level and above',
        (given) => oneOf('--level', levelNames)(given.toUpperCase()),
        levels,
      ),
    )
    .option('--templates', 'The messages by what they have in common, counted, in place of the lines')
    .option('-p, --previous', 'The log of the container before the one that runs')
    .addOption(valued('-c, --container <name>', 'Container of the pods; default: that of Flink', (given) => given));
  for (const option of [...connectionOptions(), ...frontOptions().map((each) => each.hideHelp()), outputOption(formats)])
    command.addOption(option);
  command.action((clusterId: string | undefined, which: string | undefined) => {
    const options: LogOptions = givenOptions(command);
    const { follow = false, since, until, tail, grep, level, previous = false, container, templates = false } = options;
    if (follow && previous)
      throw new Problem('usage', 'The container before has ended: --previous cannot be followed.', { hint: 'Leave out -f.' });
    if (follow && until !== undefined) throw new Problem('usage', '--until ends a log, and -f follows it.', { hint: 'Give one of them.' });
    if (follow && templates)
      throw new Problem('usage', '--templates counts what there is, and -f waits for more.', { hint: 'Give one of them.' });
    settle({
      kind: 'logs',
      clusterId: clusterOf(clusterId, options),
      which,
      follow,
      since,
      until,
      tail,
      grep,
      level,
      previous,
      container,
      templates,
      format: formatOf(options, formats) ?? 'text',
      connection: connectionOf(options),
    });
  });
}

function count(given: string): number {
  if (!/^\d{1,9}$/.test(given)) throw new Problem('usage', `--tail takes a number of lines, not ${given}.`);
  return Number(given);
}

/** `10m`, or a date and time in ISO 8601; without a zone it is local time. */
function moment(given: string): Moment {
  if (!/^\d{4}-\d\d-\d\d/.test(given)) return { kind: 'ago', ms: milliseconds(given) };
  const at = Date.parse(given.replace(' ', 'T'));
  if (Number.isNaN(at))
    throw new Problem('usage', `${given} is not a time.`, {
      hint: 'A time is written as 2026-11-22T11:30:00Z, or as 10m: ten minutes ago.',
    });
  return { kind: 'at', at };
}
