import { blamedTaskManager } from './failure.ts';
import type { Job, Pod } from './types.ts';

/** The job's exception and the stamp of the deletion come from two clocks. */
const clockToleranceMs = 2_000;
/** A heartbeat that times out (50 s) is the last to notice. */
const noticedMs = 2 * 60_000;

/** Tasks failed with this pod when its deletion was asked for: Flink releases only TaskManagers that are idle, so somebody else deleted it. */
export function deletedInUse({ name, deletedAt }: Pod, jobs: readonly Job[]): boolean {
  if (deletedAt === undefined) return false;
  return jobs.some(({ exceptions }) => exceptions.some(({ at, stacktrace, taskManagerId }) =>
    at >= deletedAt - clockToleranceMs && at - deletedAt < noticedMs && (blamedTaskManager(stacktrace) ?? taskManagerId) === name));
}

/** What is remembered of such a pod. */
export const asDeletedInUse = (pod: Pod): Pod => ({ ...pod, state: 'Deleted', severity: 'error', message: 'while tasks ran on it; it was not Flink that released it' });
