import { isTerminal } from '../flink/types.ts';
import { formatSpan } from '../support/format.ts';
import { lostLimit } from './apply-jobs.ts';
import { timelineEntry, tellTimeline, type Draft } from './draft.ts';
import { same } from './same.ts';
import type { Change, Session } from './types.ts';
import { jobLabel } from './job-words.ts';

type Of<K extends Change['kind']> = Extract<Change, { kind: K }>;

/** Records the leader. With high availability, a time without a leader is a failover, and its end shows how long it took. */
export function applyLeader(draft: Draft, { at, pod, highAvailability }: Of<'leader'>): void {
  draft.highAvailability = highAvailability;
  const before = draft.leader;
  if (pod === before) return;
  const nameOf = (name: string): string =>
    draft.pods.get(name)?.shortName ?? draft.gone.findLast((each) => each.name === name)?.shortName ?? name;
  draft.leader = pod;
  if (pod === undefined) {
    draft.ledBefore = before === undefined ? draft.ledBefore : { pod: before, until: at };
    if (before !== undefined && draft.highAvailability === true)
      tellTimeline(draft, timelineEntry(at, 'flink', 'warn', before, `${nameOf(before)} does not lead any more: failover`));
    return;
  }
  const last = before ?? draft.ledBefore?.pod;
  const gap =
    before === undefined && draft.ledBefore !== undefined
      ? `, ${formatSpan(at - draft.ledBefore.until)} after ${nameOf(draft.ledBefore.pod)}`
      : '';
  draft.ledBefore = undefined;
  if (last !== undefined && last !== pod) tellTimeline(draft, timelineEntry(at, 'flink', 'warn', pod, `${nameOf(pod)} leads now${gap}`));
}

/** Another Deployment under the same name is another cluster: the previous one's jobs are lost. */
export function applyDeployment(draft: Draft, { at, deployment }: Of<'deployment'>): void {
  const before = draft.deployment;
  if (same(before, deployment)) return;
  draft.deployment = deployment;
  if (before === undefined || before.uid === deployment.uid) return;
  forgetFlink(draft, at, 'another cluster took the place of its own');
  draft.stopped = false;
  draft.warnings = new Map();
  tellTimeline(
    draft,
    timelineEntry(at, 'k8s', 'warn', undefined, `${draft.target.clusterId} was deployed again: another cluster has its name now`),
  );
}

/** Stopped here, or deleted by someone else: nothing of the cluster is left, including its jobs. */
export function applyStopped(draft: Draft, { at }: Of<'stopped'>): void {
  if (draft.stopped) return;
  draft.stopped = true;
  forgetFlink(draft, at, 'its cluster was deleted');
  const what = stoppedHere(draft)
    ? 'the cluster is stopped, nothing is left of it'
    : `${draft.target.clusterId} was deleted, and not from here: nothing of it is left`;
  tellTimeline(draft, timelineEntry(at, 'k8s', stoppedHere(draft) ? 'info' : 'warn', undefined, what));
}

/** True if this session asked the cluster to stop: then nobody else deleted it. */
export const stoppedHere = ({ operations }: Pick<Session, 'operations'>): boolean =>
  operations.some(({ kind, state }) => kind === 'stop' && state !== 'failed');

/** Running jobs are lost, and Flink's reports about them are outdated; ended jobs keep their final state. */
function forgetFlink(draft: Draft, at: number, why: string): void {
  const running = draft.jobs.filter(({ state }) => !isTerminal(state));
  if (running.length > 0) {
    for (const job of running) tellTimeline(draft, timelineEntry(at, 'flink', 'warn', job.id, `job ${jobLabel(job)} is lost: ${why}`));
    draft.lostJobs = [...draft.lostJobs, ...running.map((job) => ({ job, at, forgottenBy: undefined }))].slice(-lostLimit);
    draft.jobs = draft.jobs.filter(({ state }) => isTerminal(state));
  }
  draft.jobsKnown = false;
  draft.jobsKnownAt = undefined;
  draft.overview = undefined;
  draft.config = undefined;
  draft.ledBefore = undefined;
}
