import type { Plan } from '../../commands/runner.ts';
import type { Job } from '../../session/types.ts';
import { lineOf, type LineText } from './line-text.ts';

/** One of the things that can be done, as a question offers it. */
export type Way = { readonly label: string } & (
  | { readonly kind: 'plan'; readonly plan: Extract<Plan, { readonly kind: 'confirm' }> }
  | { readonly kind: 'line'; readonly commandLine: string }
  | { readonly kind: 'detach' }
);

/** What is asked before something is done that was perhaps not meant. Its target is fixed when it opens. */
export interface Question {
  /** What was asked for: `stop`. */
  readonly name: string;
  readonly title: string;
  readonly lines: readonly string[];
  readonly jobs: readonly Job[];
  /** The first is chosen at the start. */
  readonly ways: readonly [Way, ...Way[]];
  /** Typed before Enter means anything; undefined: nothing can be lost, and Enter is enough. */
  readonly phrase: string | undefined;
}

export interface DialogState {
  readonly question: Question;
  /** Index of a way. */
  readonly chosen: number;
  readonly typed: LineText;
  /** Why Enter did nothing. */
  readonly problem: string | undefined;
}

export const openQuestion = (question: Question): DialogState => ({ question, chosen: 0, typed: lineOf(''), problem: undefined });

/** A whole word: the end of one that was typed for the command line, such as `why`, must not be an answer. */
const agreement = 'yes';

/** The question that a command asks before it runs. */
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

/** `q` where there is nothing left to go back from. */
export function detachQuestion(clusterId: string): Question {
  return {
    name: 'detach',
    title: 'Detach',
    jobs: [],
    phrase: undefined,
    lines: [`Detach from ${clusterId}? Nothing is stopped: the cluster and its jobs keep running.`],
    ways: [{ kind: 'detach', label: 'Detach' }],
  };
}

/** Whether the question can be answered by single letters now: not while one of them could begin what is to be typed. */
export const takesLetters = ({ question: { phrase }, typed }: DialogState): boolean =>
  (phrase === undefined || phrase === agreement) && typed.text === '';
