import type { Instant } from '../support/clock.ts';
import { LayeredMap } from './layered-map.ts';
import type { LogCounters } from './log-state.ts';
import type { Pod, Session, SourceName, SourceStatus, TimelineEntry, Target, Usage, Warning } from './types.ts';

/** How many entries the timeline keeps. */
export const timelineLimit = 2_000;
/** How many pods to remember after they are gone. */
export const goneLimit = 200;

/**
 * A session while one batch of changes is applied to it. Maps are copied on the first write, once for the whole batch: 5,000 pods are
 * copied at most as often as the screen is notified.
 */
export interface Draft {
  readonly before: Session;
  target: Target;
  pods: ReadonlyMap<string, Pod>;
  usage: ReadonlyMap<string, Usage>;
  sources: ReadonlyMap<SourceName, SourceStatus>;
  unreadable: Session['unreadable'];
  logs: ReadonlyMap<string, LogCounters>;
  logPatterns: readonly string[];
  setLevels: Session['setLevels'];
  podsKnown: boolean;
  eventsKnown: boolean;
  jobsKnown: boolean;
  jobsKnownAt: Instant | undefined;
  listing: ReadonlySet<string> | undefined;
  gone: readonly Pod[];
  leader: string | undefined;
  ledBefore: Session['ledBefore'];
  highAvailability: boolean | undefined;
  deployment: Session['deployment'];
  jobs: Session['jobs'];
  lostJobs: Session['lostJobs'];
  overview: Session['overview'];
  config: Session['config'];
  warnings: Session['warnings'];
  timeline: readonly TimelineEntry[];
  timelineCount: number;
  operations: Session['operations'];
  inspections: Session['inspections'];
  spool: string | undefined;
  stopped: boolean;
}

export const open = (session: Session): Draft => ({ ...session, before: session });

/** The finished session: `before` itself if nothing changed. */
export function close({ before, ...draft }: Draft): Session {
  if (draft.timeline.length > timelineLimit) draft.timeline = draft.timeline.slice(-timelineLimit);
  const after: Session = draft;
  for (const key of Object.keys(before) as (keyof Session)[]) if (after[key] !== before[key]) return after;
  return before;
}

/** A map to write to, plain or layered. */
export type Writable<K, V> = Pick<Map<K, V>, 'get' | 'has' | 'delete'> & { set(key: K, value: V): unknown };

/** From this many pods on, they are not copied whole for each batch. */
const manyPods = 512;

/** The map to write to: a copy of the previous one, made at the first call of a batch. */
export function ownPods(draft: Draft): Writable<string, Pod> {
  if (draft.pods === draft.before.pods) draft.pods = draft.pods.size > manyPods ? LayeredMap.from(draft.pods) : new Map(draft.pods);
  return draft.pods as Map<string, Pod> | LayeredMap<string, Pod>;
}

export function ownUsage(draft: Draft): Map<string, Usage> {
  if (draft.usage === draft.before.usage) draft.usage = new Map(draft.usage);
  return draft.usage as Map<string, Usage>;
}

export function ownSources(draft: Draft): Map<SourceName, SourceStatus> {
  if (draft.sources === draft.before.sources) draft.sources = new Map(draft.sources);
  return draft.sources as Map<SourceName, SourceStatus>;
}

export function ownLogs(draft: Draft): Map<string, LogCounters> {
  if (draft.logs === draft.before.logs) draft.logs = new Map(draft.logs);
  return draft.logs as Map<string, LogCounters>;
}

export function ownWarnings(draft: Draft): Map<string, Warning> {
  if (draft.warnings === draft.before.warnings) draft.warnings = new Map(draft.warnings);
  return draft.warnings as Map<string, Warning>;
}

/** Inserts an entry at its time: sources report the same second at different times. */
export function tellTimeline(draft: Draft, line: TimelineEntry): void {
  if (draft.timeline === draft.before.timeline) draft.timeline = [...draft.timeline];
  const timeline = draft.timeline as TimelineEntry[];
  let place = timeline.length;
  while (place > 0 && (timeline[place - 1]?.at ?? 0) > line.at) place -= 1;
  timeline.splice(place, 0, line);
  draft.timelineCount += 1;
  // Cut only at twice the limit: a cut for every entry would move the whole array each time.
  if (timeline.length > 2 * timelineLimit) draft.timeline = timeline.slice(-timelineLimit);
}

/** An entry of the timeline about a pod or a job. */
export function timelineEntry(
  at: Instant,
  from: TimelineEntry['from'],
  severity: TimelineEntry['severity'],
  subject: string | undefined,
  text: string,
): TimelineEntry {
  return { at, from, severity, subject, text };
}
