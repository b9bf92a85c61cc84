/**
 * Keys typed while Tab is still being answered: they are queued, and applied to the completed line. Otherwise Enter after Tab would run
 * half of a name.
 */
export class TypeAhead {
  #waiting: (() => void)[] | undefined;

  /** True if `key` is queued; otherwise the caller has to handle it. */
  holds(key: () => void): boolean {
    this.#waiting?.push(key);
    return this.#waiting !== undefined;
  }

  /** Discards the queue, and queues nothing more. */
  drop(): void {
    this.#waiting = undefined;
  }

  /** Queues keys until `answer` settles, even if it fails. */
  async during(answer: Promise<void>): Promise<void> {
    const waiting: (() => void)[] = [];
    this.#waiting = waiting;
    try {
      await answer;
    } finally {
      if (this.#waiting === waiting) {
        this.#waiting = undefined;
        // One of them can be another Tab: the keys after it then wait for that.
        for (const key of waiting) if (!this.holds(key)) key();
      }
    }
  }
}
