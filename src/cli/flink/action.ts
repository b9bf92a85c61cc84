import { clientTimeout } from '../../config/options/options-cluster.ts';
import { parseDuration } from '../../config/options/amounts.ts';
import type { FlinkConfig } from '../../config/options/types.ts';
import type { FlinkClient } from '../../flink/types.ts';
import type { Clock } from '../../support/clock.ts';
import { harmlessRow } from '../../support/foreign-text.ts';
import { jsonText } from '../../support/machine-text.ts';
import { Problem, withHint } from '../../support/problem.ts';
import { timeLimit } from '../../support/waiting.ts';
import type { CliIo } from '../process/io.ts';
import type { ParsedLine } from './command-line.ts';
import { configure, targetOf, type Configured } from './configuration.ts';
import type { FlinkConnection, FlinkServices } from './types.ts';

/** The tools of every action. */
export interface ActionContext {
  readonly line: ParsedLine;
  readonly io: CliIo;
  readonly services: FlinkServices;
  /** `-o json`: one JSON document on standard output, and nothing else there. */
  readonly json: boolean;
  /** Prints a line of Flink's own output; on standard error if the output is JSON. */
  readonly say: (line: string) => void;
  /** Prints the result for a program; does nothing if the output is text. */
  readonly result: (value: unknown) => void;
}

export function actionContext(line: ParsedLine, io: CliIo, services: FlinkServices): ActionContext {
  const format = line.value('output') ?? 'text';
  if (format !== 'text' && format !== 'json')
    throw new Problem('usage', `"${format}" is not an output format.`, { hint: 'Use text or json.' });
  const json = format === 'json';
  return {
    line,
    io,
    services,
    json,
    say: (text) => (json ? io.stderr : io.stdout)(`${harmlessRow(text)}\n`),
    result(value) {
      if (json) io.stdout(jsonText(value));
    },
  };
}

export interface Connected {
  readonly client: FlinkClient;
  readonly findSavepoint: FlinkConnection['findSavepoint'];
  readonly config: FlinkConfig;
  readonly clock: Clock;
  /** Ctrl+C, or the end of the time limit. */
  readonly signal: AbortSignal;
}

/** Finds the cluster in the options, prints what Flink prints of it, and runs `work`; limits the wait if the user set a limit. */
export async function withCluster<T>(
  context: ActionContext,
  work: (cluster: Connected) => Promise<T>,
  configured: Configured = configure(context.line, context.services),
): Promise<T> {
  const { io, services, say } = context;
  const { config } = configured;
  const target = targetOf(configured);
  const limitMs = patienceMs(context.line, config);
  using limit = timeLimit(limitMs, io.signal, io.clock);
  const { signal } = limit;
  try {
    await using connection = await services.clientFor(target, config, { signal, trace: context.line.value('trace') });
    if (connection.announcement !== undefined) say(connection.announcement);
    return await work({ client: connection.client, findSavepoint: connection.findSavepoint, config, clock: io.clock, signal });
  } catch (error) {
    // No address was given, and Flink's default is rarely right on Kubernetes.
    if (error instanceof Problem && error.kind === 'unreachable' && target.kind === 'remote' && configured.address === undefined)
      throw withHint(error, 'For a cluster on Kubernetes: -t kubernetes-session -Dkubernetes.cluster-id=NAME.');
    if (!signal.aborted || io.signal.aborted || error instanceof Problem) throw error;
    throw new Problem('unavailable', `Nothing more came within ${describe(limitMs ?? 0)}; what was started continues in the cluster.`, {
      hint: 'Give more time with --timeout, or look with list.',
    });
  }
}

/** The known facts about a started operation, printed if the wait ends early. */
interface Started {
  readonly jobId: string;
  readonly triggerId?: string;
  readonly savepoint?: string;
}

/**
 * Waits for something that was started. If Ctrl+C or a timeout ends the wait first, the known facts are the result: impatience loses
 * nothing.
 */
export async function waitFor<T>(
  { io, result }: ActionContext,
  { signal }: Connected,
  started: Started,
  wait: () => Promise<T>,
): Promise<T> {
  try {
    return await wait();
  } catch (error) {
    if (signal.aborted) {
      if (started.triggerId !== undefined && started.savepoint === undefined)
        io.stderr(`What was triggered continues in the cluster: job ${started.jobId}, trigger id ${started.triggerId}.\n`);
      result(started);
    }
    throw error;
  }
}

/** `--timeout`, otherwise `client.timeout` if it was set explicitly: Flink's default of a minute loses savepoints that take longer. */
function patienceMs(line: ParsedLine, config: FlinkConfig): number | undefined {
  const text = line.value('timeout');
  if (text === undefined) return config.has(clientTimeout) ? config.get(clientTimeout) : undefined;
  try {
    return parseDuration(text);
  } catch (error) {
    throw new Problem('usage', `"${text}" is not a duration.`, { hint: 'Write 30 s, 5 min or 1 h.', cause: error });
  }
}

const describe = (ms: number): string => (ms >= 1000 ? `${Math.round(ms / 1000)} s` : `${ms} ms`);
