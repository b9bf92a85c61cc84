import { podStateWords } from '../native/pod-trouble.ts';
import type { Instant } from '../support/clock.ts';
import { goneLimit, ownLogs, ownPods, ownSources, ownUsage, timelineEntry, tellTimeline, type Draft } from './draft.ts';
import { asDeletedInUse, asGone, asGoneUnseen, deletedInUse } from './in-use.ts';
import { same } from './same.ts';
import type { Change, Job, Pod, TimelineEntry } from './types.ts';

/** More lines than this from one change are summed up as a number: a relisted cluster must not flood the timeline. */
const storm = 20;

const tone = (pod: Pod): TimelineEntry['severity'] => (pod.severity === 'error' ? 'error' : pod.severity === 'warn' ? 'warn' : 'info');

function whatHappened(before: Pod | undefined, pod: Pod, at: Instant): TimelineEntry | undefined {
  const line = (text: string): TimelineEntry => timelineEntry(at, 'k8s', tone(pod), pod.name, `pod ${pod.shortName}${text}`);
  if (before === undefined || before.uid !== pod.uid) {
    const place = pod.node === undefined ? '' : ` on ${pod.node}`;
    return pod.severity === 'ok' || pod.severity === 'busy' ? line(` created${place}`) : line(` created${place}: ${podStateWords(pod)}`);
  }
  if (pod.restarts > before.restarts)
    return line(`: container restarted, ${pod.restarts} in all${pod.severity === 'ok' ? '' : `; ${podStateWords(pod)}`}`);
  const worse = pod.severity === 'warn' || pod.severity === 'error';
  // The small steps of a start (Pending, ContainerCreating, …) are visible on the screen, and not news for the timeline.
  if (pod.state !== before.state && (worse || pod.severity !== before.severity)) return line(`: ${podStateWords(pod)}`);
  return undefined;
}

/** Adds the lines, or their number; lines that need attention are always added by name, up to the limit. */
export function tellAll(draft: Draft, at: Instant, lines: readonly TimelineEntry[], what: string): void {
  if (lines.length <= storm) {
    for (const line of lines) tellTimeline(draft, line);
    return;
  }
  const grave = lines.filter((line) => line.severity !== 'info').slice(0, storm);
  for (const line of grave) tellTimeline(draft, line);
  tellTimeline(
    draft,
    timelineEntry(at, 'k8s', 'info', undefined, `${lines.length - grave.length} ${grave.length > 0 ? 'more ' : ''}pods ${what}`),
  );
}

function see(draft: Draft, pods: readonly Pod[], at: Instant, quiet: boolean): void {
  const lines: TimelineEntry[] = [];
  for (const each of pods) {
    const before = draft.pods.get(each.name);
    const pod = stillFailed(before, each);
    if (before !== undefined && same(before, pod)) continue;
    ownPods(draft).set(pod.name, pod);
    if (before === undefined && draft.gone.some((last) => last.name === pod.name))
      draft.gone = draft.gone.filter((last) => last.name !== pod.name);
    if (pod.deletedAt === undefined) draft.stopped = false;
    const line = quiet ? undefined : whatHappened(before, pod, at);
    if (line !== undefined) lines.push(line);
  }
  tellAll(draft, at, lines, 'changed');
}

/** A pod that ended by itself keeps its reason when it is removed: Flink deletes the pod of a TaskManager that failed. */
function stillFailed(before: Pod | undefined, pod: Pod): Pod {
  const failed =
    before?.uid === pod.uid && before.severity === 'error' && before.containers.some(({ init, state }) => !init && state === 'terminated');
  return failed && pod.severity === 'busy' && pod.deletedAt !== undefined
    ? { ...pod, state: before.state, severity: before.severity, message: before.message }
    : pod;
}

