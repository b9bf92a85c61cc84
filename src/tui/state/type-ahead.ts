/**
 * Keys that come while Tab is still being answered: they wait, and then mean what they mean on the completed line. Otherwise Enter
 * behind Tab would run the half of a name.
 */
export class TypeAhead {
  #waiting: (() => void)[] | undefined;

  /** True when `key` waits now; otherwise it is the caller's. */
  holds(key: () => void): boolean {
    this.#waiting?.push(key);
    return this.#waiting !== undefined;
  }

  /** What was typed ahead is forgotten, and nothing waits any longer. */
  drop(): void {
    this.#waiting = undefined;
  }

  /** Lets keys wait until `answer` is there; also when it failed. */
  async during(answer: Promise<void>): Promise<void> {
    const waiting: (() => void)[] = [];
    this.#waiting = waiting;
    try {
      await answer;
    } finally {
      if (this.#waiting === waiting) {
        this.#waiting = undefined;
        // One of them can be a Tab again: those behind it then wait for that.
        for (const key of waiting) if (!this.holds(key)) key();
      }
    }
  }
}
