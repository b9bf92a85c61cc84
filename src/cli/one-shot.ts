import { quoteWord } from '../commands/line-parser.ts';
import type { FrontEnd } from '../commands/types.ts';
import { createSessionStore } from '../session/store.ts';
import type { Operation, Session, SessionStore } from '../session/types.ts';
import { Problem, sentence } from '../support/problem.ts';
import type { Invocation } from './invocation.ts';
import { type CliIo, exitCodes } from './io.ts';
import { openAttachment } from './open-attachment.ts';
import { connect } from './services.ts';

type Of<K extends Invocation['kind']> = Extract<Invocation, { readonly kind: K }>;

/** A command of the catalogue, once: what it says goes to stdout, and with `-o json` as one documented object. */
export async function runCommand({ clusterId, words, format, timeoutMs, connection: options, readOnly }: Of<'command'>, io: CliIo): Promise<number> {
  await using connection = await connect(options, io);
  const limit = timeoutMs === undefined ? io.signal : AbortSignal.any([io.signal, AbortSignal.timeout(timeoutMs)]);
  const store = createSessionStore({ clusterId, namespace: connection.namespace, context: connection.kubernetes.context, server: connection.kubernetes.server });
  const machine = format === 'json' || format === 'yaml';
  const messages: string[] = [];
  const say = (lines: readonly string[], tone?: string) => {
    if (machine) messages.push(...lines);
    else for (const line of lines) (tone === 'error' || tone === 'warn' ? io.stderr : io.stdout)(`${line}\n`);
  };
  await using attachment = await openAttachment({
    connection, clusterId, store, front: oneShotFront(say), mode: 'one-shot', readOnly, sandbox: undefined, mustExist: true, io, signal: io.signal,
  });
  await known(store, limit);
  const line = words.map(quoteWord).join(' ');
  const plan = await attachment.runner.plan(line, { confirmed: true, signal: limit });
  const failure = async (): Promise<Problem | undefined> => {
    switch (plan.kind) {
      case 'nothing': return new Problem('usage', 'There is no command to run.');
      case 'error': return plan.problem.kind === 'usage' ? plan.problem : new Problem('failed', sentence(plan.problem), { cause: plan.problem });
      case 'refused': return new Problem('failed', plan.reason);
      case 'run':
      case 'confirm': {
        const outcome = await attachment.runner.run(plan, limit);
        if (outcome.kind === 'failed') return outcome.problem;
        return outcome.kind === 'aborted' ? new Problem('unavailable', 'The wait was ended; what was started goes on.') : undefined;
      }
    }
  };
  const problem = await failure();
  if (machine) await printResult(store.get(), messages, problem, format, io);
  else if (problem !== undefined) io.stderr(`${sentence(problem)}\n`);
  if (io.signal.aborted) return exitCodes.interrupted;
  if (problem === undefined) return exitCodes.ok;
  return problem.kind === 'usage' ? exitCodes.usage : exitCodes.failed;
}

/** Until jobs and pods were heard of once, or it is clear that one of them will not be. */
async function known(store: SessionStore, signal: AbortSignal): Promise<void> {
  const heard = (session: Session, source: 'pods' | 'flink') => (session.sources.get(source)?.state ?? 'connecting') !== 'connecting';
  await store.until((session) => heard(session, 'pods') && heard(session, 'flink'), signal);
}

async function printResult(session: Session, messages: readonly string[], problem: Problem | undefined, format: 'json' | 'yaml', io: CliIo): Promise<void> {
  const data = {
    ok: problem === undefined,
    messages,
    error: problem === undefined ? null : { kind: problem.kind, message: problem.message, hint: problem.hint ?? null },
    operations: session.operations.map(operationData),
  };
  io.stdout(format === 'json' ? `${JSON.stringify(data, undefined, 2)}\n` : (await import('yaml')).stringify(data));
}

function operationData({ kind, jobId, title, state, startedAt, endedAt, progress, result }: Operation): unknown {
  const stamp = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString());
  return { kind, jobId: jobId ?? null, title, state, startedAt: stamp(startedAt), endedAt: stamp(endedAt), progress: progress ?? null, result: result ?? null };
}

function oneShotFront(say: (lines: readonly string[], tone?: string) => void): FrontEnd {
  return {
    print: say,
    show(view) {
      if ('text' in view) say(view.text);
    },
    quit: () => undefined,
    clear: () => undefined,
    themes: [],
    setTheme: () => undefined,
    setMouse: () => undefined,
  };
}