/** What to remember of a pod that is gone: why it failed, who removed it, or that it went without trouble. */
function remembered(last: Pod, at: Instant, jobs: readonly Job[]): Pod {
  const deletedAt = last.deletedAt ?? at;
  if (last.severity === 'error' || last.severity === 'done') return { ...last, deletedAt };
  const gone = { ...last, deletedAt, ready: 0 };
  // Kubernetes itself removed the pod, and gave the reason: see `disruption` in `native/pod-verdict.ts`.
  if (last.state === 'Terminating' && last.message !== undefined) return { ...gone, severity: 'error', state: 'Evicted' };
  if (last.role === 'jobmanager') return { ...gone, severity: 'done', state: 'Deleted', message: undefined };
  return deletedInUse(gone, jobs) ? asDeletedInUse(gone) : asGone(gone);
}

function lose(draft: Draft, pods: readonly Pod[], at: Instant): void {
  const lines: TimelineEntry[] = [];
  const lost: Pod[] = [];
  for (const pod of pods) {
    const known = draft.pods.get(pod.name);
    // A younger pod already has the name: the news is about its predecessor.
    if (known !== undefined && known.uid !== pod.uid) continue;
    const kept = remembered(stillFailed(known, pod), at, draft.jobs);
    lost.push(kept);
    if (known === undefined) continue;
    ownPods(draft).delete(pod.name);
    if (draft.usage.has(pod.name)) ownUsage(draft).delete(pod.name);
    const ending = kept.severity === 'error' ? `gone: ${podStateWords(kept)}` : kept.role === 'taskmanager' ? 'gone' : 'deleted';
    lines.push(timelineEntry(at, 'k8s', kept.severity === 'error' ? 'warn' : 'info', pod.name, `pod ${pod.shortName} ${ending}`));
  }
  if (lost.length === 0) return;
  const names = new Set(lost.map((pod) => pod.name));
  const gone = [...draft.gone.filter((pod) => !names.has(pod.name)), ...lost];
  for (const forgotten of gone.splice(0, Math.max(0, gone.length - goneLimit))) {
    if (draft.logs.has(forgotten.name)) ownLogs(draft).delete(forgotten.name);
    if (draft.sources.has(`log:${forgotten.name}`)) ownSources(draft).delete(`log:${forgotten.name}`);
  }
  draft.gone = gone;
  tellAll(draft, at, lines, 'are gone');
}

/** Pods of earlier sessions come before those that went in this one. */
export function applyKept(draft: Draft, { at, pods }: Extract<Change, { kind: 'pods-kept' }>): void {
  const known = new Set(draft.gone.map(({ name }) => name));
  const kept = pods
    .filter(({ pod: { name } }) => !draft.pods.has(name) && !known.has(name))
    .map(({ pod, gone }) => (gone ? pod : asGoneUnseen(pod, at)));
  if (kept.length > 0) draft.gone = [...kept, ...draft.gone].slice(-goneLimit);
}

export function applyPods(draft: Draft, change: Extract<Change, { kind: 'pods-listed' | 'pods-seen' | 'pods-gone' }>): void {
  const { at, pods } = change;
  if (change.kind === 'pods-gone') return lose(draft, pods, at);
  if (change.kind === 'pods-seen') return see(draft, pods, at, false);
  see(draft, pods, at, !draft.podsKnown);
  // A page without a first page belongs to a list whose beginning was not seen: it can show pods, but not which ones are gone.
  if (!change.first && draft.listing === undefined) return;
  const listing = change.first ? new Set<string>() : new Set(draft.listing);
  for (const pod of pods) listing.add(pod.name);
  if (!change.last) {
    draft.listing = listing;
    return;
  }
  draft.listing = undefined;
  draft.podsKnown = true;
  // A listed pod that cannot be read exists, and stays as it was last seen.
  const unread = new Set(draft.unreadable.get('pods')?.names);
  lose(
    draft,
    [...draft.pods.values()].filter(({ name }) => !listing.has(name) && !unread.has(name)),
    at,
  );
}
