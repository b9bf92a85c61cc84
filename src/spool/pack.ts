import type { LogLine } from '../kubernetes/model/types.ts';
import type { Instant } from '../support/clock.ts';
import { copyBytes } from '../support/copy-bytes.ts';
import type { LossCause } from './gap.ts';

/** The lines of one block, before compression. */
export interface PackedLines {
  /** Their stamps, and then their text with a line feed after each. */
  readonly body: Uint8Array;
  /** Bytes of the stamps. */
  readonly stamps: number;
  readonly lines: number;
  /** What the first stamp counts from. */
  readonly base: Instant;
  /** The first and the last moment; the stamps of one log may be slightly out of order. */
  readonly first: Instant;
  readonly last: Instant;
  /** Lines that could not be kept and should stand before these, and why. */
  readonly missed: number;
  readonly cause: LossCause;
}

const feed = 0x0a;
/** A stamp takes at most this many bytes: seven bits in each, of the double of the double of a moment, which has 53. */
const longestStamp = 9;
/** A block of this size is a tenth of it on disk; larger ones gain little, and all of it is held until it is written. */
const blockBytes = 128 * 2 ** 10;
/** The first pack of a log is small, and grows: most logs are quiet. */
const firstBytes = 4 * 2 ** 10;
/** The stamps of the lines stand in front; those of Flink take two bytes of a line of 130. */
const stampBytesOf = (bytes: number): number => bytes / 8;

/** Memory for packs of the full size, used again: allocated for each block, it would keep the garbage collector busy. */
export class PackMemory {
  readonly #free: Uint8Array[] = [];

  take(): Uint8Array {
    return this.#free.pop() ?? new Uint8Array(blockBytes);
  }

  give(bytes: Uint8Array): void {
    if (bytes.length === blockBytes && this.#free.length < 8) this.#free.push(bytes);
  }
}

interface Mark {
  readonly lines: number;
  readonly stamps: number;
  readonly text: number;
  readonly base: Instant;
}

const nothing: Mark = { lines: 0, stamps: 0, text: 0, base: 0 };

/**
 * Gathers the lines of a block. A stamp is the difference to the one before it, as a number of variable length: twice that number, so that
 * one bit says which way it goes, and twice again for whether the line was cut.
 */
export class Pack {
  /** First the stamps, as far as there is room for them, and then the text. */
  #bytes: Uint8Array;
  #stampBytes = 0;
  #textBytes = 0;
  #lines = 0;
  #base = 0;
  /** The stamp of the line before. */
  #at = 0;
  #first = Infinity;
  #last = -Infinity;
  /** Lines before these that could not be kept. */
  missed = 0;
  cause: LossCause = 'unknown';
  /** Up to where the lines are in the tail, and the span of those that are not. */
  #kept = nothing;
  #freshFirst = Infinity;
  #freshLast = -Infinity;
  #body: Uint8Array | undefined;

  constructor(memory?: Uint8Array) {
    this.#bytes = memory ?? new Uint8Array(firstBytes);
  }

  get bytes(): number {
    return this.#stampBytes + this.#textBytes;
  }

  get lines(): number {
    return this.#lines;
  }

  /** Lines that are not in the tail. */
  get fresh(): number {
    return this.#lines - this.#kept.lines;
  }

  /** What may be used for another pack once this one is written. */
  get memory(): Uint8Array {
    return this.#bytes;
  }

  /** A line of this length has its place in the block; in an empty one any has. */
  fits(length: number): boolean {
    return this.#lines === 0 || this.#hasRoom(blockBytes, length + 1);
  }

  #hasRoom(bytes: number, more: number): boolean {
    const front = stampBytesOf(bytes);
    return this.#stampBytes + longestStamp <= front && this.#textBytes + more <= bytes - front;
  }

