/** A word that completion can insert. */
export interface Offer {
  readonly text: string;
  /** The displayed text, if it differs. */
  readonly label?: string | undefined;
  readonly description: string;
  /** The word is incomplete: a folder, `-D`. */
  readonly unfinished?: boolean | undefined;
  readonly unavailable?: string | undefined;
}

/** What Tab can insert. */
export interface Candidate {
  /** The displayed text. */
  readonly label: string;
  /** Replaces `from`..`to` of the line: quoted if needed, with a trailing space if the word is complete. */
  readonly insert: string;
  readonly description: string;
  /** Why it would be refused now, although it can be typed. */
  readonly unavailable?: string | undefined;
}

export interface Completion {
  /** The part of the line that a candidate replaces, as UTF-16 offsets. */
  readonly from: number;
  readonly to: number;
  readonly candidates: readonly Candidate[];
  /** The longest beginning shared by all candidates, as it would be inserted: Tab inserts it if there are several. */
  readonly common: string;
  /** The text that the first candidate adds after the cursor, for a dimmed preview; '' if there is none or the cursor is inside a word. */
  readonly ghost: string;
  /** The expected argument at the cursor: `JOB  Job id, unique prefix or name`. */
  readonly expects: string | undefined;
  /** Why the typed command cannot run now. */
  readonly unavailable: string | undefined;
}
