import { formatSpan } from '../support/format.ts';
import { applyDeployment, applyLeader, applyStopped } from './apply-cluster.ts';
import { applyJobDetails, applyJobs } from './apply-jobs.ts';
import { applyPods } from './apply-pods.ts';
import { close, open, ownLogs, ownSources, ownUsage, ownWarnings, timelineEntry, tellTimeline, type Draft } from './draft.ts';
import { same } from './same.ts';
import type { Change, Operation, Session, SourceStatus, TimelineEntry } from './types.ts';
import { unreadableWords } from './job-words.ts';
import { oneLine } from '../support/foreign-text.ts';

/** How many operations to remember; running ones are never forgotten. */
const operationsLimit = 100;

/** The session after `change`. Pure; keeps every unchanged object, so that selectors stay cheap. */
export function apply(session: Session, change: Change): Session {
  return applyAll(session, [change]);
}

/** The session after all of `changes`, in their order; `session` itself if they change nothing. */
export function applyAll(session: Session, changes: readonly Change[]): Session {
  const draft = open(session);
  for (const change of changes) step(draft, change);
  return close(draft);
}

function step(draft: Draft, change: Change): void {
  switch (change.kind) {
    case 'target':
      return replace(draft, 'target', change.target);
    case 'pods-listed':
    case 'pods-seen':
    case 'pods-gone':
      return applyPods(draft, change);
    case 'leader':
      return applyLeader(draft, change);
    case 'usage':
      return applyUsage(draft, change);
    case 'jobs-seen':
      return applyJobs(draft, change);
    case 'job-details':
      return applyJobDetails(draft, change);
    case 'overview':
      return replace(draft, 'overview', change.overview);
    case 'config':
      return replace(draft, 'config', change.config);
    case 'log':
      if (!same(draft.logs.get(change.log), change.counters)) ownLogs(draft).set(change.log, change.counters);
      return;
    case 'events-listed':
      draft.eventsKnown = true;
      return;
    case 'warning':
      return applyWarning(draft, change);
    case 'timeline':
      return tellTimeline(draft, change.line);
    case 'operation':
      return applyOperation(draft, change);
    case 'source':
      return applySource(draft, change);
    case 'unreadable':
      return applyUnreadable(draft, change);
    case 'deployment':
      return applyDeployment(draft, change);
    case 'stopped':
      return applyStopped(draft, change);
  }
}

function replace<K extends 'target' | 'overview' | 'config'>(draft: Draft, member: K, value: Draft[K]): void {
  if (!same(draft[member], value)) draft[member] = value;
}

type Of<K extends Change['kind']> = Extract<Change, { kind: K }>;

function applyUsage(draft: Draft, { usage }: Of<'usage'>): void {
  for (const [pod, next] of usage) if (draft.pods.has(pod) && !same(draft.usage.get(pod), next)) ownUsage(draft).set(pod, next);
}

/** How many warnings to remember. */
const warningsLimit = 200;

function applyWarning(draft: Draft, { warning }: Of<'warning'>): void {
  const {
    object: { kind, name },
    reason,
  } = warning;
  const key = `${kind}/${name}/${reason}`;
  const before = draft.warnings.get(key);
  // Events are not listed in order of time, and several may have the same reason.
  if (before !== undefined && (before.at > warning.at || same(before, warning))) return;
  const warnings = ownWarnings(draft).set(key, warning);
  for (const oldest of warnings.keys()) {
    if (warnings.size <= warningsLimit) break;
    warnings.delete(oldest);
  }
}

function applyOperation(draft: Draft, { operation }: Of<'operation'>): void {
  const place = draft.operations.findIndex(({ id }) => id === operation.id);
  const before = draft.operations[place];
  if (before !== undefined && same(before, operation)) return;
  if (before === undefined || before.state !== operation.state) tellTimeline(draft, operationLine(operation));
  const all = before === undefined ? [...draft.operations, operation] : draft.operations.with(place, operation);
  let surplus = all.length - operationsLimit;
  draft.operations = surplus <= 0 ? all : all.filter(({ state }) => state === 'running' || surplus-- <= 0);
}

function operationLine(operation: Operation): TimelineEntry {
  const { title, state, result, jobId } = operation;
  const at = operation.endedAt ?? operation.startedAt;
  const tail = result === undefined ? '' : `: ${oneLine(result)}`;
  if (state === 'running') return timelineEntry(at, 'drey', 'info', jobId, oneLine(title));
  if (state === 'succeeded') return timelineEntry(at, 'drey', 'info', jobId, `${oneLine(title)} succeeded${tail}`);
  if (state === 'failed') return timelineEntry(at, 'drey', 'error', jobId, `${oneLine(title)} failed${tail}`);
  return timelineEntry(at, 'drey', 'warn', jobId, `${oneLine(title)}: result not known${tail}`);
}

function sameStatus(a: SourceStatus | undefined, b: SourceStatus): boolean {
  return (
    a !== undefined &&
    a.state === b.state &&
    a.since === b.since &&
    a.dataAt === b.dataAt &&
    a.nextTryAt === b.nextTryAt &&
    a.problem?.kind === b.problem?.kind &&
    a.problem?.message === b.problem?.message &&
    a.problem?.hint === b.problem?.hint
  );
}

const namedInTimeline: Readonly<Record<string, string>> = { pods: 'Kubernetes', flink: 'Flink' };

function applySource(draft: Draft, { at, source, status }: Of<'source'>): void {
  const before = draft.sources.get(source);
  if (sameStatus(before, status)) return;
  ownSources(draft).set(source, status);
  const name = namedInTimeline[source];
  if (name === undefined || before === undefined) return;
  const { problem } = status;
  if (status.state === 'live' && before.problem !== undefined) {
    const again = before.dataAt === undefined ? '' : ` again after ${formatSpan(at - before.dataAt)}`;
    tellTimeline(draft, timelineEntry(at, 'drey', 'info', undefined, `${name} answers${again}`));
  } else if (problem !== undefined && before.problem === undefined && before.dataAt !== undefined) {
    tellTimeline(draft, timelineEntry(at, 'drey', 'warn', undefined, `${name} ${status.state}: ${oneLine(problem.message)}`));
  }
}

/** Reported if there are more of them, or others: an object that changes every second remains one line. */
function applyUnreadable(draft: Draft, { at, source, objects }: Of<'unreadable'>): void {
  const before = draft.unreadable.get(source);
  if (same(before, objects)) return;
  const unreadable = new Map(draft.unreadable);
  if (objects === undefined) unreadable.delete(source);
  else unreadable.set(source, objects);
  draft.unreadable = unreadable;
  if (objects === undefined) tellTimeline(draft, timelineEntry(at, 'k8s', 'info', undefined, `${unreadableWords(source, 0)} again`));
  else if (objects.count > (before?.count ?? 0) || objects.reason !== before?.reason)
    tellTimeline(
      draft,
      timelineEntry(at, 'k8s', 'warn', undefined, `${unreadableWords(source, objects.count)}: ${oneLine(objects.reason)}`),
    );
}
