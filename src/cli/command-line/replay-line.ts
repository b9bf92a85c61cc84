import type { Command } from 'commander';
import { Problem } from '../../support/problem.ts';
import type { FrontOptions } from './connection-options.ts';
import { frontOf, frontOptions, givenOptions, helpHint, namespaceOption, valued } from './shared-options.ts';

export interface ReplayInvocation {
  readonly kind: 'replay';
  readonly recording:
    | { readonly kind: 'path'; readonly path: string }
    | { readonly kind: 'kept'; readonly clusterId: string; readonly namespace: string | undefined };
  readonly at: string | undefined;
  readonly front: FrontOptions;
}

/** `drey replay FILE`, `drey replay --cluster ID`. */
export function addReplay(program: Command, settle: (found: ReplayInvocation) => void): void {
  const command = program
    .command('replay')
    .description('Open a recording: a bundle, a folder with a recording, or what this machine recorded of a cluster')
    .argument('[file]', 'A bundle, or a folder with a recording');
  for (const option of [
    valued('--cluster <id>', 'What this machine recorded of a cluster', (given) => given, { kind: 'recording' }),
    namespaceOption('Namespace of that cluster, if it was recorded in several'),
    valued('--at <time>', 'Moment to begin at: 03:12, 2026-11-22T03:12, or 5m before the end; default: the end', (given) => given, {
      kind: 'time',
    }),
    ...frontOptions(),
  ])
    command.addOption(option);
  command.action((path: string | undefined) => {
    const options = givenOptions(command);
    const { cluster, namespace, at } = options;
    const wrong = (sentence: string): Problem => new Problem('usage', sentence, { hint: helpHint(command) });
    if (path !== undefined && (cluster ?? namespace) !== undefined)
      throw wrong(`replay takes either a file or ${cluster === undefined ? '-n' : '--cluster'}, not both.`);
    const front = frontOf(options);
    if (path !== undefined) return settle({ kind: 'replay', recording: { kind: 'path', path }, at, front });
    if (cluster === undefined) throw wrong('replay needs FILE or --cluster.');
    settle({ kind: 'replay', recording: { kind: 'kept', clusterId: cluster, namespace }, at, front });
  });
}
