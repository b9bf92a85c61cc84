import { blamedTaskManager, GONE, RELEASED } from '../causes/failure.ts';
import type { JobException } from '../flink/types.ts';
import type { Instant } from '../support/clock.ts';
import type { Job, Pod } from './types.ts';

/** The job's exception and the stamp of the deletion come from two clocks. */
const clockToleranceMs = 2_000;
/** A heartbeat timeout (50 s) is the last sign of a lost TaskManager. */
const noticedMs = 2 * 60_000;

/** Tasks failed with this pod when its deletion was requested: Flink releases only idle TaskManagers, so someone else deleted it. */
export const deletedInUse = (pod: Pod, jobs: readonly Job[]): boolean =>
  failuresAfter(pod, jobs).some(({ stacktrace, taskManagerId }) => (blamedTaskManager(stacktrace) ?? taskManagerId) === pod.name);

/** Failures of jobs that the pod's end may explain. */
function failuresAfter({ deletedAt }: Pod, jobs: readonly Job[]): readonly JobException[] {
  if (deletedAt === undefined) return [];
  return jobs.flatMap(({ exceptions }) => exceptions.filter(({ at }) => at >= deletedAt - clockToleranceMs && at - deletedAt < noticedMs));
}

/**
 * How long it may take to find out whether tasks ran on a TaskManager that is gone. The next poll (3 s) shows a job that fails with it, and
 * the job's exceptions (cached for 3 s) are requested in two rounds.
 */
const releaseKnownMs = 15_000;

export const asGone = (pod: Pod): Pod => ({ ...pod, state: GONE, severity: 'done', message: undefined });

/**
 * The pod as released, once it is known that no task failed with it; undefined: not known yet, or the pod is not in this state. If a job
 * failed at that time, this never becomes known: if several TaskManagers go at once, the job's exceptions name only one.
 */
export const asReleased = (pod: Pod, jobs: readonly Job[], at: Instant): Pod | undefined =>
  pod.state === GONE && at - (pod.deletedAt ?? at) >= releaseKnownMs && failuresAfter(pod, jobs).length === 0
    ? { ...pod, state: RELEASED }
    : undefined;

/** The pod as gone while nobody looked: how it ended is known only if it had ended by then. */
export const asGoneUnseen = (pod: Pod, at: Instant): Pod => {
  const gone = { ...pod, deletedAt: pod.deletedAt ?? at, ready: 0 };
  if (pod.severity === 'error' || pod.severity === 'done') return gone;
  return { ...gone, state: 'Gone unseen', severity: 'done', message: 'while drey was not attached' };
};

/** The pod as deleted while tasks ran on it. */
export const asDeletedInUse = (pod: Pod): Pod => ({
  ...pod,
  state: 'Deleted',
  severity: 'error',
  message: 'while tasks ran on it; it was not Flink that released it',
});
