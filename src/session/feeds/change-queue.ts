import type { Clock } from '../../support/clock.ts';
import type { Change, SessionStore } from '../types.ts';

/** Takes the changes of feeds. */
export interface ChangeQueue {
  tell(...changes: readonly Change[]): void;
  /** Passes collected changes on immediately. */
  flush(): void;
}

/** One batch per frame at 60 Hz: bursts of 50 changes a second must not cause 50 copies of 5,000 pods. */
const intervalMs = 16;
/** From this many pods on, every batch means a walk over thousands of them, here and on the screen: ten a second are enough. */
const manyPods = 1_000;
const manyPodsIntervalMs = 100;

/**
 * Collects changes: the first one after a pause is passed on in the same turn of the event loop, the others at most every 16 ms, or every
 * 100 ms with thousands of pods.
 */
export function createChangeQueue(store: SessionStore, clock: Clock, signal: AbortSignal): ChangeQueue {
  let pending: Change[] = [];
  let scheduled = false;
  let last = Number.NEGATIVE_INFINITY;
  const flush = (): void => {
    scheduled = false;
    if (pending.length === 0) return;
    last = clock.monotonic();
    const batch = pending;
    pending = [];
    store.tell(batch);
  };
  return {
    flush,
    tell(...changes) {
      pending.push(...changes);
      if (scheduled) return;
      scheduled = true;
      const interval = store.get().pods.size > manyPods ? manyPodsIntervalMs : intervalMs;
      const wait = interval - (clock.monotonic() - last);
      if (wait <= 0) queueMicrotask(flush);
      // Only the end of the session ends this wait early; whoever ends it flushes the rest.
      else void clock.sleep(wait, signal).then(flush, () => undefined);
    },
  };
}
