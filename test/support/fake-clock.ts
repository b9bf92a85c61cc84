import type { Clock } from '../../src/support/clock.ts';

/** 2026-11-22 11:34:00 UTC. */
export const start = Date.UTC(2026, 10, 22, 11, 34, 0);

/** A clock that stands still until a test moves it; `advance` wakes the waiting in order. The network around it is real. */
export class FakeClock implements Clock {
  #steady = start;
  /** How far the wall clock is ahead because the machine slept. */
  #ahead = 0;
  readonly #sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();

  now(): number {
    return this.#steady + this.#ahead;
  }

  monotonic(): number {
    return this.#steady;
  }

  /** The remaining time of each wait. */
  get waits(): readonly number[] {
    return [...this.#sleepers].map(({ at }) => at - this.#steady);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#sleepers.delete(sleeper);
        reject(new DOMException('The wait was ended', 'AbortError'));
      };
      const wake = (): void => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      const sleeper = { at: this.#steady + ms, wake };
      if (signal?.aborted === true) return abort();
      signal?.addEventListener('abort', abort, { once: true });
      this.#sleepers.add(sleeper);
    });
  }

  /** The machine sleeps: the wall clock advances, the monotonic one does not. */
  jump(ms: number): void {
    this.#ahead += ms;
  }

  /** Lets ready work run first, so that a wait that is about to begin is woken, too. */
  async advance(ms: number): Promise<void> {
    await settle();
    const end = this.#steady + ms;
    for (;;) {
      const next = [...this.#sleepers].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#sleepers.delete(next);
      this.#steady = Math.max(next.at, this.#steady);
      next.wake();
      await settle();
    }
    this.#steady = Math.max(end, this.#steady);
  }
}

/** Lets all ready work run: promises, streams and file reads that have answered. */
export async function settle(rounds = 5): Promise<void> {
  for (let round = 0; round < rounds; round += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** Waits until `condition` holds; the only time limit is the test's own. Polls eagerly at first, then without using up a core. */
export async function seen(condition: () => unknown): Promise<void> {
  for (let look = 0; !condition(); look++) {
    await new Promise<void>((resolve) => (look < 500 ? setImmediate(resolve) : setTimeout(resolve, 5)));
  }
}
