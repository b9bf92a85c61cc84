/** Frames per second at most, while things change. */
const rate = 30;
/** Ages on the screen are whole seconds. */
const idleMs = 1_000;

export interface LoopOptions {
  /** Draws what is true now. */
  readonly draw: () => void;
  /** Milliseconds that the terminal needs to breathe before the next frame. */
  readonly pause: () => number;
  /** Milliseconds to the next moment at which ages change. */
  readonly untilNextSecond: () => number;
}

/**
 * When frames are drawn: changes are gathered and drawn 30 times a second at most, what a key did is drawn at once, and while nothing
 * happens the ages are looked at once a second.
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
    // What was drawn may have asked for the next frame already.
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
