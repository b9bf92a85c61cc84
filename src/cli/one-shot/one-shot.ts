import { cardMarkdown } from '../../commands/model/card-markdown.ts';
import type { Attempt, Card, Incident, Link } from '../../commands/model/card.ts';
import { quoteWord } from '../../commands/line/line-parser.ts';
import type { Plan } from '../../commands/runner.ts';
import type { Doubt, FrontEnd } from '../../commands/model/types.ts';
import type { Cause, Evidence } from '../../causes/finding.ts';
import { doubtLines, isAgreement, isYes, questionLines, unchanged } from '../../console/question.ts';
import { recordingsFolder } from '../../session/recording/places.ts';
import { createSessionStore } from '../../session/store.ts';
import type { Operation, Target } from '../../session/types.ts';
import { isoTime, jsonText, yamlText } from '../../support/machine-text.ts';
import { isAbort, Problem, sentence } from '../../support/problem.ts';
import { timeLimit } from '../../support/waiting.ts';
import { ask, canAsk } from '../process/ask.ts';
import { openLines } from '../attach/farewell.ts';
import { stateFolder } from '../process/folders.ts';
import { type CliIo, exitCodes } from '../process/io.ts';
import { onlyCluster } from './list-commands.ts';
import type { OneShotInvocation } from '../command-line/one-shot-line.ts';
import { type Attachment, openAttachment } from '../attach/open-attachment.ts';
import { remoteSandbox, theSandbox } from '../wiring/sandbox-control.ts';
import { connect } from '../wiring/services.ts';

/** The result of one run of a command. */
interface Result {
  readonly problem: Problem | undefined;
  /** The operations of this run, without earlier ones. */
  readonly operations: readonly Operation[];
}

/** Its output: lines for a person, the card of `why`, and facts for programs. */
interface Told {
  readonly say: FrontEnd['print'];
  /** Whether programs read the output: they get facts as data, and not as text as well. */
  readonly machine: boolean;
  /** What it was about, once that is known. */
  target: Pick<Target, 'clusterId' | 'namespace'>;
  card: Card | undefined;
  data: unknown;
  /** The exit code of a program that it ran, which is then that of the command. */
  exited: number | undefined;
}

/** Runs a command of the catalogue once. Its output goes to stdout, with `-o json` as one documented object. */
export async function runCommand(invocation: OneShotInvocation, io: CliIo): Promise<number> {
  const { format } = invocation;
  const machine = format === 'json' || format === 'yaml' || format === 'markdown';
  const messages: string[] = [];
  const told: Told = {
    say(lines, tone) {
      if (machine) messages.push(...lines);
      else for (const line of lines) (tone === 'error' || tone === 'warn' ? io.stderr : io.stdout)(`${line}\n`);
    },
    machine,
    target: { clusterId: '', namespace: '' },
    card: undefined,
    data: undefined,
    exited: undefined,
  };
  const { problem, operations } = await attempt(invocation, told, io);
  if (machine && format !== 'markdown') await printResult({ problem, operations }, messages, told, format, io);
  else if (problem !== undefined) io.stderr(`${sentence(problem)}\n`);
  if (format === 'markdown' && told.card !== undefined) io.stdout(`${cardMarkdown(told.card, told.target, io.clock.now()).join('\n')}\n`);
  if (io.signal.aborted) return exitCodes.interrupted;
  if (problem === undefined) return told.exited ?? (invocation.exitCode ? verdict(told.card) : exitCodes.ok);
  return problem.kind === 'usage' ? exitCodes.usage : exitCodes.failed;
}

/** For `why --exit-code`. Anything that could not be checked may be wrong, so the cluster is not reported as healthy. */
function verdict(card: Card | undefined): number {
  if (card === undefined) return exitCodes.ok;
  if (card.findings.length > 0) return exitCodes.failed;
  return card.unknown.length > 0 ? exitCodes.unknown : exitCodes.ok;
}

/** Runs it; any error on the way there becomes an answer for programs as well. */
async function attempt(invocation: OneShotInvocation, told: Told, io: CliIo): Promise<Result> {
  using limit = timeLimit(invocation.timeoutMs, io.signal, io.clock);
  try {
    return await run(invocation, told, limit.signal, io);
  } catch (error) {
    if (isAbort(error) && limit.signal.aborted) return { problem: waitEnded(invocation), operations: [] };
    if (!(error instanceof Problem)) throw error;
    return { problem: error, operations: [] };
  }
}

async function run(
  { clusterId: named, words, accepted, connection: options, readOnly, reads, mustExist, continues }: OneShotInvocation,
  told: Told,
  limit: AbortSignal,
  io: CliIo,
): Promise<Result> {
  await using connection = await connect(options, io);
  await using sandbox = remoteSandbox(connection.kubernetes);
  // A sandbox can be healed while its API server is away, so do not ask for its cluster.
  const clusterId =
    named ??
    (words[0] === 'sandbox' ? theSandbox(sandbox).clusterId : await onlyCluster(connection.kubernetes, connection.namespace, limit));
  told.target = { clusterId, namespace: connection.namespace };
  const store = createSessionStore({
    clusterId,
    namespace: connection.namespace,
    context: connection.kubernetes.context,
    server: connection.kubernetes.server,
  });
  await using attachment = await openAttachment({
    connection,
    clusterId,
    store,
    front: oneShotFront(told, io, accepted || !canAsk(io) ? undefined : (doubt) => agrees(doubt, io)),
    mode: 'one-shot',
    readOnly,
    reads,
    sandbox: sandbox?.control,
    mustExist,
    recordings: recordingsFolder(stateFolder(io)),
    io,
    signal: limit,
  });
  const plan = await attachment.runner.plan(words.map(quoteWord).join(' '), { confirmed: accepted || !canAsk(io), signal: limit });
  const problem = (await declined(plan, io)) ?? (await performed(plan, attachment, { limit, continues }));
  const { operations } = store.get();
  for (const line of openLines(store.get())) io.stderr(`${line}\n`);
  return { problem, operations };
}

