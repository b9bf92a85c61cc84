import type { LogView } from '../../session/types.ts';
import type { Instant } from '../../support/clock.ts';
import { lowerBound } from '../../support/lower-bound.ts';
import { firstAt } from '../../session/logs/first-at.ts';

/** Matches whose moments are remembered: beyond these, only their number is shown. */
const mostMoments = 1_000_000;

/** Counts what matches a search in the logs on disk, before the lines that are held. */
export class KeptCount {
  readonly #held: LogView;
  /** Matches that were held and fell out before it began. */
  readonly #dropped: number;
  #moments: Instant[] = [];
  #count = 0;
  complete = false;

  /** `held`: the matches in memory, all of which were looked for. */
  constructor(held: LogView) {
    this.#held = held;
    this.#dropped = held.dropped;
  }

  add(moments: readonly Instant[]): void {
    this.#count += moments.length;
    if (this.#count <= mostMoments) for (const at of moments) this.#moments.push(at);
  }

  end(): void {
    this.#moments.sort((a, b) => a - b);
    this.complete = true;
  }

  /** All matches, those in memory as well. */
  get total(): number {
    return this.#count + this.#fellOut + this.#held.count;
  }

  /** The number of a match of a view among all, from 1 on; undefined: that is not known. */
  rankOf(hits: LogView, number: number): number | undefined {
    const index = number - hits.dropped;
    const line = hits.line(index);
    if (line === undefined || !this.complete || this.#count > mostMoments) return undefined;
    const { at } = line;
    const inMemory = firstAt(this.#held, at);
    const isHeld = inMemory > 0 || hits === this.#held;
    return this.#momentsBefore(at) + inMemory + (isHeld ? this.#fellOut : 0) + index - firstAt(hits, at) + 1;
  }

  /** Matches that fell out of memory since it began. */
  get #fellOut(): number {
    return this.#held.dropped - this.#dropped;
  }

  #momentsBefore(at: Instant): number {
    return lowerBound(0, this.#moments.length, (index) => (this.#moments[index] ?? 0) < at);
  }
}
