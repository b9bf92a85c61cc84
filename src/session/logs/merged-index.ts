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

  /** A checksum of the lines from `from` up to, but not including, `to`. */
  fingerprint(from: number, to: number): number {
    let sum = to - from;
    for (let at = this.#start + from; at < this.#start + to; at += 1)
      sum = Math.imul(Math.imul(sum, 31) + (this.#tracks[at] ?? 0), 31) + (this.#lines[at] ?? 0);
    return sum | 0;
  }

  /** Lines of the same moment stay in the order of arrival, except older ones. */
  merge(run: Run): void {
    // A search goes back in time: moving all newer lines for each portion would take ever longer.
    if (run.older === true) this.#mergeFromFront(run);
    else this.#mergeFromBack(run);
  }

  /** Moves only what is younger than the oldest new line. */
  #mergeFromBack({ track, lines, stamps }: Run): void {
    this.#reserve('back', lines.length);
    let from = this.#end - 1;
    this.#end += lines.length;
    for (let to = this.#end - 1, next = lines.length - 1; next >= 0; to -= 1) {
      const stamp = stamps[next] ?? 0;
      if (from >= this.#start && (this.#stamps[from] ?? 0) > stamp) {
        this.#move(from, to);
        from -= 1;
      } else {
        this.#put(to, track, lines[next] ?? 0, stamp);
        next -= 1;
      }
    }
  }

  /** Moves only what is older than the youngest new line. */
  #mergeFromFront({ track, lines, stamps }: Run): void {
    this.#reserve('front', lines.length);
    let from = this.#start;
    this.#start -= lines.length;
    for (let to = this.#start, next = 0; next < lines.length; to += 1) {
      const stamp = stamps[next] ?? 0;
      if (from < this.#end && (this.#stamps[from] ?? 0) < stamp) {
        this.#move(from, to);
        from += 1;
      } else {
        this.#put(to, track, lines[next] ?? 0, stamp);
        next += 1;
      }
    }
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#tracks[from] ?? 0, this.#lines[from] ?? 0, this.#stamps[from] ?? 0);
  }

  #put(at: number, track: number, line: number, stamp: number): void {
    this.#tracks[at] = track;
    this.#lines[at] = line;
    this.#stamps[at] = stamp;
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
      this.#put(to, track, line, this.#stamps[from] ?? 0);
      to += 1;
    }
    const removed = this.#end - to;
    this.#end = to;
    return removed;
  }

  #reserve(side: 'front' | 'back', more: number): void {
    const capacity = this.#tracks.length;
    if (side === 'back' ? this.#end + more <= capacity : this.#start >= more) return;
    const { count } = this;
    let next = capacity;
    while (next * 0.75 < count + more) next *= 2;
    // Lines are added at the back for as long as the log is read, at the front only while a search goes back: then both sides get room.
    const start = side === 'back' ? 0 : more + ((next - count - more) >>> 1);
    this.#end = start + count;
    const from = this.#start;
    this.#start = start;
    if (next === capacity) {
      for (const column of [this.#tracks, this.#lines, this.#stamps]) column.copyWithin(start, from, from + count);
      return;
    }
    const tracks = new Uint16Array(next);
    const lines = new Uint32Array(next);
    const stamps = new Float64Array(next);
    tracks.set(this.#tracks.subarray(from, from + count), start);
    lines.set(this.#lines.subarray(from, from + count), start);
    stamps.set(this.#stamps.subarray(from, from + count), start);
    this.#tracks = tracks;
    this.#lines = lines;
    this.#stamps = stamps;
  }
}
