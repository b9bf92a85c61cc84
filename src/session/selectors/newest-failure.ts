import type { Instant } from '../../support/clock.ts';
import type { Job, LostJob, Pod } from '../types.ts';
import { memoised } from './memo.ts';

/** The last time that something failed. */
export interface NewestFailure {
  readonly at: Instant;
  /** `orders failed`, `taskmanager-1-3 was restarted`. */
  readonly what: string;
}

/** The newest of all exceptions of jobs and crashes of containers; undefined: none is known. */
export const selectNewestFailure = memoised(
  ({ jobs, lostJobs, pods, gone }) => [jobs, lostJobs, pods, gone] as const,
  (jobs: readonly Job[], lostJobs: readonly LostJob[], pods: ReadonlyMap<string, Pod>, gone: readonly Pod[]): NewestFailure | undefined => {
    let newest: NewestFailure | undefined;
    const see = (at: Instant | undefined, what: () => string): void => {
      if (at !== undefined && (newest === undefined || at > newest.at)) newest = { at, what: what() };
    };
    for (const job of [...jobs, ...lostJobs.map((lost) => lost.job)])
      for (const { at } of job.exceptions) see(at, () => `${job.name} failed`);
    const seePod = ({ shortName, containers }: Pod): void => {
      for (const { before, state, exitCode, endedAt } of containers) {
        see(before?.at, () => `${shortName} was restarted`);
        if (state === 'terminated' && exitCode !== 0) see(endedAt, () => `${shortName} ended`);
      }
    };
    pods.forEach(seePod);
    gone.forEach(seePod);
    return newest;
  },
);
