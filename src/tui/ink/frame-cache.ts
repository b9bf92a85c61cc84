const caches: FrameCache<unknown>[] = [];

/**
 * What was found out about the texts of the last frames. What a frame asks for is kept for the next one, and everything else goes: log lines
 * that fly by would otherwise grow old in a cache of fixed size, and a screen that is larger than the cache would find nothing in it.
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

/** A frame is drawn: what it did not ask for was asked for long ago. */
export function nextFrame(): void {
  for (const cache of caches) cache.turn();
}
