import type { Problem } from '../support/problem.ts';
import type { Command, CommandContext, Confirmation, Given } from './types.ts';

/** What Tab can insert. */
export interface Candidate {
  /** As it is shown. */
  readonly label: string;
  /** What replaces `from`..`to` of the line: quoted where needed, with a blank at the end where a word is complete. */
  readonly insert: string;
  readonly description: string;
  /** It can be typed, but would be refused now, and why. */
  readonly unavailable?: string;
}

export interface Completion {
  /** The part of the line that a candidate replaces, as UTF-16 offsets. */
  readonly from: number;
  readonly to: number;
  readonly candidates: readonly Candidate[];
  /** The longest beginning that all candidates share, as it would be inserted: what Tab does when there are several. */
  readonly common: string;
  /** What the first candidate adds behind the cursor, for a dimmed preview; '' where there is nothing or the cursor is inside of a word. */
  readonly ghost: string;
  /** What is expected at the cursor: `JOB  Job id, unique prefix or name`. */
  readonly expects: string | undefined;
  /** The command that is typed cannot run now, and why. */
  readonly unavailable: string | undefined;
}

/** What a line would do. `at` is the offset in the line at which it could not be understood. */
export type Plan =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'run'; readonly line: string; readonly command: Command; readonly given: Given }
  | { readonly kind: 'confirm'; readonly line: string; readonly command: Command; readonly given: Given; readonly confirmation: Confirmation }
  | { readonly kind: 'refused'; readonly line: string; readonly command: Command; readonly reason: string }
  | { readonly kind: 'error'; readonly line: string; readonly command: Command | undefined; readonly problem: Problem; readonly at: number };

export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly problem: Problem }
  /** The session ended or the user gave up waiting; an operation that it started may go on. */
  | { readonly kind: 'aborted' };

/** Where both front ends hand in what was typed. Nothing here throws or rejects for what a user typed or a server said. */
export interface Runner {
  readonly catalogue: readonly Command[];
  complete(line: string, cursor: number, signal?: AbortSignal): Promise<Completion>;
  /** The reason why this command would be refused now, as far as it is known without asking a server; for greyed entries of a palette. */
  unavailable(command: Command): string | undefined;
  /**
   * Understands the line, looks up what it names and checks whether it may run; asks for a confirmation only in the TUI. The target is
   * fixed here: what runs later is what was shown. `confirmed`: the user has already agreed (an alternative of a dialog was chosen).
   */
  plan(line: string, options?: { readonly confirmed?: boolean; readonly signal?: AbortSignal }): Promise<Plan>;
  /** Runs a plan of kind `run`, or of kind `confirm` when the user has agreed. Any number run at the same time. */
  run(plan: Extract<Plan, { readonly kind: 'run' | 'confirm' }>, signal?: AbortSignal): Promise<Outcome>;
}

/** What a runner needs: the context of commands, without what it adds itself. */
export type RunnerPieces = Omit<CommandContext, 'catalogue'>;
