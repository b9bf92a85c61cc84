import type { Clock } from './clock.ts';

/** Aborts its signal with the one that was given, or when the time is over; the clock stops with the block that uses it. */
export interface TimeLimit extends Disposable {
  readonly signal: AbortSignal;
}

/** `ms`: undefined for no limit. */
export function timeLimit(ms: number | undefined, signal: AbortSignal, clock: Clock): TimeLimit {
  const over = new AbortController();
  const done = new AbortController();
  if (ms !== undefined) {
    clock.sleep(ms, done.signal).then(
      () => over.abort(),
      () => {
        // The block ended first.
      },
    );
  }
  return { signal: AbortSignal.any([signal, over.signal]), [Symbol.dispose]: () => done.abort() };
}
