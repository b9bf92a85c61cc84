import { quoteWord } from '../commands/line-parser.ts';
import type { Plan } from '../commands/runner.ts';
import type { FrontEnd } from '../commands/types.ts';
import { isAgreement, questionLines, unchanged } from '../console/question.ts';
import { createSessionStore } from '../session/store.ts';
import type { Operation, Session, SessionStore } from '../session/types.ts';
import { jsonText, yamlText } from '../support/machine-text.ts';
import { isAbort, Problem, sentence } from '../support/problem.ts';
import { ask, canAsk } from './ask.ts';
import { openLines } from './farewell.ts';
import { type CliIo, exitCodes } from './io.ts';
import { onlyCluster } from './list-commands.ts';
import type { OneShotInvocation } from './one-shot-line.ts';
import { type Attachment, openAttachment } from './open-attachment.ts';
import { connect } from './services.ts';

/** What one run of a command came to. */
interface Result {
  readonly problem: Problem | undefined;
  /** What this run started, and nothing of earlier ones. */
  readonly operations: readonly Operation[];
}

/** A command of the catalogue, once: what it says goes to stdout, and with `-o json` as one documented object. */
export async function runCommand(invocation: OneShotInvocation, io: CliIo): Promise<number> {
  const { format } = invocation;
  const machine = format === 'json' || format === 'yaml';
  const messages: string[] = [];
  const say = (lines: readonly string[], tone?: string) => {
    if (machine) messages.push(...lines);
    else for (const line of lines) (tone === 'error' || tone === 'warn' ? io.stderr : io.stdout)(`${line}\n`);
  };
  const { problem, operations } = await attempt(invocation, say, io);
  if (machine) await printResult({ problem, operations }, messages, format, io);
  else if (problem !== undefined) io.stderr(`${sentence(problem)}\n`);
  if (io.signal.aborted) return exitCodes.interrupted;
  if (problem === undefined) return exitCodes.ok;
  return problem.kind === 'usage' ? exitCodes.usage : exitCodes.failed;
}

/** Runs it; whatever goes wrong on the way there is an answer for programs as well. */
async function attempt(invocation: OneShotInvocation, say: FrontEnd['print'], io: CliIo): Promise<Result> {
  try {
    return await run(invocation, say, io);
  } catch (error) {
    if (isAbort(error) && io.signal.aborted) return { problem: waitEnded(), operations: [] };
    if (!(error instanceof Problem)) throw error;
    return { problem: error, operations: [] };
  }
}

async function run({ clusterId: named, words, timeoutMs, accepted, connection: options, readOnly }: OneShotInvocation, say: FrontEnd['print'], io: CliIo): Promise<Result> {
  await using connection = await connect(options, io);
  const limit = timeoutMs === undefined ? io.signal : AbortSignal.any([io.signal, AbortSignal.timeout(timeoutMs)]);
  const clusterId = named ?? (await onlyCluster(connection.kubernetes, connection.namespace, limit));
  const store = createSessionStore({ clusterId, namespace: connection.namespace, context: connection.kubernetes.context, server: connection.kubernetes.server });
  await using attachment = await openAttachment({
    connection, clusterId, store, front: oneShotFront(say), mode: 'one-shot', readOnly, sandbox: undefined, mustExist: true, io, signal: io.signal,
  });
  await known(store, limit);
  const plan = await attachment.runner.plan(words.map(quoteWord).join(' '), { confirmed: accepted || !canAsk(io), signal: limit });
  const problem = (await declined(plan, io)) ?? await performed(plan, attachment, limit);
  const { operations } = store.get();
  for (const line of openLines(store.get())) io.stderr(`${line}\n`);
  return { problem, operations };
}

/** On a terminal, what the screen asks for is asked for here as well. */
async function declined(plan: Plan, io: CliIo): Promise<Problem | undefined> {
  if (plan.kind !== 'confirm') return undefined;
  const answer = await ask(`${questionLines(plan).join('\n')} `, io);
  return isAgreement(answer, plan) ? undefined : new Problem('failed', unchanged(plan));
}

/** Runs what is planned; undefined: it is done. */
async function performed(plan: Plan, { runner }: Attachment, limit: AbortSignal): Promise<Problem | undefined> {
  switch (plan.kind) {
    case 'nothing': return limit.aborted ? waitEnded() : new Problem('usage', 'There is no command to run.');
    case 'error': return plan.problem;
    case 'refused': return new Problem(plan.because, plan.reason);
    case 'run':
    case 'confirm': {
      const outcome = await runner.run(plan, limit);
      if (outcome.kind === 'failed') return outcome.problem;
      return outcome.kind === 'aborted' ? waitEnded() : undefined;
    }
  }
}

const waitEnded = (): Problem => new Problem('unavailable', 'The wait was ended; what was started continues.');

/** Until jobs and pods were heard of once, or it is clear that one of them will not be. */
async function known(store: SessionStore, signal: AbortSignal): Promise<void> {
  const heard = (session: Session, source: 'pods' | 'flink') => (session.sources.get(source)?.state ?? 'connecting') !== 'connecting';
  await store.until((session) => heard(session, 'pods') && heard(session, 'flink'), signal);
}

async function printResult({ problem, operations }: Result, messages: readonly string[], format: 'json' | 'yaml', io: CliIo): Promise<void> {
  const data = {
    ok: problem === undefined,
    messages,
    error: problem === undefined ? null : { kind: problem.kind, message: problem.message, hint: problem.hint ?? null },
    operations: operations.map(operationData),
  };
  io.stdout(format === 'json' ? jsonText(data) : await yamlText(data));
}

function operationData({ kind, jobId, title, state, startedAt, endedAt, progress, result }: Operation): unknown {
  const stamp = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString());
  return {
    kind, jobId: jobId ?? null, title, state, startedAt: stamp(startedAt), endedAt: stamp(endedAt), progress: progress ?? null, result: result ?? null,
    checkpointId: kind === 'checkpoint' && state === 'succeeded' ? Number(result) : null,
  };
}

function oneShotFront(say: FrontEnd['print']): FrontEnd {
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
