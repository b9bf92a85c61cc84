import type { Instant } from '../../../support/clock.ts';
import type { TemplateFacts } from './tally.ts';

/** An entry of a log. */
export interface ViewEntry {
  /** Its first line. */
  readonly text: string;
  /** The class of the exception whose trace follows; empty: none does. */
  readonly exception: string;
}

/** The entries of logs by their templates. */
export interface TemplatesFacts {
  readonly templates: readonly TemplateFacts[];
  /** All of them together. */
  readonly entries: number;
  /** The time of the oldest one; undefined: there is none. */
  readonly since: Instant | undefined;
  /** Lines that were not read yet. */
  readonly pending: number;
  /** What was held is read to its beginning; what comes may still be `pending`. */
  readonly complete: boolean;
}

/** Puts entries together by templates, as far as it is asked to. */
export interface TemplateReading {
  readonly pending: number;
  /** Reads some more lines: those that came, then older ones, the newest first. */
  advance(): void;
  /** `now`: the last of the minutes that are counted. */
  facts(now: Instant): TemplatesFacts;
}
