import type { Call } from './call.ts';

/** A failure as the JobManager keeps it. If no task is named, the job as a whole failed. */
export interface FailureRecord {
  readonly exceptionName: string;
  readonly stacktrace: string;
  readonly at: number;
  /** With the subtask and the attempt: `map -> sink (2/4) - execution #1`. */
  readonly taskName: string | undefined;
  readonly taskManagerId: string | undefined;
  /** Host and port of the TaskManager. */
  readonly endpoint: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
}

export interface Failure extends FailureRecord {
  /** What failed at the same time; since 1.14. */
  readonly concurrent: readonly FailureRecord[];
}

export interface ExceptionHistory {
  /** Newest first. */
  readonly failures: readonly Failure[];
  /** The server keeps more of them than were asked for. */
  readonly truncated: boolean;
}

export interface ExceptionCalls {
  exceptionHistory(id: string, most: number, call?: Call): Promise<ExceptionHistory>;
}
