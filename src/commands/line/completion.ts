/** A word that completion can insert. */
export interface Offer {
  readonly text: string;
  /** As it is shown, where that differs from the text. */
  readonly label?: string;
  readonly description: string;
  /** More of the same word follows: a folder, `-D`. */
  readonly unfinished?: boolean;
  readonly unavailable?: string;
}

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
