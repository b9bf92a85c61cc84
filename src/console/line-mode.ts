import type { Writable } from 'node:stream';
import { overviewHelp } from '../commands/line/help-text.ts';
import { splitLine } from '../commands/line/line-parser.ts';
import { findCommand } from '../commands/model/named-command.ts';
import type { Plan, Runner } from '../commands/runner.ts';
import type { Command, FrontEnd } from '../commands/model/types.ts';
import { isTerminal } from '../flink/types.ts';
import { selectMarks } from '../session/selectors/sources.ts';
import type { Session, SessionLogs, SessionStore } from '../session/types.ts';
import { unreadableWords } from '../session/job-words.ts';
import type { Clock } from '../support/clock.ts';
import { formatTime } from '../support/format.ts';
import { exitCodes } from '../support/exit-codes.ts';
import { isAbort, sentence } from '../support/problem.ts';
import { lifetime, within } from '../support/waiting.ts';
import { createLineFront } from './line-front.ts';
import { createLineOutput, type LineOutput } from './line-output.ts';
import { lentLines } from './lent-lines.ts';
import { lineQuestions } from './line-questions.ts';
import { createLineReader, type LineInput } from './line-reader.ts';
import { printNews } from './news.ts';

export interface LineModeOptions {
  readonly store: SessionStore;
  /** Opens the session for this front end. If it rejects, so does the line mode. */
  readonly open: (front: FrontEnd) => Promise<{ readonly runner: Runner; readonly logs: SessionLogs }>;
  readonly stdin: LineInput;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly clock: Clock;
  /** Aborts on Ctrl+C and on signals that end the process. */
  readonly signal: AbortSignal;
}

/** How long the greeting waits for the first facts about the cluster before it says less. */
const greetingMs = 10_000;

/**
 * Reads commands line by line and prints changes, until `stop`, `quit`, the end of the input or `signal`. Resolves with the exit code.
 *
 * Scripts can rely on the same things as in Flink's attached mode: a line counts as it is written, so ` stop` and `STOP` are unknown
 * commands; an unknown command shows the help on stderr and changes nothing, not even the exit code; no line after `stop` or `quit` is
 * read. Source: `KubernetesSessionCli`, Flink 2.3. Unlike there, the end of the input detaches, an empty line does nothing, and a `stop`
 * that failed exits with 1.
 *
 * In a pipe, a line begins once the previous one has ended, whether or not it succeeded; the exit code shows whether all did. On a
 * terminal, nobody has to wait for a command before typing the next one, and confirmations are asked for as on the screen: the next line is
 * the answer.
 */
export async function runLineMode({ store, open, stdin, stdout, stderr, clock, signal }: LineModeOptions): Promise<number> {
  const output = createLineOutput(stdout, stderr, clock);
  const { signal: ending, end } = lifetime(signal, output.closed);
  const opened = Promise.withResolvers<SessionLogs>();
  const { useReader, ...lent } = lentLines({ stdin, stdout, stderr }, output, ending);
  const interactive = stdin.isTTY === true;
  const questions = lineQuestions(output, ending);
  const agrees = interactive ? questions.agrees : undefined;
  const { runner, logs } = await open(createLineFront({ store, output, clock, signal: ending, logs: opened.promise, agrees, ...lent }));
  opened.resolve(logs);
  let stopNews = printNews(store, output, clock);
  const quiet = lifetime(ending);
  const greeting = greet(store, output, clock, quiet.signal);
  const reader = createLineReader(stdin);
  useReader(reader);
  questions.useReader(reader);
  const running = new Set<Promise<Ending>>();
  const track = (work: Promise<Ending>): void => {
    running.add(work);
    void work.finally(() => running.delete(work));
  };
  let failed = false;
  let asked = false;

  // A pipe cannot be asked, so a line runs immediately, as in Flink's recipe.
  const planned = (line: string): Promise<Plan> => runner.plan(line, { confirmed: !interactive, signal });
  const perform = async (plan: Plan): Promise<Ending> => {
    const runs = plan.kind === 'run' || plan.kind === 'confirm';
    if (!runs || !plan.command.ends) return performPlan(plan, runner, output, signal);
    // From now on, the command itself reports what goes.
    quiet.end();
    stopNews();
    const ended = await performPlan(plan, runner, output, signal);
    if (ended !== 'done') stopNews = printNews(store, output, clock);
    return ended;
  };
  try {
    for (;;) {
      const line = await questions.next();
      if (line === undefined) break;
      if (line.trim() === '') continue;
      asked = true;
      const command = commandOf(line, runner);
      if (command === undefined) {
        for (const text of unknownCommand(line, runner)) output.diagnostics(text);
        continue;
      }
      const apart = interactive && !command.ends;
      if (apart && !mayAsk(command)) {
        track(planned(line).then(perform));
        continue;
      }
      const plan = await planned(line);
      if (!(await questions.confirms(plan))) continue;
      const work = perform(plan);
      if (apart) {
        track(work);
        continue;
      }
      const ended = await work;
      failed ||= ended !== 'done' && !interactive;
      if (command.ends && isLast(ended, interactive)) return await finish(failed, output, signal);
    }
    // Runs that `signal` ended are over soon: the runner sees the signal as well.
    await Promise.all(running);
    // No command was given: the exit code shows whether drey could attach.
    if (!asked) {
      await greeting;
      const reason = notAttached(store.get());
      failed = reason !== undefined;
      if (reason !== undefined) output.diagnostics(reason);
    }
    return await finish(failed, output, signal);
  } finally {
    end();
    stopNews();
    reader.close();
    await greeting;
  }
}

