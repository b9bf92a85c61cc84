import type { Clock } from '../support/clock.ts';

/** Calls `expire` after `ms` unless the returned function is called before. */
export function deadline(clock: Clock, ms: number, expire: () => void): () => void {
  const timer = new AbortController();
  clock.sleep(ms, timer.signal).then(expire, () => {
    // In time: the timer was called off.
  });
  return () => timer.abort();
}

/** A signal that aborts after `ms`, or with `signal`, unless `end` is called before. */
export function deadlineSignal(clock: Clock, ms: number, signal: AbortSignal): { readonly signal: AbortSignal; readonly end: () => void } {
  const late = new AbortController();
  const end = deadline(clock, ms, () => late.abort());
  return { signal: AbortSignal.any([signal, late.signal]), end };
}
