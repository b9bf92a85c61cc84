import type { Clock } from '../support/clock.ts';

/** Calls `expire` after `ms` unless the returned function is called before. */
export function deadline(clock: Clock, ms: number, expire: () => void): () => void {
  const timer = new AbortController();
  clock.sleep(ms, timer.signal).then(expire, () => {
    // In time: the timer was called off.
  });
  return () => timer.abort();
}
