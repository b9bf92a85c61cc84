/** One thing that the doctor looked at. */
export interface Finding {
  readonly about: string;
  /** `unknown`: it could not be checked. */
  readonly state: 'ok' | 'missing' | 'unknown';
  /** What was found, or why it is unknown. */
  readonly detail: string;
  /** drey works without it. */
  readonly optional: boolean;
  /** Advice for a missing thing that no repair can provide. */
  readonly advice?: string | undefined;
}
