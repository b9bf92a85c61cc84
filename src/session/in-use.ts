import { blamedTaskManager, GONE, RELEASED } from './failure.ts';
import type { JobException } from '../flink/types.ts';
import type { Instant } from '../support/clock.ts';
import type { Job, Pod } from './types.ts';

/** The job's exception and the stamp of the deletion come from two clocks. */
const clockToleranceMs = 2_000;
/** A heartbeat that times out (50 s) is the last to notice. */
const noticedMs = 2 * 60_000;

/** Tasks failed with this pod when its deletion was asked for: Flink releases only TaskManagers that are idle, so somebody else deleted it. */
export const deletedInUse = (pod: Pod, jobs: readonly Job[]): boolean =>
  failuresAfter(pod, jobs).some(({ stacktrace, taskManagerId }) => (blamedTaskManager(stacktrace) ?? taskManagerId) === pod.name);

/** Failures of jobs that its end may explain. */
function failuresAfter({ deletedAt }: Pod, jobs: readonly Job[]): readonly JobException[] {
  if (deletedAt === undefined) return [];
  return jobs.flatMap(({ exceptions }) => exceptions.filter(({ at }) => at >= deletedAt - clockToleranceMs && at - deletedAt < noticedMs));
}

/**
 * A TaskManager is gone, and nobody has said yet whether tasks ran on it. Of a job that fails with it the next poll (3 s) tells, and its
 * exceptions (cached for 3 s) are asked for in two rounds.
 */
const releaseKnownMs = 15_000;

export const asGone = (pod: Pod): Pod => ({ ...pod, state: GONE, severity: 'done', message: undefined });

/**
 * Such a pod, once it is known that no task failed with it; undefined: not known yet, or not such a pod. If a job failed at that time, it never is
 * known: of several TaskManagers that go at once, its exceptions name one.
 */
export const asReleased = (pod: Pod, jobs: readonly Job[], at: Instant): Pod | undefined =>
  pod.state === GONE && at - (pod.deletedAt ?? at) >= releaseKnownMs && failuresAfter(pod, jobs).length === 0
    ? { ...pod, state: RELEASED }
    : undefined;

/** What is remembered of such a pod. */
export const asDeletedInUse = (pod: Pod): Pod => ({
  ...pod,
  state: 'Deleted',
  severity: 'error',
  message: 'while tasks ran on it; it was not Flink that released it',
});
