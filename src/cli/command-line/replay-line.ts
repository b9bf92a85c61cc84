import { type Command, Option } from 'commander';
import { Problem } from '../../support/problem.ts';
import type { FrontOptions } from './connection-options.ts';
import { frontOf, frontOptions, givenOptions, helpHint, namespaceOption, portNumber, valued } from './shared-options.ts';

/** 0: any free one. */
export interface ServedPorts {
  readonly api: number;
  readonly rest: number;
}

export interface ReplayInvocation {
  readonly kind: 'replay';
  readonly recording:
    | { readonly kind: 'path'; readonly path: string }
    | { readonly kind: 'kept'; readonly clusterId: string; readonly namespace: string | undefined };
  readonly at: string | undefined;
  /** Serve both APIs instead of showing it. */
  readonly serve: ServedPorts | undefined;
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
    new Option('--serve', 'Serve it as the APIs of Kubernetes and Flink, for kubectl and others, until Ctrl+C'),
    valued('--port <number>', 'Port of the API server, with --serve; default: any free one', portNumber),
    valued('--rest-port <number>', "Port of Flink's REST endpoint, with --serve; default: any free one", portNumber),
    ...frontOptions(),
  ])
    command.addOption(option);
  command.action((path: string | undefined) => {
    const options = givenOptions(command);
    const { cluster, namespace, at, port, restPort } = options;
    const wrong = (sentence: string): Problem => new Problem('usage', sentence, { hint: helpHint(command) });
    if (path !== undefined && (cluster ?? namespace) !== undefined)
      throw wrong(`replay takes either a file or ${cluster === undefined ? '-n' : '--cluster'}, not both.`);
    if (options.serve !== true && (port ?? restPort) !== undefined)
      throw wrong(`${port === undefined ? '--rest-port' : '--port'} is for replay --serve.`);
    const serve = options.serve === true ? { api: port ?? 0, rest: restPort ?? 0 } : undefined;
    const shared = { kind: 'replay', at, serve, front: frontOf(options) } as const;
    if (path !== undefined) return settle({ ...shared, recording: { kind: 'path', path } });
    if (cluster === undefined) throw wrong('replay needs FILE or --cluster.');
    settle({ ...shared, recording: { kind: 'kept', clusterId: cluster, namespace } });
  });
}