  /** Copies the line; `at`: the stamp to keep. */
  add({ bytes, from, to, cut }: LogLine, at: Instant): void {
    this.#reserve(to - from + 1);
    if (this.#lines === 0) {
      this.#base = at;
      this.#at = at;
      this.#kept = { ...nothing, base: at };
    }
    const step = at - this.#at;
    let rest = (step < 0 ? -step * 2 - 1 : step * 2) * 2 + (cut ? 1 : 0);
    while (rest >= 0x80) {
      this.#bytes[this.#stampBytes] = (rest % 0x80) | 0x80;
      this.#stampBytes += 1;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#stampBytes] = rest;
    this.#stampBytes += 1;
    this.#at = at;
    if (at < this.#freshFirst) this.#freshFirst = at;
    if (at > this.#freshLast) this.#freshLast = at;
    this.#lines += 1;

    const text = stampBytesOf(this.#bytes.length) + this.#textBytes;
    copyBytes(bytes, from, to, this.#bytes, text);
    this.#bytes[text + to - from] = feed;
    this.#textBytes += to - from + 1;
  }

  #reserve(more: number): void {
    if (this.#hasRoom(this.#bytes.length, more)) return;
    let size = this.#bytes.length * 2;
    while (!this.#hasRoom(size, more)) size *= 2;
    const larger = new Uint8Array(size);
    larger.set(this.#stamps(0));
    larger.set(this.#text(0), stampBytesOf(size));
    this.#bytes = larger;
  }

  #stamps(from: number): Uint8Array {
    return this.#bytes.subarray(from, this.#stampBytes);
  }

  #text(from: number): Uint8Array {
    const front = stampBytesOf(this.#bytes.length);
    return this.#bytes.subarray(front + from, front + this.#textBytes);
  }

  /** All lines, not copied; no line may be added from now on. */
  sealed(): PackedLines {
    const front = stampBytesOf(this.#bytes.length);
    const begin = front - this.#stampBytes;
    // The stamps move to where the text begins, once.
    if (this.#body === undefined) this.#bytes.copyWithin(begin, 0, this.#stampBytes);
    this.#body ??= this.#bytes.subarray(begin, front + this.#textBytes);
    return {
      body: this.#body,
      stamps: this.#stampBytes,
      lines: this.#lines,
      base: this.#base,
      first: Math.min(this.#first, this.#freshFirst),
      last: Math.max(this.#last, this.#freshLast),
      missed: this.missed,
      cause: this.cause,
    };
  }

  /** The lines that are not in the tail, copied. */
  takeFresh(): PackedLines {
    const { lines, stamps, text, base } = this.#kept;
    const [first, last] = [this.#freshFirst, this.#freshLast];
    this.#kept = { lines: this.#lines, stamps: this.#stampBytes, text: this.#textBytes, base: this.#at };
    this.#first = Math.min(this.#first, first);
    this.#last = Math.max(this.#last, last);
    this.#freshFirst = Infinity;
    this.#freshLast = -Infinity;
    return {
      body: Buffer.concat([this.#stamps(stamps), this.#text(text)]),
      stamps: this.#stampBytes - stamps,
      lines: this.#lines - lines,
      base,
      first,
      last,
      missed: lines === 0 ? this.missed : 0,
      cause: this.cause,
    };
  }
}

function eachStamp(stamps: Uint8Array, base: Instant, take: (at: Instant, cut: boolean) => void): void {
  let at = base;
  for (let next = 0; next < stamps.length;) {
    let value = 0;
    let unit = 1;
    let byte = 0x80;
    while (byte >= 0x80 && next < stamps.length) {
      byte = stamps[next] ?? 0;
      next += 1;
      value += (byte & 0x7f) * unit;
      unit *= 0x80;
    }
    const twice = Math.floor(value / 2);
    at += twice % 2 === 0 ? twice / 2 : -(twice + 1) / 2;
    take(at, value % 2 === 1);
  }
}

/** The text of all lines, with a line feed after each. */
export const textIn = (body: Uint8Array, stamps: number): string =>
  Buffer.from(body.buffer, body.byteOffset + stamps, body.length - stamps).toString('utf8');

/** The lines again, sharing the bytes of the text. Undefined: the parts do not fit together. */
export function linesIn({
  body,
  stamps,
  lines,
  base,
}: Pick<PackedLines, 'body' | 'stamps' | 'lines' | 'base'>): readonly LogLine[] | undefined {
  const text = body.subarray(stamps);
  const found: LogLine[] = [];
  let from = 0;
  eachStamp(body.subarray(0, stamps), base, (at, cut) => {
    const to = text.indexOf(feed, from);
    if (to < 0) return;
    found.push({ at, bytes: text, from, to, cut });
    from = to + 1;
  });
  return found.length === lines && from === text.length ? found : undefined;
}
