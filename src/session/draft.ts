import type { Instant } from '../support/clock.ts';
import { LayeredMap } from './layered-map.ts';
import type { LogCounters, Pod, Session, SourceName, SourceStatus, StoryLine, Target, Usage, Warning } from './types.ts';

/** Lines that the story keeps. */
export const storyLimit = 2_000;
/** Pods that are remembered after they are gone. */
export const goneLimit = 200;

/**
 * A session while one batch of changes is applied to it. What is written to is copied once for the whole batch, not once for
 * each change: 5,000 pods are copied at most as often as the screen is told.
 */
export interface Draft {
  readonly before: Session;
  target: Target;
  pods: ReadonlyMap<string, Pod>;
  usage: ReadonlyMap<string, Usage>;
  sources: ReadonlyMap<SourceName, SourceStatus>;
  logs: ReadonlyMap<string, LogCounters>;
  podsKnown: boolean;
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
  story: readonly StoryLine[];
  storyCount: number;
  operations: Session['operations'];
  stopped: boolean;
}

export const open = (session: Session): Draft => ({ ...session, before: session });

/** The finished session: `before` itself where nothing changed. */
export function close({ before, ...draft }: Draft): Session {
  if (draft.story.length > storyLimit) draft.story = draft.story.slice(-storyLimit);
  const after: Session = draft;
  for (const key of Object.keys(before) as (keyof Session)[]) if (after[key] !== before[key]) return after;
  return before;
}

/** What is written to: a map, or a layered one. */
export type Writable<K, V> = Pick<Map<K, V>, 'get' | 'has' | 'delete'> & { set(key: K, value: V): unknown };

/** More pods than this are not copied whole for each batch. */
const manyPods = 512;

/** The map to write to: a copy of the one before, made at the first call of a batch. */
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

/** Puts a line at its moment: sources report the same second at different times. */
export function tellStory(draft: Draft, line: StoryLine): void {
  if (draft.story === draft.before.story) draft.story = [...draft.story];
  const story = draft.story as StoryLine[];
  let place = story.length;
  while (place > 0 && (story[place - 1]?.at ?? 0) > line.at) place -= 1;
  story.splice(place, 0, line);
  draft.storyCount += 1;
  // Twice the limit between two cuts: a cut for every line would move the whole array each time.
  if (story.length > 2 * storyLimit) draft.story = story.slice(-storyLimit);
}

/** A line of the story about a pod or a job. */
export function storyLine(
  at: Instant,
  from: StoryLine['from'],
  severity: StoryLine['severity'],
  subject: string | undefined,
  text: string,
): StoryLine {
  return { at, from, severity, subject, text };
}
