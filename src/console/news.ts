import type { Session, SessionStore, TimelineEntry } from '../session/types.ts';
import type { Clock, Instant } from '../support/clock.ts';
import type { LineOutput } from './line-output.ts';

/** The stamps of events are whole seconds. */
const stampMs = 1_000;

/**
 * Prints each new line of the timeline: changes of pods and jobs, events, servers that went away and came back. The returned function ends
 * it.
 */
export function printNews(store: SessionStore, output: LineOutput, clock: Clock): () => void {
  const begun = clock.now() - stampMs;
  // A line is inserted at its time, so the newest need not be the last: printed lines are recognised by identity.
  const told = new WeakSet<TimelineEntry>(store.get().timeline);
  let count = store.get().timelineCount;
  return store.subscribe((session) => {
    let fresh = session.timelineCount - count;
    count = session.timelineCount;
    const lines: TimelineEntry[] = [];
    for (let index = session.timeline.length - 1; index >= 0 && fresh > 0; index--) {
      const line = session.timeline[index];
      if (line === undefined || told.has(line)) continue;
      told.add(line);
      fresh -= 1;
      if (line.at >= begun && !isToldByCommand(line, session, begun)) lines.push(line);
    }
    for (const line of lines.toReversed()) output.event(line.text, line.at);
  });
}

/** A command reports its own end. Operations of earlier sessions are news: no command waits for them. */
const isToldByCommand = (line: TimelineEntry, { operations }: Session, begun: Instant): boolean =>
  line.from === 'drey' && operations.some(({ title, startedAt }) => startedAt >= begun && line.text.startsWith(title));
