import type { Clock } from '../../support/clock.ts';
import type { Change, SessionStore } from '../types.ts';

/** Where feeds hand in their changes. */
export interface Teller {
  tell(...changes: readonly Change[]): void;
  /** Tells at once what was collected. */
  flush(): void;
}

/** One batch in a frame of 60 Hz: 50 changes a second must not be 50 copies of 5,000 pods when they come in bursts. */
const intervalMs = 16;
/** With thousands of pods every batch means a walk over all of them, here and on the screen: ten a second are enough. */
const manyPods = 1_000;
const manyPodsIntervalMs = 100;

/** Collects changes: the first after a pause is told in the same turn of the loop, the others at most every 16 ms, or 100 ms for thousands of pods. */
export function createTeller(store: SessionStore, clock: Clock, signal: AbortSignal): Teller {
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
      // The end of the session is the only thing that ends this wait early; what is left is told by whoever ends it.
      else void clock.sleep(wait, signal).then(flush, () => undefined);
    },
  };
}
