import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds since the epoch. */
export type Instant = number;

/** Time as a dependency, so that a test can control it. */
export interface Clock {
  /** Wall-clock time: for stamps and ages. Can jump. */
  now(): Instant;
  /** Milliseconds from an arbitrary start, never going back: for measuring durations. */
  monotonic(): number;
  /** Resolves after `ms` milliseconds; rejects with an `AbortError` when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** From 24.8 days on, a timer of Node.js fires immediately. */
const longestTimerMs = 2_147_483_647;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    let left = ms;
    do {
      await delay(Math.min(left, longestTimerMs), undefined, signal ? { signal } : {});
      left -= longestTimerMs;
    } while (left > 0);
  },
};
