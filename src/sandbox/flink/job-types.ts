import type { Failure } from './failures.ts';
import type { JobGraph } from './graph-types.ts';

export const jobStatuses = [
  'FAILED',
  'SUSPENDED',
  'CREATED',
  'CANCELLING',
  'CANCELED',
  'FINISHED',
  'RECONCILING',
  'INITIALIZING',
  'FAILING',
  'RESTARTING',
  'RUNNING',
] as const;
export type JobStatus = (typeof jobStatuses)[number];

export const hasEnded = (status: JobStatus): boolean => status === 'FAILED' || status === 'CANCELED' || status === 'FINISHED';

export interface JobRequest {
  readonly id: string;
  readonly graph: JobGraph;
  readonly parallelism: number;
  readonly entryClass: string;
  readonly configuration: Readonly<Record<string, string>>;
  readonly restoredFrom?: { readonly path: string; readonly id: number };
}

export interface JobFailure extends Failure {
  readonly at: number;
  readonly taskName: string | undefined;
  readonly taskManager: string | undefined;
  /** Failures at the same time, or those behind the end of a job. */
  readonly concurrent: readonly JobFailure[];
}