/** On a terminal, asks for the same confirmation as the screen. */
async function declined(plan: Plan, io: CliIo): Promise<Problem | undefined> {
  if (plan.kind !== 'confirm') return undefined;
  const answer = await ask(`${questionLines(plan).join('\n')} `, io);
  return isAgreement(answer, plan) ? undefined : new Problem('failed', unchanged(plan));
}

/** Runs a plan; undefined: done. */
async function performed(
  plan: Plan,
  { runner }: Attachment,
  { limit, continues }: { readonly limit: AbortSignal } & Pick<OneShotInvocation, 'continues'>,
): Promise<Problem | undefined> {
  switch (plan.kind) {
    case 'nothing':
      return limit.aborted ? waitEnded({ continues }) : new Problem('usage', 'There is no command to run.');
    case 'error':
      return plan.problem;
    case 'refused':
      return new Problem(plan.because, plan.reason);
    case 'run':
    case 'confirm': {
      const outcome = await runner.run(plan, limit);
      if (outcome.kind === 'failed') return outcome.problem;
      return outcome.kind === 'aborted' ? waitEnded({ continues }) : undefined;
    }
  }
}

const waitEnded = ({ continues }: Pick<OneShotInvocation, 'continues'>): Problem =>
  new Problem('unavailable', continues ? 'The wait was ended; what was started continues.' : 'It was ended before it was done.');

async function printResult(
  { problem, operations }: Result,
  messages: readonly string[],
  { card, data: facts }: Told,
  format: 'json' | 'yaml',
  io: CliIo,
): Promise<void> {
  const data = {
    ok: problem === undefined,
    messages,
    error: problem === undefined ? null : { kind: problem.kind, message: problem.message, hint: problem.hint ?? null },
    operations: operations.map(operationData),
    ...(card === undefined ? {} : { problems: card.findings.map(incidentData), unknown: card.unknown }),
    ...(facts === undefined ? {} : { data: facts }),
  };
  io.stdout(format === 'json' ? jsonText(data) : await yamlText(data));
}

const stamp = (at: number | undefined): string | null => isoTime(at) ?? null;

function operationData({ kind, jobId, title, state, startedAt, endedAt, progress, result }: Operation): unknown {
  return {
    kind,
    jobId: jobId ?? null,
    title,
    state,
    startedAt: stamp(startedAt),
    endedAt: stamp(endedAt),
    progress: progress ?? null,
    result: result ?? null,
    checkpointId: kind === 'checkpoint' && state === 'succeeded' ? Number(result) : null,
  };
}

/** The sources of evidence keep their own fields. */
function incidentData(incident: Incident): unknown {
  const { subject, severity, what, rule, cause, evidence, conclusions, advice, also, possible, at, chain, attempts } = incident;
  return {
    subject,
    severity,
    what,
    rule: rule ?? null,
    cause: cause ?? null,
    evidence: evidence.map(evidenceData),
    conclusions,
    advice,
    also: also.map(causeData),
    possible: possible.map(causeData),
    at: stamp(at),
    chain: chain.map(linkData),
    attempts: attempts.map(attemptData),
  };
}

const linkData = ({ at, from, severity, text }: Link): unknown => ({ at: stamp(at), from, severity, text });

const attemptData = ({ at, text }: Attempt): unknown => ({ at: stamp(at), text });

const evidenceData = ({ source, at, text }: Evidence): unknown => ({ source, at: stamp(at), text });

const causeData = ({ rule, text, evidence, conclusions, advice }: Cause): unknown => ({
  rule,
  cause: text,
  evidence: evidence.map(evidenceData),
  conclusions,
  advice,
});

async function agrees(doubt: Doubt, io: CliIo): Promise<boolean> {
  const answer = await ask(`${doubtLines(doubt).join('\n')} `, io);
  return answer !== undefined && isYes(answer);
}

function oneShotFront(told: Told, io: CliIo, asks: FrontEnd['agrees']): FrontEnd {
  return {
    ...(asks === undefined ? {} : { agrees: asks }),
    print: told.say,
    streams: () => io.streams,
    exited(code) {
      told.exited = code;
    },
    show(view) {
      if (view.kind === 'why') told.card = view.card;
      if (view.kind === 'facts') told.data = view.data;
      if ('text' in view && !(told.machine && view.kind === 'facts')) told.say(view.text);
    },
    quit: () => undefined,
    clear: () => undefined,
    themes: [],
    setTheme: () => undefined,
    setMouse: () => undefined,
  };
}
