/** The most frames per second while things change. */
const rate = 30;
/** Ages on the screen are whole seconds. */
const idleMs = 1_000;

export interface LoopOptions {
  /** Draws the current state. */
  readonly draw: () => void;
  /** Milliseconds to wait before the next frame because the terminal is slow. */
  readonly pause: () => number;
  /** Milliseconds until ages change next. */
  readonly untilNextSecond: () => number;
}

/**
 * Decides when to draw: changes are collected and drawn at most 30 times a second, the effect of a key immediately, and ages once a second
 * while nothing happens.
 */
export class Loop implements Disposable {
  readonly #options: LoopOptions;
  #timer: NodeJS.Timeout | undefined;
  #due = 0;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #ended = false;

  constructor(options: LoopOptions) {
    this.#options = options;
  }

  /** Something changed: draw it with the next tick. */
  invalidate(): void {
    const since = performance.now() - this.#drawnAt;
    this.#schedule(Math.max(0, 1_000 / rate - since, this.#options.pause()));
  }

  /** Draw now. */
  flush(): void {
    if (this.#ended) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#drawnAt = performance.now();
    this.#options.draw();
    // Drawing may already have requested the next frame.
    if (this.#timer === undefined) this.#schedule(Math.min(idleMs, Math.max(1, this.#options.untilNextSecond())));
  }

  [Symbol.dispose](): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }

  #schedule(wait: number): void {
    if (this.#ended) return;
    const due = performance.now() + wait;
    if (this.#timer !== undefined && this.#due <= due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => this.flush(), wait);
  }
}
