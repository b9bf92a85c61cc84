import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds since the epoch. */
export type Instant = number;

/** Time as a dependency, so that a test can control it. */
export interface Clock {
  /** Wall-clock time: for stamps and ages. Can jump. */
  now(): Instant;
  /** Milliseconds from an arbitrary start that never jump back: for measuring how long something took. */
  monotonic(): number;
  /** Resolves after `ms` milliseconds; rejects with an `AbortError` when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A longer timer of Node.js, from 24.8 days on, fires at once. */
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
