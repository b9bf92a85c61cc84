import type { FlinkClient } from '../../flink/types.ts';
import type { TemplateReading } from '../../inside/log/templates/reading.ts';
import type { Clock, Instant } from '../../support/clock.ts';

/** What a kind of inspection may use to read its facts. */
export interface ReadContext<Facts> {
  readonly flink: FlinkClient;
  /** What is held of the logs. */
  readonly logs: { templates(pods: readonly string[] | 'all'): TemplateReading };
  readonly clock: Clock;
  /** Aborts as soon as the subject is no longer looked at. */
  readonly signal: AbortSignal;
  /** The user asks for it now: what is read seldom, because it is large, is read at once. */
  readonly urgent?: boolean;
  /** What was read the last time: histories and rates go on from there. */
  readonly before: Facts | undefined;
}

/** How one kind of subject is read. */
export interface InspectionKind<Subject, Facts> {
  /** What tells the subject from others of its kind. */
  readonly idOf: (subject: Subject) => string;
  /** Asks the JobManager, or looks at what is held here. Facts are plain data, so that they can be recorded, and bounded. Throws a `Problem`. */
  readonly read: (subject: Subject, context: ReadContext<Facts>) => Promise<Facts>;
  /** How many refreshes of the screen go by between two reads of a subject. Default 1. */
  readonly every?: (subject: Subject) => number;
}

/** Why a subject could not be read: a sentence, and what to try. */
export interface ReadProblem {
  readonly message: string;
  readonly hint: string | undefined;
}

/** A subject and what was read of it. */
export interface InspectionOf<Subject, Facts> {
  readonly subject: Subject;
  /** The last facts that were read; undefined: none yet. */
  readonly facts: Facts | undefined;
  /** When they were read. */
  readonly readAt: Instant | undefined;
  /** Why they could not be read again. */
  readonly problem: ReadProblem | undefined;
}
