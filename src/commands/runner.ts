import type { Session } from '../session/types.ts';
import { abortable } from '../support/waiting.ts';
import { harmlessData } from '../support/foreign-text.ts';
import { isAbort, Problem, type ProblemKind, toProblem } from '../support/problem.ts';
import { catalogue as allCommands } from './catalogue.ts';
import { abbreviated, commandOf } from './model/named-command.ts';
import { drillCommand } from './catalogue/drill.ts';
import { sandboxCommand } from './catalogue/sandbox.ts';
import { completeLine } from './line/complete.ts';
import type { Completion } from './line/completion.ts';
import { harmlessFront } from './harmless-front.ts';
import { splitLine } from './line/line-parser.ts';
import { firstAnswers, givenRefusal, staticRefusal } from './model/refusal.ts';
import { readWords } from './line/read-arguments.ts';
import { withHere } from './line/words-here.ts';
import { candidates, similar } from './model/similar.ts';
import { notASandbox } from './model/sandbox-control.ts';
import { serversOfNow } from './model/servers-of-now.ts';
import type { Command, CommandContext, Confirmation, Given } from './model/types.ts';

/** The meaning of a line. `at` is the offset in the line at which it could not be understood. */
export type Plan =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'run'; readonly line: string; readonly command: Command; readonly given: Given }
  | {
      readonly kind: 'confirm';
      readonly line: string;
      readonly command: Command;
      readonly given: Given;
      readonly confirmation: Confirmation;
    }
  | { readonly kind: 'refused'; readonly line: string; readonly command: Command; readonly reason: string; readonly because: ProblemKind }
  | {
      readonly kind: 'error';
      readonly line: string;
      readonly command: Command | undefined;
      readonly problem: Problem;
      readonly at: number;
    };

export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly problem: Problem }
  /** The session ended or the user stopped waiting; an operation that it started may continue. */
  | { readonly kind: 'aborted' };

/** Runs the lines typed in either front end. It never throws or rejects because of what a user typed or a server sent. */
export interface Runner {
  readonly catalogue: readonly Command[];
  complete(line: string, cursor: number, signal?: AbortSignal): Promise<Completion>;
  /** Why this command would be refused now, as far as is known without asking a server; for greyed entries of a palette. */
  unavailable(command: Command): string | undefined;
  /**
   * Parses the line, looks up what it names, and checks whether it may run and whether to ask for confirmation first. The target is fixed
   * here: what runs later is what was shown. `confirmed`: the user has already agreed (by choosing an alternative in a dialog), or there is
   * no user to ask.
   */
  plan(line: string, options?: { readonly confirmed?: boolean; readonly signal?: AbortSignal }): Promise<Plan>;
  /** Runs a plan of kind `run`, or of kind `confirm` once the user has agreed. Several may run at the same time. */
  run(plan: Extract<Plan, { readonly kind: 'run' | 'confirm' }>, signal?: AbortSignal): Promise<Outcome>;
}

/** The context of commands, without the parts that the runner itself adds. */
export type RunnerPieces = Omit<CommandContext, 'catalogue'> & {
  readonly catalogue?: readonly Command[];
  /** The session and the clock of now, if those of the past may be shown. */
  readonly now?: Now;
};

type Now = Pick<CommandContext, 'store' | 'clock'>;

