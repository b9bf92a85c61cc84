import type { Clock } from '../../src/support/clock.ts';

/** A clock that stands still until a test moves it; the network around it is real. */
export class FakeClock implements Clock {
  #wall = Date.UTC(2026, 10, 22, 11, 34, 0);
  #steady = 0;
  readonly #sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#steady;
  }

  /** How long each of those who wait still has to. */
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
      if (signal?.aborted) return abort();
      signal?.addEventListener('abort', abort, { once: true });
      this.#sleepers.add(sleeper);
    });
  }

  /** The machine sleeps: the wall clock goes on, the steady one does not. */
  jump(ms: number): void {
    this.#wall += ms;
  }

  /** Wakes who waits, in order, and lets them run. */
  async advance(ms: number): Promise<void> {
    await turns();
    const end = this.#steady + ms;
    for (;;) {
      const next = [...this.#sleepers].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#sleepers.delete(next);
      this.#to(next.at);
      next.wake();
      await turns();
    }
    this.#to(end);
  }

  #to(steady: number): void {
    this.#wall += Math.max(steady - this.#steady, 0);
    this.#steady = Math.max(steady, this.#steady);
  }
}

/** Lets everything that is ready run. */
export async function turns(count = 3): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** Waits until `condition` holds; the test's own time limit is the only one. Looks eagerly at first, and then without using up a core. */
export async function seen(condition: () => unknown): Promise<void> {
  for (let look = 0; !condition(); look++) {
    await new Promise<void>((resolve) => (look < 500 ? setImmediate(resolve) : setTimeout(resolve, 5)));
  }
}
