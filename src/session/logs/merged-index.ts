/** New lines of one track: numbers, and stamps that do not go back. */
export interface Run {
  readonly track: number;
  readonly lines: readonly number[];
  readonly stamps: readonly number[];
  /** They are older than all existing lines of this track: among lines of the same moment they come first. */
  readonly older?: boolean;
}

const firstCapacity = 1_024;

/** Maps the n-th line in time to a line of a track: typed arrays with room at both ends. */
export class MergedIndex {
  #start = 0;
  #end = 0;
  #tracks = new Uint16Array(firstCapacity);
  #lines = new Uint32Array(firstCapacity);
  #stamps = new Float64Array(firstCapacity);

  get count(): number {
    return this.#end - this.#start;
  }

  track(index: number): number {
    return this.#tracks[this.#start + index] ?? 0;
  }

  line(index: number): number {
    return this.#lines[this.#start + index] ?? 0;
  }

  /**
   * Merges from the back, moving only what is younger than the oldest new line. Lines of the same moment stay in the order of arrival,
   * except older ones.
   */
  merge({ track, lines, stamps, older = false }: Run): void {
    this.#reserve(lines.length);
    let from = this.#end - 1;
    this.#end += lines.length;
    let to = this.#end - 1;
    for (let next = lines.length - 1; next >= 0; to -= 1) {
      const stamp = stamps[next] ?? 0;
      const there = this.#stamps[from] ?? 0;
      if (from >= this.#start && (there > stamp || (older && there === stamp))) {
        this.#tracks[to] = this.#tracks[from] ?? 0;
        this.#lines[to] = this.#lines[from] ?? 0;
        this.#stamps[to] = this.#stamps[from] ?? 0;
        from -= 1;
      } else {
        this.#tracks[to] = track;
        this.#lines[to] = lines[next] ?? 0;
        this.#stamps[to] = stamp;
        next -= 1;
      }
    }
  }

  /** Removes lines at the front while `kept` returns false; returns how many. */
  trim(kept: (track: number, line: number) => boolean): number {
    const before = this.#start;
    while (this.#start < this.#end && !kept(this.#tracks[this.#start] ?? 0, this.#lines[this.#start] ?? 0)) this.#start += 1;
    return this.#start - before;
  }

  /** Removes every line for which `kept` returns false; returns how many. */
  compact(kept: (track: number, line: number) => boolean): number {
    let to = this.#start;
    for (let from = this.#start; from < this.#end; from += 1) {
      const track = this.#tracks[from] ?? 0;
      const line = this.#lines[from] ?? 0;
      if (!kept(track, line)) continue;
      this.#tracks[to] = track;
      this.#lines[to] = line;
      this.#stamps[to] = this.#stamps[from] ?? 0;
      to += 1;
    }
    const removed = this.#end - to;
    this.#end = to;
    return removed;
  }

  #reserve(more: number): void {
    const capacity = this.#tracks.length;
    if (this.#end + more <= capacity) return;
    const { count } = this;
    if (count + more <= capacity * 0.75) {
      this.#tracks.copyWithin(0, this.#start, this.#end);
      this.#lines.copyWithin(0, this.#start, this.#end);
      this.#stamps.copyWithin(0, this.#start, this.#end);
    } else {
      let next = capacity;
      while (next * 0.75 < count + more) next *= 2;
      const tracks = new Uint16Array(next);
      const lines = new Uint32Array(next);
      const stamps = new Float64Array(next);
      tracks.set(this.#tracks.subarray(this.#start, this.#end));
      lines.set(this.#lines.subarray(this.#start, this.#end));
      stamps.set(this.#stamps.subarray(this.#start, this.#end));
      this.#tracks = tracks;
      this.#lines = lines;
      this.#stamps = stamps;
    }
    this.#start = 0;
    this.#end = count;
  }
}
