import type { Session, SessionStore, StoryLine } from '../session/types.ts';
import type { Clock, Instant } from '../support/clock.ts';
import type { LineOutput } from './line-output.ts';

/** Events have stamps of whole seconds. */
const stampMs = 1_000;

/** Prints each new line of the story: changes of pods and jobs, events, servers that went away and came back. The returned function ends it. */
export function printNews(store: SessionStore, output: LineOutput, clock: Clock): () => void {
  const begun = clock.now() - stampMs;
  // A line is inserted at its time, so the newest need not be the last: lines already printed are known by identity.
  const told = new WeakSet<StoryLine>(store.get().story);
  let count = store.get().storyCount;
  return store.subscribe((session) => {
    let fresh = session.storyCount - count;
    count = session.storyCount;
    const lines: StoryLine[] = [];
    for (let index = session.story.length - 1; index >= 0 && fresh > 0; index--) {
      const line = session.story[index];
      if (line === undefined || told.has(line)) continue;
      told.add(line);
      fresh -= 1;
      if (line.at >= begun && !isToldByCommand(line, session, begun)) lines.push(line);
    }
    for (const line of lines.toReversed()) output.event(line.text, line.at);
  });
}

/** A command reports its own end. Operations of earlier sessions are news: nobody here waits for them. */
const isToldByCommand = (line: StoryLine, { operations }: Session, begun: Instant): boolean =>
  line.from === 'drey' && operations.some(({ title, startedAt }) => startedAt >= begun && line.text.startsWith(title));
