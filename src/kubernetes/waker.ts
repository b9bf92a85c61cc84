import type { Clock } from '../support/clock.ts';

/** Waits that can be cut short from outside: somebody asked to try again now. */
export interface Waker {
  /** Resolves after `ms`, or earlier when `wake` is called; rejects when `signal` aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  wake(): void;
}

export function waker(clock: Clock): Waker {
  const asleep = new Set<AbortController>();
  return {
    async sleep(ms, signal) {
      const early = new AbortController();
      asleep.add(early);
      try {
        await clock.sleep(ms, AbortSignal.any([signal, early.signal]));
      } catch (error) {
        signal.throwIfAborted();
        // Woken on purpose: that is an end of the wait, not a failure.
        if (!early.signal.aborted) throw error;
      } finally {
        asleep.delete(early);
      }
    },
    wake() {
      for (const early of asleep) early.abort();
    },
  };
}
