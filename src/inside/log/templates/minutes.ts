/** How far back counts by the minute reach. */
export const keptMinutes = 60;

const minuteMs = 60_000;

export const minuteOf = (at: number): number => Math.floor(at / minuteMs);

/** How often something happened in each of the last minutes: a ring, so that nothing is moved and nothing grows. */
export class MinuteCounts {
  readonly #counts = new Uint32Array(keptMinutes);
  #newest = 0;

  add(at: number): void {
    const minute = minuteOf(at);
    // What is older than the ring would be counted as what is new; a time that is not a number is no minute.
    if (!(minute > this.#newest - keptMinutes) || minute < 0) return;
    if (minute > this.#newest) this.#goTo(minute);
    const place = minute % keptMinutes;
    this.#counts[place] = (this.#counts[place] as number) + 1;
  }

  #goTo(minute: number): void {
    for (let next = Math.max(this.#newest + 1, minute - keptMinutes + 1); next <= minute; next += 1) this.#counts[next % keptMinutes] = 0;
    this.#newest = minute;
  }

  at(minute: number): number {
    return minute < 0 || minute > this.#newest || minute <= this.#newest - keptMinutes ? 0 : (this.#counts[minute % keptMinutes] as number);
  }

  /** Adds the counts of the minutes from `first` on, one for each place of `sums`. */
  addTo(sums: Uint32Array, first: number): void {
    const from = Math.max(first, this.#newest - keptMinutes + 1);
    const to = Math.min(first + sums.length - 1, this.#newest);
    for (let minute = from; minute <= to; minute += 1) sums[minute - first] = (sums[minute - first] as number) + this.at(minute);
  }

  /** Each of the last minutes up to this one, the oldest first. */
  upTo(minute: number): readonly number[] {
    return Array.from({ length: keptMinutes }, (_, index) => this.at(minute - keptMinutes + 1 + index));
  }
}

/** Entries of each of some minutes, the oldest first: what the title of a log counts. */
export interface Troubles {
  readonly errors: Uint32Array;
  readonly warnings: Uint32Array;
}
