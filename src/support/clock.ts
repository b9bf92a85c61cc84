import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds since the epoch. */
export type Instant = number;

/** Time as something that is handed in, so that a test can own it. */
export interface Clock {
  /** Wall-clock time: for stamps and ages. Can jump. */
  now(): Instant;
  /** Milliseconds from an arbitrary start that never jump back: for measuring how long something took. */
  monotonic(): number;
  /** Resolves after `ms` milliseconds; rejects with an `AbortError` when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}),
};
