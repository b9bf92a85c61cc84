import type { LogLine } from '../../kubernetes/model/types.ts';
import { copyBytes } from '../../support/copy-bytes.ts';
import { MinuteCounts, type Troubles } from '../../inside/log/templates/minutes.ts';
import type { LevelCode } from './level-words.ts';
import type { LevelReader } from './level-reader.ts';
import { detectLevel, isContinuation } from './log4j.ts';

/** Limits of one log. */
export interface LogBounds {
  readonly maxLines: number;
  readonly maxBytes: number;
}

export const defaultBounds: LogBounds = { maxLines: 50_000, maxBytes: 32 * 2 ** 20 };

const smallestSlab = 16 * 2 ** 10;
const largestSlab = 256 * 2 ** 10;
const firstLines = 1_024;

const flagCut = 0x10;
const flagBegins = 0x20;
const levelMask = 0x0f;
const warnCode: LevelCode = 4;

interface Slab {
  readonly bytes: Uint8Array;
  used: number;
  /** Lines still in it. */
  lines: number;
}

const decoder = new TextDecoder();

/** Unused slabs of the largest size: reusing one costs nothing, and leaves nothing to collect. */
export class SlabPool {
  readonly #free: Uint8Array[] = [];

  take(size: number): Uint8Array {
    return (size === largestSlab ? this.#free.pop() : undefined) ?? new Uint8Array(size);
  }

  give(slab: Uint8Array): void {
    if (slab.length === largestSlab && this.#free.length < 8) this.#free.push(slab);
  }
}

/**
 * The lines of one log as bytes: slabs that are filled one after the other, and for each line its position, length, stamp and level in
 * typed arrays that form a ring. Lines become strings only when they are read. The oldest lines are dropped when a limit is reached.
 */
export class LogBuffer {
  readonly #bounds: LogBounds;
  readonly #pool: SlabPool;
  /** Absolute number of the oldest kept line, and of the next one. */
  #first = 0;
  #next = 0;
  #bytesSeen = 0;
  #allocated = 0;
  #slabs: Slab[] = [];
  /** Number of `#slabs[0]`, counted from the very first slab. */
  #slabBase = 0;
  #capacity: number;
  #slabOf: Uint32Array;
  #offsets: Uint32Array;
  #lengths: Uint32Array;
  #stamps: Float64Array;
  #marks: Uint8Array;
  #levels: LevelReader;
  /** Of the last minutes; undefined: there was none. Most logs have no trouble. */
  #errors: MinuteCounts | undefined;
  #warnings: MinuteCounts | undefined;
  /** Level of the entry that a continuation belongs to. */
  #level = 0;

  constructor(bounds: LogBounds = defaultBounds, pool: SlabPool = new SlabPool(), levels: LevelReader = detectLevel) {
    this.#bounds = bounds;
    this.#pool = pool;
    this.#levels = levels;
    this.#capacity = Math.min(firstLines, bounds.maxLines);
    this.#slabOf = new Uint32Array(this.#capacity);
    this.#offsets = new Uint32Array(this.#capacity);
    this.#lengths = new Uint32Array(this.#capacity);
    this.#stamps = new Float64Array(this.#capacity);
    this.#marks = new Uint8Array(this.#capacity);
  }

  /** Number of the oldest readable line; lines are numbered from 0, forever. */
  get first(): number {
    return this.#first;
  }

  /** Number of the next line, which is the number of lines so far. */
  get next(): number {
    return this.#next;
  }

  /** Bytes of text so far. */
  get bytesSeen(): number {
    return this.#bytesSeen;
  }

  /** Memory used by the slabs, in bytes. */
  get allocated(): number {
    return this.#allocated;
  }

  /** Copies the bytes; the caller may reuse its objects. */
  append(lines: readonly LogLine[]): void {
    for (const line of lines) this.#add(line);
  }

  #add({ at, bytes, from, to, cut }: LogLine): void {
    const length = to - from;
    if (this.#next - this.#first === this.#capacity) this.#makeRoom();
    const slab = this.#slabFor(length);
    copyBytes(bytes, from, to, slab.bytes, slab.used);
    const place = this.#next % this.#capacity;
    this.#slabOf[place] = this.#slabBase + this.#slabs.length - 1;
    this.#offsets[place] = slab.used;
    this.#lengths[place] = length;
    // Stamps never go back within a log: its lines stay in the order in which they were written.
    this.#stamps[place] = this.#next > this.#first ? Math.max(at, this.#stamps[(this.#next - 1) % this.#capacity] ?? at) : at;
    this.#marks[place] = this.#levelMark(bytes, from, to) | (cut === true ? flagCut : 0);
    this.#countTrouble(place);
    slab.used += length;
    slab.lines += 1;
    this.#bytesSeen += length;
    this.#next += 1;
  }

  #levelMark(bytes: Uint8Array, from: number, to: number): number {
    const level = this.#levels(bytes, from, to);
    if (level !== 0 || !isContinuation(bytes, from, to)) this.#level = level;
    return this.#level | (level === 0 ? 0 : flagBegins);
  }

  /** Adds its entries in the minutes from `first` on, those as well that are no longer kept. */
  addTroubles({ errors, warnings }: Troubles, first: number): void {
    this.#errors?.addTo(errors, first);
    this.#warnings?.addTo(warnings, first);
  }

  #countTrouble(place: number): void {
    const mark = this.#marks[place] as number;
    if ((mark & flagBegins) === 0 || (mark & levelMask) < warnCode) return;
    const at = this.#stamps[place] as number;
    if ((mark & levelMask) === warnCode) (this.#warnings ??= new MinuteCounts()).add(at);
    else (this.#errors ??= new MinuteCounts()).add(at);
  }

  /** From now on levels are read in another way, those of the kept lines as well. */
  readLevels(levels: LevelReader): void {
    this.#levels = levels;
    this.#level = 0;
    this.#errors = undefined;
    this.#warnings = undefined;
    for (let line = this.#first; line < this.#next; line += 1) {
      const place = line % this.#capacity;
      const bytes = this.bytes(line);
      if (bytes === undefined) continue;
      this.#marks[place] = this.#levelMark(bytes, 0, bytes.length) | ((this.#marks[place] ?? 0) & flagCut);
      this.#countTrouble(place);
    }
  }

  /** Doubles the ring of lines up to its limit, then drops the oldest line. */
  #makeRoom(): void {
    if (this.#capacity >= this.#bounds.maxLines) {
      this.#dropFirst();
      return;
    }
    const before = this.#capacity;
    const capacity = Math.min(before * 2, this.#bounds.maxLines);
    const move = <A extends Uint32Array | Float64Array | Uint8Array>(from: A, to: A): A => {
      for (let line = this.#first; line < this.#next; line += 1) to[line % capacity] = from[line % before] ?? 0;
      return to;
    };
    this.#slabOf = move(this.#slabOf, new Uint32Array(capacity));
    this.#offsets = move(this.#offsets, new Uint32Array(capacity));
    this.#lengths = move(this.#lengths, new Uint32Array(capacity));
    this.#stamps = move(this.#stamps, new Float64Array(capacity));
    this.#marks = move(this.#marks, new Uint8Array(capacity));
    this.#capacity = capacity;
  }

  #slabFor(length: number): Slab {
    const last = this.#slabs.at(-1);
    if (last !== undefined && last.bytes.length - last.used >= length) return last;
    // Quiet logs stay small: each slab is twice as large as the previous one.
    const size = Math.max(length, Math.min(largestSlab, Math.max(smallestSlab, (last?.bytes.length ?? 0) * 2)));
    while (this.#slabs.length > 0 && this.#allocated + size > this.#bounds.maxBytes) this.dropOldestSlab();
    const slab: Slab = { bytes: this.#pool.take(size), used: 0, lines: 0 };
    this.#allocated += slab.bytes.length;
    this.#slabs.push(slab);
    return slab;
  }

  #dropFirst(): void {
    this.#first += 1;
    const oldest = this.#slabs[0];
    if (oldest === undefined) return;
    oldest.lines -= 1;
    if (oldest.lines === 0 && this.#slabs.length > 1) this.#releaseSlab();
  }

  #releaseSlab(): void {
    const slab = this.#slabs.shift();
    this.#slabBase += 1;
    if (slab === undefined) return;
    this.#allocated -= slab.bytes.length;
    this.#pool.give(slab.bytes);
  }

  /** Drops the lines of the oldest slab. */
  dropOldestSlab(): void {
    const oldest = this.#slabs[0];
    if (oldest === undefined) return;
    this.#first += oldest.lines;
    this.#releaseSlab();
  }

  #holds(line: number): boolean {
    return line >= this.#first && line < this.#next;
  }

  /** Epoch milliseconds; NaN for a line that is not kept. */
  stamp(line: number): number {
    return this.#holds(line) ? (this.#stamps[line % this.#capacity] ?? Number.NaN) : Number.NaN;
  }

  /** The level as a number, see `levelOf`; a continuation has the level of its entry. */
  level(line: number): number {
    return this.#holds(line) ? (this.#marks[line % this.#capacity] ?? 0) & levelMask : 0;
  }

  /** The line has its own level: it begins an entry. */
  begins(line: number): boolean {
    return this.#holds(line) && ((this.#marks[line % this.#capacity] ?? 0) & flagBegins) !== 0;
  }

  /** The bytes of a line, not copied: valid until the next `append`. */
  bytes(line: number): Uint8Array | undefined {
    if (!this.#holds(line)) return undefined;
    const place = line % this.#capacity;
    const slab = this.#slabs[(this.#slabOf[place] ?? 0) - this.#slabBase];
    const offset = this.#offsets[place] ?? 0;
    return slab?.bytes.subarray(offset, offset + (this.#lengths[place] ?? 0));
  }

  text(line: number): string | undefined {
    const bytes = this.bytes(line);
    if (bytes === undefined) return undefined;
    const cut = ((this.#marks[line % this.#capacity] ?? 0) & flagCut) !== 0;
    return cut ? `${decoder.decode(bytes)}… [line cut]` : decoder.decode(bytes);
  }

  /** The last stamp and its number of lines, which a resumed stream repeats. */
  get lastStamp(): { readonly at: number; readonly lines: number } | undefined {
    if (this.#next === this.#first) return undefined;
    const at = this.stamp(this.#next - 1);
    let lines = 0;
    for (let line = this.#next - 1; line >= this.#first && this.stamp(line) === at; line -= 1) lines += 1;
    return { at, lines };
  }
}
