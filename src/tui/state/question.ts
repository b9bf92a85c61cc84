import { setLevelsText, type SetLevel } from '../../config/logging/set-level.ts';
import type { Doubt } from '../../commands/model/types.ts';
import type { Plan } from '../../commands/runner.ts';
import type { Job } from '../../session/types.ts';
import { lineOf, type LineText } from './line-text.ts';

/** One of the choices of a question. */
export type Way = { readonly label: string } & (
  | { readonly kind: 'plan'; readonly plan: Extract<Plan, { readonly kind: 'confirm' }> }
  | { readonly kind: 'line'; readonly commandLine: string }
  | { readonly kind: 'detach' }
  | { readonly kind: 'agree' }
);

/** The question before something that was perhaps not intended. Its target is fixed when it opens. */
export interface Question {
  /** The command: `stop`. */
  readonly name: string;
  readonly title: string;
  readonly lines: readonly string[];
  readonly jobs: readonly Job[];
  /** The first one is selected at the start. */
  readonly ways: readonly [Way, ...Way[]];
  /** The text to type before Enter works; undefined: nothing can be lost, and Enter is enough. */
  readonly phrase: string | undefined;
  /** A command waits for the answer. */
  readonly answered?: (agreed: boolean) => void;
}

export interface DialogState {
  readonly question: Question;
  /** Index of a choice. */
  readonly chosen: number;
  readonly typed: LineText;
  /** Why Enter did nothing. */
  readonly problem: string | undefined;
}

export const openQuestion = (question: Question): DialogState => ({ question, chosen: 0, typed: lineOf(''), problem: undefined });

/** A whole word: the end of a word typed for the command line, such as `why`, must not be an answer. */
const agreement = 'yes';

/** The question before a command runs. */
export function questionOf(plan: Extract<Plan, { readonly kind: 'confirm' }>): Question {
  const { title, lines, jobs, phrase = agreement, action, alternatives = [] } = plan.confirmation;
  const others = (recommended: boolean): Way[] =>
    alternatives
      .filter((one) => (one.recommended === true) === recommended)
      .map(({ label, commandLine }) => ({ kind: 'line', label: recommended ? `${label} (recommended)` : label, commandLine }));
  const itself: Way = { kind: 'plan', label: action, plan };
  const [first = itself, ...rest] = [...others(true), itself, ...others(false)];
  return { name: plan.command.name, title, lines, jobs, phrase, ways: [first, ...rest] };
}

/** The question of a command that runs. */
export const doubtQuestion = ({ title, lines, action }: Doubt, answered: (agreed: boolean) => void): Question => ({
  name: title,
  title,
  // The label of an only way is not shown.
  lines: [...lines, `${action}?`],
  jobs: [],
  phrase: agreement,
  ways: [{ kind: 'agree', label: action }],
  answered,
});

/** For `q` if there is nothing left to go back from. Log levels that drey set stay, so that is offered as well. */
export function detachQuestion(clusterId: string, levels: readonly SetLevel[] = []): Question {
  const detach: Way = { kind: 'detach', label: 'Detach' };
  return {
    name: 'detach',
    title: 'Detach',
    jobs: [],
    phrase: undefined,
    lines: [
      `Detach from ${clusterId}? Nothing is stopped: the cluster and its jobs keep running.`,
      ...(levels.length === 0 ? [] : [`The log level of ${setLevelsText(levels)}, set by drey, and stays so.`]),
    ],
    ways:
      levels.length === 0 ? [detach] : [detach, { kind: 'line', label: 'Take the log level back first', commandLine: 'loglevel --undo' }],
  };
}

/** Whether single letters can answer the question now: not if one of them could be the beginning of the phrase. */
export const takesLetters = ({ question: { phrase }, typed }: DialogState): boolean =>
  (phrase === undefined || phrase === agreement) && typed.text === '';
