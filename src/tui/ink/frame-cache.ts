const caches: FrameCache<unknown>[] = [];

/**
 * Results for the texts of the last frame. A text used in a frame is kept for the next one, and everything else is evicted: in a cache of
 * fixed size, passing log lines would push out the others, and a screen larger than the cache would never hit.
 */
export class FrameCache<V> {
  #now = new Map<string, V>();
  #before = new Map<string, V>();

  constructor() {
    caches.push(this);
  }

  get(text: string): V | undefined {
    let value = this.#now.get(text);
    if (value === undefined) {
      value = this.#before.get(text);
      if (value !== undefined) this.#now.set(text, value);
    }
    return value;
  }

  /** Returns the value. */
  set(text: string, value: V): V {
    this.#now.set(text, value);
    return value;
  }

  turn(): void {
    this.#before = this.#now;
    this.#now = new Map();
  }
}

/** A frame is drawn: evict what it did not use. */
export function nextFrame(): void {
  for (const cache of caches) cache.turn();
}
