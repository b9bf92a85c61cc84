import type { JobException, JobOverview } from '../../src/flink/types.ts';
import type { Change as SessionChange, Pod, SourceState, SourceStatus } from '../../src/session/types.ts';
import { start } from '../support/fake-clock.ts';
import { job, pod } from '../support/pods-and-jobs.ts';

export { target } from '../support/pods-and-jobs.ts';

export type Change = SessionChange;
export type JobExceptionLike = JobException;

/** 2026-11-22 11:34:00 UTC: the moment around which these tests happen. */
export const T = start;

/** Its container has run nearly as long as it is there. */
export function podOf(shortName: string, given: Partial<Pod> = {}): Pod {
  const { containers, ...made } = pod({ shortName });
  return { ...made, containers: containers.map((each) => ({ ...each, startedAt: T - 7_100_000 })), ...given };
}

/** A pod whose only container ended by itself. */
export function endedPod(shortName: string, state: string, given: Partial<Pod> = {}): Pod {
  const whole = podOf(shortName);
  const containers = whole.containers.map((each) => ({ ...each, state: 'terminated' as const, endedAt: T }));
  return { ...whole, ready: 0, containers, state, severity: 'error', ...given };
}

/** What Flink's list says of a job. */
export function jobOf(given: Partial<JobOverview> & Pick<JobOverview, 'id' | 'name'>): JobOverview {
  const { checkpoints: _, restarts: __, exceptions: ___, ...overview } = job({ startTime: T, durationMs: 5, ...given });
  return overview;
}

export const listed = (pods: readonly Pod[], at = T): Change => ({ kind: 'pods-listed', at, pods, first: true, last: true });
export const seen = (pods: readonly Pod[], at = T): Change => ({ kind: 'pods-seen', at, pods });
export const jobSeen = (jobs: readonly (Partial<JobOverview> & Pick<JobOverview, 'id' | 'name'>)[], at = T): Change => ({
  kind: 'jobs-seen',
  at,
  jobs: jobs.map(jobOf),
});
export const exception = (at: number, stacktrace: string): JobException => ({
  at,
  name: 'org.apache.flink.runtime.JobException',
  stacktrace,
  taskName: 'Enrich (5/12)',
  taskManagerId: undefined,
});
export const status = (state: SourceState, since = T): SourceStatus => ({
  state,
  since,
  dataAt: since,
  problem: undefined,
  nextTryAt: undefined,
});
