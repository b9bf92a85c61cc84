import type { Instant } from '../../support/clock.ts';
import { timelineLimit } from '../draft.ts';
import type { TimelineEntry } from '../types.ts';
import { momentAt } from './moment.ts';

export interface TimelineRequest {
  /** The first and the last moment. */
  readonly since: Instant;
  readonly until: Instant;
  readonly signal: AbortSignal;
}

/** What happened in the sessions that were recorded, each for itself; the order of their entries is that of time. */
export async function recordedTimelines(
  folder: string,
  { since, until, signal }: TimelineRequest,
): Promise<readonly (readonly TimelineEntry[])[]> {
  const timelines: (readonly TimelineEntry[])[] = [];
  const seen = new Set<string>();
  for (;;) {
    const found = await momentAt({ folder, at: until, without: seen, since, signal });
    if (found === undefined) return timelines;
    seen.add(found.by);
    const earlier = await earlierEntries({ folder, by: found.by, from: found.session.timeline, since, signal });
    timelines.push([...earlier, ...found.session.timeline].filter(({ at }) => at >= since && at <= until));
  }
}

interface Pages {
  readonly folder: string;
  readonly by: string;
  readonly from: readonly TimelineEntry[];
  readonly since: Instant;
  readonly signal: AbortSignal;
}

/** A session holds the last entries only: those before them are in the same session as it was then. */
async function earlierEntries({ folder, by, from, since, signal }: Pages): Promise<readonly TimelineEntry[]> {
  const pages: (readonly TimelineEntry[])[] = [];
  for (let page = from.length < timelineLimit ? [] : from; page.length > 0;) {
    const first = page[0]?.at ?? since;
    const before = first <= since ? undefined : await momentAt({ folder, at: first, by, signal });
    page = before?.session.timeline.filter(({ at }) => at < first) ?? [];
    pages.unshift(page);
  }
  return pages.flat();
}

/** Two who watch see the same thing this far apart: each asks in turns of its own. */
const apartMs = 5_000;

/** One timeline out of several that tell the same things, in the order of time. */
export function mergedTimelines(timelines: readonly (readonly TimelineEntry[])[]): readonly TimelineEntry[] {
  const merged = timelines.flatMap((timeline, of) => timeline.map((entry) => ({ entry, of }))).toSorted((a, b) => a.entry.at - b.entry.at);
  /** By what was told: when it was told last, and of which timeline. */
  const told = new Map<string, { readonly at: Instant; readonly of: number }>();
  return merged.flatMap(({ entry, of }) => {
    const key = `${entry.from} ${entry.subject} ${entry.text}`;
    const before = told.get(key);
    if (before !== undefined && before.of !== of && entry.at - before.at <= apartMs) return [];
    told.set(key, { at: entry.at, of });
    return [entry];
  });
}
