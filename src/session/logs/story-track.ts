import { storyLimit } from '../draft.ts';
import type { Session, StoryLine } from '../types.ts';

/**
 * The lines of the story in the order in which they arrived, with numbers for ever: the story itself is ordered by time, and a line
 * can arrive late.
 */
export class StoryTrack {
  readonly #wanted: (line: StoryLine) => boolean;
  #story: readonly StoryLine[] | undefined;
  #seenCount = 0;
  #known = new WeakSet<StoryLine>();
  #lines: StoryLine[] = [];
  /** Number of `#lines[0]`. */
  #first = 0;
  #taken = 0;

  constructor(wanted: (line: StoryLine) => boolean) {
    this.#wanted = wanted;
  }

  get first(): number {
    return this.#first;
  }

  line(number: number): StoryLine | undefined {
    return this.#lines[number - this.#first];
  }

  /** True when wanted lines arrived. */
  update({ story, storyCount }: Session): boolean {
    if (story === this.#story) return false;
    this.#story = story;
    let missing = storyCount - this.#seenCount;
    this.#seenCount = storyCount;
    const fresh: StoryLine[] = [];
    for (let place = story.length - 1; place >= 0 && missing > 0; place -= 1) {
      const line = story[place];
      if (line === undefined || this.#known.has(line)) continue;
      missing -= 1;
      this.#known.add(line);
      if (this.#wanted(line)) fresh.push(line);
    }
    this.#lines.push(...fresh.toReversed());
    if (this.#lines.length > 2 * storyLimit) {
      this.#first += this.#lines.length - storyLimit;
      this.#lines = this.#lines.slice(-storyLimit);
    }
    return fresh.length > 0;
  }

  /** Numbers and stamps of what arrived since the last call, in the order of time. */
  takeFresh(): { readonly lines: readonly number[]; readonly stamps: readonly number[] } {
    const lines: number[] = [];
    const stamps: number[] = [];
    const end = this.#first + this.#lines.length;
    for (let number = Math.max(this.#taken, this.#first); number < end; number += 1) {
      lines.push(number);
      stamps.push(this.line(number)?.at ?? 0);
    }
    this.#taken = end;
    return { lines, stamps };
  }

  /** All lines are fresh again. */
  restart(): void {
    this.#story = undefined;
    this.#seenCount = 0;
    this.#known = new WeakSet();
    this.#first = 0;
    this.#taken = 0;
    this.#lines = [];
  }
}
