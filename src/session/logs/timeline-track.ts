import { timelineLimit } from '../draft.ts';
import type { Session, TimelineEntry } from '../types.ts';

/**
 * The entries of the timeline in the order of arrival, with permanent numbers: the timeline itself is ordered by time, and an entry can
 * arrive late.
 */
export class TimelineTrack {
  readonly #wanted: (line: TimelineEntry) => boolean;
  #timeline: readonly TimelineEntry[] | undefined;
  #seenCount = 0;
  #known = new WeakSet<TimelineEntry>();
  #lines: TimelineEntry[] = [];
  /** Number of `#lines[0]`. */
  #first = 0;
  #taken = 0;

  constructor(wanted: (line: TimelineEntry) => boolean) {
    this.#wanted = wanted;
  }

  get first(): number {
    return this.#first;
  }

  line(number: number): TimelineEntry | undefined {
    return this.#lines[number - this.#first];
  }

  /** True if wanted entries arrived. */
  update({ timeline, timelineCount }: Session): boolean {
    if (timeline === this.#timeline) return false;
    this.#timeline = timeline;
    let missing = timelineCount - this.#seenCount;
    this.#seenCount = timelineCount;
    const fresh: TimelineEntry[] = [];
    for (let place = timeline.length - 1; place >= 0 && missing > 0; place -= 1) {
      const line = timeline[place];
      if (line === undefined || this.#known.has(line)) continue;
      missing -= 1;
      this.#known.add(line);
      if (this.#wanted(line)) fresh.push(line);
    }
    this.#lines.push(...fresh.toReversed());
    if (this.#lines.length > 2 * timelineLimit) {
      this.#first += this.#lines.length - timelineLimit;
      this.#lines = this.#lines.slice(-timelineLimit);
    }
    return fresh.length > 0;
  }

  /** Numbers and stamps of the entries since the last call, in order of time. */
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

  /** Makes all entries fresh again. */
  restart(): void {
    this.#timeline = undefined;
    this.#seenCount = 0;
    this.#known = new WeakSet();
    this.#first = 0;
    this.#taken = 0;
    this.#lines = [];
  }
}
