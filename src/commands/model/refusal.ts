import type { Instant } from '../../support/clock.ts';
import { formatTime } from '../../support/format.ts';
import type { Session, SourceName, SourceStatus } from '../../session/types.ts';
import { isAbort, Problem, sentence, type ProblemKind } from '../../support/problem.ts';
import type { ArgumentKind, Command, CommandContext, Given } from './types.ts';
import { glanceMs, sessionWithin } from './wait.ts';

/** How long to wait for the first answer of a server that is needed to look up a name. */
const firstAnswerMs = 15_000;
const accessTimeoutMs = 3_000;

const sourceOf = { kubernetes: 'pods', flink: 'flink' } as const satisfies Record<NonNullable<Command['source']>, SourceName>;
const names = { kubernetes: 'The API server', flink: "Flink's REST endpoint" } as const;

/** What must be known before a line can be understood: the list of pods, the list of jobs, or only that Flink answers. */
type Needed = 'pods' | 'jobs' | 'flink';

const neededByKind: Partial<Record<ArgumentKind, readonly Needed[]>> = {
  job: ['jobs'],
  pod: ['pods'],
  subject: ['pods', 'jobs'],
  object: ['pods'],
};

function neededBy({ args, source, danger }: Command, words: number): ReadonlySet<Needed> {
  const needed = new Set<Needed>(
    args.flatMap(({ kind, optional }) => (optional && words === 0 && kind === 'subject' ? ['pods'] : (neededByKind[kind] ?? []))),
  );
  // A command without arguments lists what its source has.
  if (source === 'flink') needed.add(args.length === 0 ? 'jobs' : 'flink');
  else if (source === 'kubernetes' && danger === 'safe' && args.length === 0) needed.add('pods');
  return needed;
}

/**
 * For a `safe` command, a server that has reported that it cannot answer yet has answered; any other command waits for a real answer, and so
 * does one that may change the job whose name is looked up.
 */
function hasAnswered(session: Session, name: Needed, command: Command): boolean {
  const state = statusOf(session, name)?.state;
  const tries = command.danger === 'safe' || (name === 'flink' && mayOnlyLook(command));
  return isKnown(session, name) || state === 'lost' || state === 'denied' || (tries && state === 'stale');
}

/** It has answered, or has said why it cannot: a busy JobManager is only slow to send its list of jobs. */
const isSettled = (session: Session, name: Needed, command: Command): boolean =>
  isKnown(session, name) || (statusOf(session, name)?.problem?.kind !== 'unavailable' && hasAnswered(session, name, command));

const statusOf = ({ sources }: Session, name: Needed): SourceStatus | undefined => sources.get(name === 'pods' ? 'pods' : 'flink');

function isKnown({ podsKnown, jobsKnown, config }: Session, name: Needed): boolean {
  return name === 'pods' ? podsKnown : jobsKnown || (name === 'flink' && config !== undefined);
}

const mayOnlyLook = (command: Command): boolean => command.danger === 'safe' || command.dangerOf({}) === 'safe';

/**
 * Waits for the first answer of every server needed to resolve this command's arguments: a command typed (or piped) right after the start
 * would otherwise fail because its job does not exist yet. It does not wait for a server that the words do not need: the name of a pod is
 * `understood` without Flink. `stop` needs none: it must work even if nothing answers.
 */
export async function firstAnswers(
  command: Command,
  words: number,
  understood: (session: Session) => boolean,
  context: Pick<CommandContext, 'store' | 'clock' | 'signal' | 'mode'>,
): Promise<void> {
  const needed = neededBy(command, words);
  // The past has all the answers that it will ever have.
  if (needed.size === 0 || context.store.get().past !== undefined) return;
  const glance = glanceMs(context);
  const patience = context.mode === 'tui' && command.danger === 'safe' ? glance : firstAnswerMs;
  const named = command.source !== 'flink' && words > 0;
  const enough =
    (answered: (session: Session, name: Needed, command: Command) => boolean) =>
    (session: Session): boolean =>
      [...needed].every((name) => answered(session, name, command)) || (named && understood(session));
  // What is only late is waited for.
  if (await sessionWithin(context, Math.min(glance, patience), enough(isSettled))) return;
  if (patience > glance) await sessionWithin(context, patience - glance, enough(hasAnswered));
}

