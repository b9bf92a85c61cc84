import type { Instant } from '../../support/clock.ts';
import { unreadText } from '../../spool/gap.ts';
import { formatSpan } from '../../support/format.ts';
import { timelineEntry } from '../draft.ts';
import type { Pod, TimelineEntry } from '../types.ts';
import type { FeedContext } from './context.ts';

/** Logs that broke together go on within so long of each other: they are one entry. What lasted less than that, nobody waited for. */
const togetherMs = 1_000;

interface Interruption {
  readonly pod: Pod;
  /** When its server was last heard, and when it was heard again. */
  readonly from: Instant;
  readonly to: Instant;
}

export interface LogInterruptions {
  /** A log that broke goes on. */
  resumed(pod: Pod, from: Instant): void;
  /** Its node no longer had the last line that was read: those between these moments may be missing. */
  missing(pod: Pod, from: Instant, to: Instant): void;
}

/** Says between the lines of a log that it was not read for a while, and what may be missing of it. */
export function logInterruptions({ queue, clock, signal }: FeedContext): LogInterruptions {
  let waiting: Interruption[] = [];
  const tell = (line: TimelineEntry): void => queue.tell({ kind: 'timeline', at: clock.now(), line });
  const tellWaiting = (): void => {
    if (waiting.length > 0) tell(entryOf(waiting));
    waiting = [];
  };
  return {
    resumed(pod, from) {
      const to = clock.now();
      if (to - from < togetherMs) return;
      waiting.push({ pod, from, to });
      // Only the session ends the sleep early: then nobody reads on.
      if (waiting.length === 1) void clock.sleep(togetherMs, signal).then(tellWaiting, () => undefined);
    },
    missing(pod, from, to) {
      // It does not go on from its last line.
      waiting = waiting.filter((each) => each.pod.name !== pod.name);
      tell(timelineEntry(from, 'drey', 'warn', pod.name, unreadText(pod.shortName, from, to)));
    },
  };
}

function entryOf(all: readonly Interruption[]): TimelineEntry {
  const from = Math.min(...all.map((each) => each.from));
  const span = formatSpan(Math.max(...all.map((each) => each.to - each.from)));
  const [first] = all;
  if (first !== undefined && all.length === 1) {
    const { name, shortName } = first.pod;
    return timelineEntry(from, 'drey', 'warn', name, `the log of ${shortName} was not read for ${span}; it goes on from its last line`);
  }
  const text = `the logs of ${all.length} pods were not read for up to ${span}; they go on from their last lines`;
  return timelineEntry(from, 'drey', 'warn', undefined, text);
}
