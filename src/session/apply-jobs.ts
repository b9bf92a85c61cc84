import { isTerminal, type JobException, type JobOverview } from '../flink/types.ts';
import type { Instant } from '../support/clock.ts';
import { tellAll } from './apply-pods.ts';
import { type Draft, timelineEntry, tellTimeline } from './draft.ts';
import { endedUnused } from '../causes/failure.ts';
import { asDeletedInUse, asReleased, deletedInUse } from './in-use.ts';
import { same } from './same.ts';
import type { Change, Job, LostJob, Pod, TimelineEntry } from './types.ts';
import { rootCause } from '../causes/root-cause.ts';
import { jobLabel } from './job-words.ts';
import { oneLine } from '../support/foreign-text.ts';

type Of<K extends Change['kind']> = Extract<Change, { kind: K }>;

const noExceptions: readonly JobException[] = [];
/** How many jobs to remember after Flink forgot them. */
export const lostLimit = 20;

const jobTone = (state: string): TimelineEntry['severity'] =>
  state === 'FAILED' ? 'error' : state === 'RESTARTING' || state === 'FAILING' || state === 'SUSPENDED' ? 'warn' : 'info';

export function applyJobs(draft: Draft, { at, jobs }: Of<'jobs-seen'>): void {
  const known = new Map(draft.jobs.map((job) => [job.id, job]));
  const next = jobs.map((seen): Job => {
    const before = known.get(seen.id);
    if (draft.jobsKnown) tellTransition(draft, before, seen, at);
    const runningSince = before !== undefined && before.state !== 'RUNNING' && seen.state === 'RUNNING' ? at : before?.runningSince;
    const job: Job = {
      ...seen,
      checkpoints: before?.checkpoints,
      restarts: before?.restarts,
      runningSince,
      exceptions: before?.exceptions ?? noExceptions,
    };
    return before !== undefined && same(before, job) ? before : job;
  });
  next.sort((a, b) => b.startTime - a.startTime || (a.id < b.id ? -1 : 1));
  draft.jobsKnown = true;
  draft.jobsKnownAt ??= at;
  missJobs(draft, next, at);
  findReleases(draft, at);
  if (next.length !== draft.jobs.length || next.some((job, index) => job !== draft.jobs[index])) draft.jobs = next;
}

function tellTransition(draft: Draft, before: Job | undefined, seen: JobOverview, at: number): void {
  if (before?.state === seen.state) return;
  // The server's stamp puts the line next to the log lines of that time; the poll came later.
  const moment = seen.lastModification > 0 ? Math.min(seen.lastModification, at) : at;
  const step = before === undefined ? seen.state : `${before.state} -> ${seen.state}`;
  const newest = before?.exceptions.find((exception) => exception.at >= before.lastModification);
  const reason = newest !== undefined && jobTone(seen.state) !== 'info' ? `, ${rootCause(newest)}` : '';
  tellTimeline(draft, timelineEntry(moment, 'flink', jobTone(seen.state), seen.id, `job ${jobLabel(seen)}: ${step}${reason}`));
}

/**
 * A job that ran and is no longer listed is lost, because Flink keeps jobs that ended. A new job with its id or its name takes its place.
 */
function missJobs(draft: Draft, next: readonly Job[], at: Instant): void {
  const ids = new Set(next.map(({ id }) => id));
  const missed = draft.jobs
    .filter(({ id, state }) => !ids.has(id) && !isTerminal(state))
    .map((job): LostJob => ({ job, at, forgottenBy: startedSince(draft.pods, job)?.shortName }));
  for (const { job, forgottenBy } of missed) {
    const who = forgottenBy === undefined ? 'Flink does not list it any more' : `${forgottenBy} started and does not know it`;
    tellTimeline(draft, timelineEntry(at, 'flink', 'error', job.id, `job ${jobLabel(job)} is lost: ${who}`));
  }
  const back = (lost: Job): boolean => next.some(({ id, name, state }) => id === lost.id || (name === lost.name && !isTerminal(state)));
  if (missed.length === 0 && !draft.lostJobs.some(({ job }) => back(job))) return;
  draft.lostJobs = [...draft.lostJobs, ...missed].filter(({ job }) => !back(job)).slice(-lostLimit);
}

