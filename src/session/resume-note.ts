import type { Instant } from '../support/clock.ts';
import type { Launch } from './launch.ts';

/** The data with which a later session goes on with an operation. */
export type ResumeNote = TriggerNote | RestartNote;

/** The data with which the journal finds the result of an operation of Flink after detaching. */
export interface TriggerNote {
  readonly jobId: string;
  readonly triggerId: string;
  readonly what: 'savepoint' | 'stop-job' | 'checkpoint';
  /** The job's newest checkpoint before it, which distinguishes the savepoint from older ones. Undefined: unknown. */
  readonly lastCheckpointId?: number | undefined;
  /** Where to write the savepoint. Undefined: the cluster's default. */
  readonly directory?: string | undefined;
}

/**
 * A job that is stopped with a savepoint and started from it. All ids are chosen before the first request, so that each step can be repeated
 * without being done twice.
 */
export interface RestartNote extends Omit<TriggerNote, 'what'> {
  readonly what: 'restart';
  readonly jobName: string;
  /** The path, once the job is stopped. */
  readonly savepoint?: string | undefined;
  readonly newJobId: string;
  /** A new version that is given up: it is ended before anything else is started. */
  readonly abandons?: string | undefined;
  readonly begunAt: Instant;
  /** What is started. */
  readonly launch: Launch;
  /** What ran before: the same, or for an upgrade the old version. */
  readonly before: Launch;
}
