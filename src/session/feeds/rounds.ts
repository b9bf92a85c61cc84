import type { Clock } from '../../support/clock.ts';

/** Combines calls for the same work. */
export interface Rounds {
  /** Once in the next turn of the event loop, however often this is called: after the frame that shows what is known. */
  soon(): void;
  /** At a time of the monotonic clock, or slightly earlier: a timer may be early by part of a millisecond. */
  at(monotonic: number): void;
}

export function rounds(work: () => void, clock: Clock, signal: AbortSignal): Rounds {
  let isSoon = false;
  let dueAt = Number.POSITIVE_INFINITY;
  return {
    soon() {
      if (isSoon) return;
      isSoon = true;
      setImmediate(() => {
        isSoon = false;
        work();
      });
    },
    at(monotonic) {
      if (monotonic >= dueAt) return;
      dueAt = monotonic;
      const wake = (): void => {
        if (dueAt === monotonic) dueAt = Number.POSITIVE_INFINITY;
        work();
      };
      // Only the session ends this sleep early.
      void clock.sleep(Math.max(1, monotonic - clock.monotonic()), signal).then(wake, () => undefined);
    },
  };
}