/** The JobManager that started after the job was last seen. */
function startedSince(pods: ReadonlyMap<string, Pod>, { startTime, durationMs }: Job): Pod | undefined {
  for (const pod of pods.values()) {
    if (pod.role === 'jobmanager' && pod.containers.some(({ init, startedAt }) => !init && (startedAt ?? 0) > startTime + durationMs))
      return pod;
  }
  return undefined;
}

export function applyJobDetails(draft: Draft, { at, jobId, checkpoints, restarts, runningSince, exceptions }: Of<'job-details'>): void {
  const place = draft.jobs.findIndex((job) => job.id === jobId);
  const before = draft.jobs[place];
  if (before === undefined) return;
  const job: Job = {
    ...before,
    checkpoints: same(before.checkpoints, checkpoints) ? before.checkpoints : checkpoints,
    restarts,
    runningSince: runningSince ?? before.runningSince,
    exceptions: same(before.exceptions, exceptions) ? before.exceptions : exceptions,
  };
  if (same(before, job)) return;
  for (const failure of newFailures(draft, before, exceptions)) {
    const where = failure.taskName === undefined ? '' : ` in ${oneLine(failure.taskName, 100)}`;
    tellTimeline(
      draft,
      timelineEntry(
        Math.min(failure.at, at),
        'flink',
        isTerminal(before.state) ? 'error' : 'warn',
        jobId,
        `job ${jobLabel(before)} failed${where}: ${rootCause(failure)}`,
      ),
    );
  }
  tellRestored(draft, before, job);
  draft.jobs = draft.jobs.with(place, job);
  findDeletions(draft, job, at);
}

/** Reports the state from which a job continues, after a failure or under another JobManager. */
function tellRestored(draft: Draft, before: Job, { id, name, checkpoints }: Job): void {
  const restored = checkpoints?.latestRestored;
  if (restored === undefined || restored.at <= Math.max(before.checkpoints?.latestRestored?.at ?? 0, draft.jobsKnownAt ?? 0)) return;
  tellTimeline(
    draft,
    timelineEntry(
      restored.at,
      'flink',
      'info',
      id,
      `job ${jobLabel({ id, name })} recovered from ${restored.isSavepoint ? 'savepoint' : 'checkpoint'} ${restored.id}`,
    ),
  );
}

/** Only exceptions, which come later, show that a TaskManager was in use when it went. */
function findDeletions(draft: Draft, job: Job, at: Instant): void {
  const inUse = draft.gone.filter((pod) => endedUnused(pod) && deletedInUse(pod, [job]));
  if (inUse.length === 0) return;
  draft.gone = draft.gone.map((pod) => (inUse.includes(pod) ? asDeletedInUse(pod) : pod));
  for (const { name, shortName } of inUse)
    tellTimeline(draft, timelineEntry(at, 'k8s', 'warn', name, `pod ${shortName} was not released: it was deleted while tasks ran on it`));
}

/** Only some polls after a TaskManager went is it known that no job failed with it. */
function findReleases(draft: Draft, at: Instant): void {
  const known = new Map(
    draft.gone.flatMap((pod) => {
      const released = asReleased(pod, draft.jobs, at);
      return released === undefined ? [] : [[pod, released] as const];
    }),
  );
  if (known.size === 0) return;
  draft.gone = draft.gone.map((pod) => known.get(pod) ?? pod);
  tellAll(
    draft,
    at,
    [...known.keys()].map(({ name, shortName }) => timelineEntry(at, 'k8s', 'info', name, `pod ${shortName} was released`)),
    'were released',
  );
}

/** Failures older than the session are not news; all later ones are, not only the newest. Oldest first. */
function newFailures({ jobsKnownAt = 0 }: Draft, job: Job, exceptions: readonly JobException[]): readonly JobException[] {
  const last = Math.max(job.exceptions[0]?.at ?? 0, jobsKnownAt);
  return exceptions.filter(({ at }) => at > last).toReversed();
}
