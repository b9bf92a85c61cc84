import { formatSpan } from '../support/format.ts';
import { applyDeployment, applyLeader, applyStopped } from './apply-cluster.ts';
import { applyJobDetails, applyJobs } from './apply-jobs.ts';
import { applyKept, applyPods } from './apply-pods.ts';
import { close, open, ownLogs, ownSources, ownUsage, ownWarnings, timelineEntry, tellTimeline, type Draft } from './draft.ts';
import { keyOf } from './inspections/inspections.ts';
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

/** What each kind of change does. */
const steps: { readonly [Kind in Change['kind']]: (draft: Draft, change: Of<Kind>) => void } = {
  target: (draft, { target }) => replace(draft, 'target', target),
  'pods-listed': applyPods,
  'pods-seen': applyPods,
  'pods-gone': applyPods,
  'pods-kept': applyKept,
  spool(draft, { folder }) {
    draft.spool = folder;
  },
  leader: applyLeader,
  usage: applyUsage,
  'jobs-seen': applyJobs,
  'job-details': applyJobDetails,
  overview: (draft, { overview }) => replace(draft, 'overview', overview),
  config: (draft, { config }) => replace(draft, 'config', config),
  log(draft, { log, counters }) {
    if (!same(draft.logs.get(log), counters)) ownLogs(draft).set(log, counters);
  },
  'log-patterns': (draft, { patterns }) => replace(draft, 'logPatterns', patterns),
  'log-levels': (draft, { levels }) => replace(draft, 'setLevels', levels),
  'events-listed'(draft) {
    draft.eventsKnown = true;
  },
  warning: applyWarning,
  timeline: (draft, { line }) => tellTimeline(draft, line),
  operation: applyOperation,
  source: applySource,
  unreadable: applyUnreadable,
  deployment: applyDeployment,
  stopped: applyStopped,
  inspection: applyInspection,
};

const step = <Kind extends Change['kind']>(draft: Draft, change: Of<Kind>): void => steps[change.kind as Kind](draft, change);

function replace<K extends 'target' | 'overview' | 'config' | 'logPatterns' | 'setLevels'>(draft: Draft, member: K, value: Draft[K]): void {
  if (!same(draft[member], value)) draft[member] = value;
}

type Of<K extends Change['kind']> = Extract<Change, { kind: K }>;

function applyUsage(draft: Draft, { usage }: Of<'usage'>): void {
  for (const [pod, next] of usage) if (draft.pods.has(pod) && !same(draft.usage.get(pod), next)) ownUsage(draft).set(pod, next);
}

/** How many subjects are remembered: as many as one looks at before one comes back to the first. */
const inspectionsLimit = 24;

function applyInspection(draft: Draft, { inspection }: Of<'inspection'>): void {
  const key = keyOf(inspection.subject);
  const inspections = new Map(draft.inspections);
  // The last one is the youngest.
  inspections.delete(key);
  inspections.set(key, inspection);
  for (const oldest of inspections.keys()) {
    if (inspections.size <= inspectionsLimit) break;
    inspections.delete(oldest);
  }
  draft.inspections = inspections;
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
