import type { LogStore } from '../logs/log-store.ts';
import type { FeedContext } from './context.ts';

/**
 * The counters of logs, and with them the news that there are lines to draw, change at most 25 times a second: more would not be visible,
 * and ten would stutter.
 */
const intervalMs = 40;

export interface LogCounters {
  /** The log has new lines, or has ended. */
  changed(name: string): void;
  /** Passes all changes to the store at once. */
  flush(): void;
}

export function logCounters(
  { queue, clock, signal }: FeedContext,
  lines: LogStore,
  hasEnded: (name: string) => boolean,
  flushed: () => void,
): LogCounters {
  const dirty = new Set<string>();
  let isDue = false;
  const flush = (): void => {
    isDue = false;
    const at = clock.now();
    for (const name of dirty) {
      const buffer = lines.get(name);
      if (buffer === undefined) continue;
      queue.tell({
        kind: 'log',
        at,
        log: name,
        counters: { lines: buffer.next, bytes: buffer.bytesSeen, dropped: buffer.first, ended: hasEnded(name) },
      });
    }
    dirty.clear();
    flushed();
  };
  return {
    changed(name) {
      dirty.add(name);
      if (isDue) return;
      isDue = true;
      // Only the session ends the sleep early, and then flushes by itself.
      void clock.sleep(intervalMs, signal).then(flush, () => undefined);
    },
    flush,
  };
}