export function createRunner({ catalogue: commands = allCommands, now, ...pieces }: RunnerPieces): Runner {
  const catalogue = pieces.sandbox === undefined ? commands : [...commands, sandboxCommand(pieces.sandbox), drillCommand(pieces.sandbox)];
  const context: CommandContext = { ...pieces, ...serversOfNow(pieces, pieces.store), front: harmlessFront(pieces.front), catalogue };
  const during = (signal: AbortSignal | undefined): CommandContext =>
    signal === undefined ? context : { ...context, signal: AbortSignal.any([context.signal, signal]) };
  const { flink, kubernetes, cluster } = pieces;
  // A change may go on while the user looks at the past: it goes by what is so now.
  const forRun = (command: Command, given: Given, ending: AbortSignal): CommandContext => ({
    ...context,
    ...(command.dangerOf(given) === 'safe' ? {} : { ...now, flink, kubernetes, cluster }),
    signal: ending,
  });
  const unavailable = (command: Command): string | undefined => staticRefusal(command, context)?.reason;

  return {
    catalogue,
    unavailable,
    complete: (line, cursor, signal) =>
      completeLine(line, cursor, {
        ...context,
        session: context.store.get,
        themes: context.front.themes,
        columns: () => context.front.table?.columns() ?? [],
        examples: context.sandbox?.examples,
        signal: during(signal).signal,
        unavailable,
      }),

    async plan(line, { confirmed = false, signal } = {}) {
      const { words, open } = splitLine(line);
      const [name] = words;
      if (name === undefined) return { kind: 'nothing' };
      const { command, rest } = commandOf(words, catalogue);
      if (command === undefined) return { kind: 'error', line, command, problem: unknownCommand(name.text, catalogue), at: name.from };
      if (open !== undefined) {
        const what =
          open.sign === '\\' ? 'A backslash at the end of the line has nothing to quote.' : `The quote ${open.sign} is not closed.`;
        return { kind: 'error', line, command, problem: new Problem('usage', what), at: open.at };
      }
      return planCommand(
        during(signal),
        {
          line,
          command,
          words: rest.length,
          read: (from) => readWords(command, withHere(command, rest, from.here, line.length), line.length, from),
        },
        confirmed,
      );
    },

    async run({ command, given }, signal) {
      try {
        const { signal: ending } = during(signal);
        // A user who stops waiting can type again at once; an operation that was started continues, and its result is printed when it
        // comes.
        await abortable(command.run(forRun(command, given, ending), given), ending);
        return { kind: 'done' };
      } catch (error) {
        if (isAbort(error)) return { kind: 'aborted' };
        return { kind: 'failed', problem: toProblem(error, 'failed') };
      }
    },
  };
}

/** A line whose command is known. */
interface TypedCommand {
  readonly line: string;
  readonly command: Command;
  /** The number of words after its name. */
  readonly words: number;
  readonly read: (from: Parameters<typeof readWords>[3]) => ReturnType<typeof readWords>;
}

async function planCommand(context: CommandContext, { line, command, words, read }: TypedCommand, confirmed: boolean): Promise<Plan> {
  const problemPlan = (problem: Problem, at: number): Plan => ({ kind: 'error', line, command, problem, at });
  const readFrom = (session: Session): ReturnType<typeof readWords> =>
    read({
      session,
      themes: context.front.themes,
      columns: context.front.table?.columns() ?? [],
      catalogue: context.catalogue,
      here: context.front.here?.(),
    });
  try {
    await firstAnswers(command, words, (session) => !('problem' in readFrom(session)), context);
    const refusal = staticRefusal(command, context);
    if (refusal !== undefined) return { kind: 'refused', line, command, ...refusal };
    const session = context.store.get();
    const result = readFrom(session);
    if ('problem' in result) return problemPlan(result.problem, result.at);
    const { given } = result;
    const forbidden = await givenRefusal(command, given, context);
    if (forbidden !== undefined) return { kind: 'refused', line, command, ...forbidden };
    const danger = command.dangerOf(given);
    const asks = !confirmed && (danger === 'confirm' || danger === 'destroy');
    const confirmation = asks ? await command.confirmation?.(session, given, context) : undefined;
    return confirmation === undefined
      ? { kind: 'run', line, command, given }
      : { kind: 'confirm', line, command, given, confirmation: harmlessData(confirmation) };
  } catch (error) {
    if (isAbort(error)) return { kind: 'nothing' };
    return problemPlan(toProblem(error, 'failed'), 0);
  }
}

function unknownCommand(word: string, catalogue: readonly Command[]): Problem {
  const short = abbreviated(word, catalogue);
  if (short !== undefined && short.danger !== 'destroy')
    return new Problem('usage', `"${word}" is short for ${short.name}, which must be typed whole: it changes something.`);
  if (word === 'sandbox' || word === 'drill') return notASandbox();
  const near = similar(word, candidates(catalogue));
  return new Problem('usage', `Unknown command '${word}'.`, {
    hint: near === undefined ? 'help lists the commands.' : `The nearest is ${near}; help lists them all.`,
  });
}