/** Why a command is refused: a sentence for people, a kind for programs. */
export interface Refusal {
  readonly reason: string;
  readonly because: ProblemKind;
}

/** Why this command is refused whatever its arguments; undefined: it is not. Sends no request. */
export function staticRefusal(
  command: Command,
  { store, readOnly, mode }: Pick<CommandContext, 'store' | 'readOnly' | 'mode'>,
): Refusal | undefined {
  const session = store.get();
  if (session.past !== undefined && command.danger !== 'safe' && command.dangerOf({}) !== 'safe')
    return pastReason(session.past, session.target);
  if (readOnly && command.danger !== 'safe' && command.dangerOf({}) !== 'safe') return readOnlyReason(command);
  // No server is asked for the past.
  const asks = command.danger !== 'safe' && session.past === undefined;
  const lost = asks ? lostReason(command, session, mode) : undefined;
  if (lost !== undefined) return { reason: lost, because: 'unreachable' };
  const available = command.available(session);
  return available === true ? undefined : { reason: available, because: 'conflict' };
}

const pastReason = (past: Instant, { replayed }: Session['target']): Refusal => ({
  reason:
    replayed === true
      ? 'This is a recording: nothing can be changed in it.'
      : `This is ${formatTime(past)}, the past: nothing can be changed there. live returns to now.`,
  because: 'conflict',
});

const readOnlyReason = ({ name }: Command): Refusal => ({
  reason: `${name} changes the cluster, and this session is read-only.`,
  because: 'forbidden',
});

function lostReason(command: Command, session: Session, mode: CommandContext['mode']): string | undefined {
  if (command.source === undefined) return undefined;
  // Without a screen, no status is shown: the request itself is the test, and its failure is the answer.
  if (mode !== 'tui' && command.source === 'kubernetes') return undefined;
  const status = session.sources.get(sourceOf[command.source]);
  const who = names[command.source];
  const reason = status?.problem === undefined ? '.' : `: ${status.problem.message}`;
  if (status?.state === 'lost') return `${who} does not answer${reason}`;
  // A user without `watch` on pods may still delete; the access review decides.
  if (status?.state === 'denied' && command.source === 'flink')
    return status.problem === undefined ? `${who} refuses.` : sentence(status.problem);
  // An answer that is useless to the feed may not matter to this command: its own request is the test.
  const tries = status?.state === 'stale' && mayOnlyLook(command);
  if (command.source === 'flink' && !isKnown(session, 'flink') && !tries) return `${who} has not answered yet${reason}`;
  return undefined;
}

/** Why this command is refused with these arguments; asks the API server whether it is allowed. */
export async function givenRefusal(
  command: Command,
  given: Given,
  context: Pick<CommandContext, 'store' | 'readOnly' | 'kubernetes' | 'signal'>,
): Promise<Refusal | undefined> {
  const { past, target } = context.store.get();
  if (past !== undefined && command.dangerOf(given) !== 'safe') return pastReason(past, target);
  if (context.readOnly && command.dangerOf(given) !== 'safe') return readOnlyReason(command);
  const questions = command.access?.(context.store.get(), given) ?? [];
  for (const question of questions) {
    try {
      const { allowed, reason } = await context.kubernetes.can(question, { signal: context.signal, timeoutMs: accessTimeoutMs });
      if (!allowed) {
        const part = question.subresource === undefined ? '' : `/${question.subresource}`;
        const what = `${question.resource}${question.group === undefined || question.group === '' ? '' : `.${question.group}`}${part}`;
        const where = question.namespace === undefined ? '' : ` in namespace ${question.namespace}`;
        return {
          reason: `You are not allowed to ${question.verb} ${what}${where}${reason === undefined || reason === '' ? '.' : `: ${reason}`}`,
          because: 'forbidden',
        };
      }
    } catch (error) {
      // A failed review decides nothing: the server judges the request itself.
      if (isAbort(error) || !(error instanceof Problem)) throw error;
    }
  }
  return undefined;
}