const mayAsk = ({ danger }: Command): boolean => danger === 'confirm' || danger === 'destroy';

type Ending = 'done' | 'failed' | 'misread';

/** The exit code, once everything is written. After an interruption, does not wait for a reader that may never come. */
async function finish(failed: boolean, output: LineOutput, signal: AbortSignal): Promise<number> {
  if (!signal.aborted) await output.flush();
  if (signal.aborted) return exitCodes.interrupted;
  return failed ? exitCodes.failed : exitCodes.ok;
}

/** Whether a command that ends the session has ended it: a person can try something else, a pipe has nothing more to say. */
const isLast = (ended: Ending, interactive: boolean): boolean => ended === 'done' || (ended === 'failed' && !interactive);

const unknownCommand = (line: string, { catalogue }: Runner): readonly string[] => [
  `Unknown command '${line}'. Showing help:`,
  ...overviewHelp(catalogue, { tour: false, screen: false }),
];

/** Why nothing is known of the cluster; silence is a reason as well. Undefined: its pods are known. */
function notAttached({ podsKnown, sources }: Session): string | undefined {
  const problem = sources.get('pods')?.problem;
  return podsKnown ? undefined : problem === undefined ? 'The API server has not answered.' : sentence(problem);
}

/** Undefined: no such command. A leading space makes a line an unknown command, as in Flink. */
function commandOf(line: string, { catalogue }: Runner): Command | undefined {
  const [first] = splitLine(line).words;
  return first === undefined || first.from > 0 ? undefined : findCommand(first.text, catalogue);
}

async function performPlan(plan: Plan, runner: Runner, output: LineOutput, signal: AbortSignal): Promise<Ending> {
  switch (plan.kind) {
    case 'nothing':
      return 'done';
    case 'error':
      output.diagnostics(sentence(plan.problem));
      return 'misread';
    case 'refused':
      output.diagnostics(plan.reason);
      return 'failed';
    case 'run':
    case 'confirm': {
      const outcome = await runner.run(plan, signal);
      if (outcome.kind === 'failed') output.diagnostics(sentence(outcome.problem));
      return outcome.kind === 'done' ? 'done' : 'failed';
    }
  }
}

const isGone = ({ sources }: Session, name: 'pods' | 'flink'): boolean =>
  ['lost', 'denied'].includes(sources.get(name)?.state ?? 'connecting');

/** One line that describes the cluster, as soon as pods and jobs are known or cannot be. */
async function greet(store: SessionStore, output: LineOutput, clock: Clock, signal: AbortSignal): Promise<void> {
  const isKnown = (session: Session): boolean =>
    (session.podsKnown || isGone(session, 'pods')) && (session.jobsKnown || isGone(session, 'flink'));
  try {
    await within(greetingMs, { clock, signal }, (limit) => store.until(isKnown, limit));
    output.event(greetingLine(store.get()));
  } catch (error) {
    // The session ended before anything was known: there is nothing to print.
    if (!isAbort(error)) throw error;
  }
}

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

function greetingLine({ target, past, pods, podsKnown, unreadable, jobs, jobsKnown }: Session): string {
  const jobManagers = [...pods.values()].filter(({ role }) => role === 'jobmanager').length;
  const parts = [
    ...(podsKnown
      ? [counted(jobManagers, 'JobManager', 'JobManagers'), counted(pods.size - jobManagers, 'TaskManager', 'TaskManagers')]
      : ['pods not known yet']),
    ...[...unreadable].map(([source, { count }]) => unreadableWords(source, count)),
    jobsKnown ? counted(jobs.filter(({ state }) => !isTerminal(state)).length, 'job running', 'jobs running') : 'jobs not known yet',
  ];
  const marks = [...selectMarks(target), ...(past === undefined ? [] : [`past ${formatTime(past)}`])];
  const how = target.replayed === true ? 'looking at' : 'attached to';
  return `${how} ${target.clusterId} in ${target.namespace}${marks.length === 0 ? '' : ` (${marks.join(', ')})`}: ${parts.join(', ')}. Type help.`;
}
