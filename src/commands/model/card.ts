import type { Finding, Report } from '../../causes/finding.ts';
import type { TimelineEntry } from '../../session/types.ts';
import type { Instant } from '../../support/clock.ts';

/** Where a line of a card leads. */
export type CardPlace =
  /** The log of a pod at a moment; without a pod all logs, without a moment its end. */
  | { readonly kind: 'log'; readonly pod: string | undefined; readonly at: Instant | undefined }
  | { readonly kind: 'pod'; readonly pod: string }
  | { readonly kind: 'job'; readonly job: string }
  | { readonly kind: 'failure'; readonly job: string; readonly id: string }
  | { readonly kind: 'checkpoint'; readonly job: string; readonly id: number }
  | { readonly kind: 'checkpoints'; readonly job: string };

/** One thing that happened around an incident. */
export interface Link {
  readonly at: Instant;
  /** `log`: a line that a pod wrote. */
  readonly from: TimelineEntry['from'] | 'log';
  readonly severity: TimelineEntry['severity'];
  readonly text: string;
  readonly place: CardPlace;
}

/** What was done here about a job, and how it went on. */
export interface Attempt {
  readonly at: Instant;
  /** Without a full stop. */
  readonly text: string;
}

/** Something that is wrong, and how it came about. */
export interface Incident extends Finding {
  /** When it happened last; undefined: it is so now. */
  readonly at: Instant | undefined;
  /** Oldest first, bounded. */
  readonly chain: readonly Link[];
  readonly attempts: readonly Attempt[];
}

/**
 * What a line of a card is. A fact is what a source says; what follows is a conclusion, and both `possible` and `unproved` say that nothing
 * is proved.
 */
export type CardPart =
  | 'what'
  | 'cause'
  | 'unproved'
  | 'also'
  | 'possible'
  | 'fact'
  | 'follows'
  | 'helps'
  | 'tried'
  | 'order'
  | 'link'
  | 'unknown'
  | 'calm';

export interface CardLine {
  /** Stays the same as long as the line says the same. */
  readonly id: string;
  readonly part: CardPart;
  readonly at?: Instant | undefined;
  /** Where it comes from, in words. */
  readonly from?: string | undefined;
  readonly severity?: TimelineEntry['severity'] | undefined;
  /** Without a full stop, unless it is whole sentences. */
  readonly text: string;
  readonly place?: CardPlace | undefined;
}

/** All that is known of what is wrong: the screen, the lines and the channel of an incident show the same lines of it. */
export interface Card extends Report {
  /** The newest first; what has no end is so now, and comes before them. */
  readonly findings: readonly Incident[];
  readonly lines: readonly CardLine[];
}
