import type { Instant } from '../../support/clock.ts';
import type { Job, Pod, Session } from '../types.ts';
import { memoised } from './memo.ts';

/** The last time that something failed. */
export interface NewestFailure {
  readonly at: Instant;
  /** `orders failed`, `taskmanager-1-3 was restarted`. */
  readonly what: string;
}

/** The newest of all exceptions of jobs and ends of containers; undefined: none is known. */
export function newestFailure({
  jobs,
  lostJobs,
  pods,
  gone,
}: Pick<Session, 'lostJobs' | 'pods' | 'gone'> & { readonly jobs: readonly Pick<Job, 'name' | 'exceptions'>[] }):
  | NewestFailure
  | undefined {
  let newest: NewestFailure | undefined;
  const see = (at: Instant | undefined, what: () => string): void => {
    if (at !== undefined && (newest === undefined || at > newest.at)) newest = { at, what: what() };
  };
  for (const job of [...jobs, ...lostJobs.map((lost) => lost.job)])
    for (const { at } of job.exceptions) see(at, () => `${job.name} failed`);
  const seePod = ({ shortName, containers, severity }: Pod): void => {
    for (const { before, state, endedAt } of containers) {
      see(before?.at, () => `${shortName} was restarted`);
      // A TaskManager that Flink released ends as well.
      if (state === 'terminated' && severity === 'error') see(endedAt, () => `${shortName} crashed`);
    }
  };
  pods.forEach(seePod);
  gone.forEach(seePod);
  return newest;
}

export const selectNewestFailure = memoised(
  ({ jobs, lostJobs, pods, gone }) => [jobs, lostJobs, pods, gone] as const,
  (jobs: Session['jobs'], lostJobs: Session['lostJobs'], pods: Session['pods'], gone: Session['gone']): NewestFailure | undefined =>
    newestFailure({ jobs, lostJobs, pods, gone }),
);
