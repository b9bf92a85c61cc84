import type { Clock } from '../../support/clock.ts';

/** A wait that can be cut short. */
export interface Pause {
  /** Resolves after `ms` or when woken; at once when it was woken since the last wait. Rejects with an `AbortError` when `signal` aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  wake(): void;
}

export function createPause(clock: Clock): Pause {
  let woken = false;
  let cutShort: (() => void) | undefined;
  return {
    async wait(ms, signal) {
      signal.throwIfAborted();
      if (!woken) {
        const sleep = new AbortController();
        const end = (): void => sleep.abort();
        cutShort = end;
        signal.addEventListener('abort', end);
        try {
          await clock.sleep(ms, sleep.signal);
        } catch (error) {
          // Woken is not an error; the end of the session is told below.
          if (!sleep.signal.aborted) throw error;
        } finally {
          cutShort = undefined;
          signal.removeEventListener('abort', end);
        }
        signal.throwIfAborted();
      }
      woken = false;
    },
    wake() {
      woken = true;
      cutShort?.();
    },
  };
}
