import type { Instant } from '../support/clock.ts';
import type { RestartNote, ResumeNote } from './resume-note.ts';

export type OperationState = 'running' | 'succeeded' | 'failed' | 'unknown';

/** Something that takes time and was started here. Survives leaving the screen and, through the journal, detaching. */
export interface Operation {
  readonly id: string;
  readonly title: string;
  readonly kind:
    | 'submit'
    | 'cancel'
    | 'savepoint'
    | 'stop-job'
    | 'checkpoint'
    | 'dispose'
    | 'rescale'
    | 'restart'
    | 'stop'
    | 'log-level'
    | 'other';
  readonly jobId: string | undefined;
  readonly startedAt: Instant;
  readonly endedAt: Instant | undefined;
  readonly state: OperationState;
  /** `3/8 subtasks`, `12.4 MB of 30 MB`. */
  readonly progress: string | undefined;
  /** The savepoint path, the job id, or the reason of the failure. */
  readonly result: string | undefined;
  /** The request that begins it is still to be sent. */
  readonly unsent?: boolean;
}

/** Background work with a title, shown in the operations panel and kept in the journal. */
export interface OperationReport {
  progress(text: string): void;
  note(note: ResumeNote): void;
  /** Whether the request that begins it is still to be sent: a session that ends before leaves nothing behind. */
  unsent(is: boolean): void;
}

export interface Operations {
  /**
   * Runs `work` under an entry of the operations list. Resolves with its result; the entry keeps the final `result` in any case. Leaving
   * the screen does not end it; the `signal` of `work` aborts only when the session ends.
   */
  track<T>(
    start: Pick<Operation, 'title' | 'kind' | 'jobId'> & {
      readonly resume?: ResumeNote;
      /** The operation that is gone on with. */
      readonly id?: string;
    },
    work: (report: OperationReport, signal: AbortSignal) => Promise<{ readonly value: T; readonly result: string }>,
  ): Promise<T>;
  /** The restarts of this cluster that were left or failed after their job was stopped, or may have been; newest first. */
  restarts(): readonly OpenRestart[];
  /** The savepoints of this cluster that were taken from this machine and are in the journal. */
  savepoints(): readonly KeptSavepoint[];
}

/** A savepoint in the journal. */
export interface KeptSavepoint {
  readonly path: string;
  readonly jobId: string;
  readonly at: Instant;
}

/** A restart that was begun and is not done. */
export interface OpenRestart {
  readonly operation: Operation;
  readonly note: RestartNote;
}
