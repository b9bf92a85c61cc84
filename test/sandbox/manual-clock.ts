import type { SandboxClock } from '../../src/sandbox/base/clock.ts';

interface Due {
  readonly at: number;
  readonly task: () => void;
}

/** Time that stands still until a test moves it on; with a `tick` it goes on by that much whenever somebody looks at it, as on a slow machine. */
export class ManualClock implements SandboxClock {
  #now: number;
  readonly #due = new Set<Due>();

  readonly #tick: number;

  constructor(now: number, tick = 0) {
    this.#now = now;
    this.#tick = tick;
  }

  readonly now = (): number => (this.#now += this.#tick);

  after(ms: number, task: () => void): () => void {
    const due: Due = { at: this.#now + ms, task };
    this.#due.add(due);
    return () => this.#due.delete(due);
  }

  every(ms: number | (() => number), task: () => void): () => void {
    let cancel = (): unknown => undefined;
    const again = (): void => {
      cancel = this.after(typeof ms === 'number' ? ms : ms(), () => {
        again();
        task();
      });
    };
    again();
    return () => void cancel();
  }

  /** Moves time on; what is due on the way happens in its order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = [...this.#due].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#due.delete(next);
      this.#now = next.at;
      next.task();
    }
    this.#now = end;
  }

  [Symbol.dispose](): void {
    this.#due.clear();
  }
}
