const firstCapacity = 1_024;
const capacity = 32_768;

/**
 * Which template lines of a shape have, for shapes that were seen before: nearly all lines are found here, by two sums of their masked bytes,
 * without being decoded. Typed arrays of a fixed largest size: if they are full, all shapes are forgotten, and found again by the tree.
 */
export class Shapes {
  #capacity = firstCapacity;
  #count = 0;
  #lows = new Uint32Array(firstCapacity);
  #highs = new Uint32Array(firstCapacity);
  /** One more than the number of the template; 0: the place is free. */
  #templates = new Uint16Array(firstCapacity);

  /** The number of the template; -1: this shape is new. */
  get(low: number, high: number): number {
    return (this.#templates[this.#placeOf(low, high)] as number) - 1;
  }

  set(low: number, high: number, template: number): void {
    if (this.#count * 4 >= this.#capacity * 3) this.#makeRoom();
    const place = this.#placeOf(low, high);
    if (this.#templates[place] === 0) this.#count += 1;
    this.#put(place, low, high, template + 1);
  }

  /** Its place, or the free one where it belongs. */
  #placeOf(low: number, high: number): number {
    const last = this.#capacity - 1;
    let place = low & last;
    while (this.#templates[place] !== 0 && (this.#lows[place] !== low || this.#highs[place] !== high)) place = (place + 1) & last;
    return place;
  }

  #put(place: number, low: number, high: number, value: number): void {
    this.#lows[place] = low;
    this.#highs[place] = high;
    this.#templates[place] = value;
  }

  #makeRoom(): void {
    const [lows, highs, templates] = [this.#lows, this.#highs, this.#templates];
    const full = this.#capacity >= capacity;
    if (!full) this.#capacity *= 2;
    this.#lows = new Uint32Array(this.#capacity);
    this.#highs = new Uint32Array(this.#capacity);
    this.#templates = new Uint16Array(this.#capacity);
    if (full) {
      this.#count = 0;
      return;
    }
    for (const [from, value] of templates.entries()) {
      if (value === 0) continue;
      const [low, high] = [lows[from] as number, highs[from] as number];
      this.#put(this.#placeOf(low, high), low, high, value);
    }
  }
}
