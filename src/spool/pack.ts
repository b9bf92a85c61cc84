import type { LogLine } from '../kubernetes/model/types.ts';
import { copyBytes } from '../support/copy-bytes.ts';

/** The lines of one block, before compression: their stamps, and their text with a line feed after each. */
export interface PackedLines {
  readonly stamps: Uint8Array;
  readonly text: Uint8Array;
  readonly lines: number;
  /** What the first stamp counts from. */
  readonly base: number;
  /** Lines that could not be kept and should stand before these. */
  readonly missed: number;
}

const feed = 0x0a;
/** A stamp takes at most this many bytes: seven bits in each, of the double of the double of a moment, which has 53. */
const longestStamp = 9;
const firstBytes = 4 * 2 ** 10;

function grown(bytes: Uint8Array, used: number, more: number): Uint8Array {
  if (used + more <= bytes.length) return bytes;
  const larger = new Uint8Array(Math.max(bytes.length * 2, used + more));
  larger.set(bytes.subarray(0, used));
  return larger;
}

/**
 * Gathers the lines of a block. A stamp is the difference to the one before it, as a number of variable length: twice that number, so that
 * one bit says which way it goes, and twice again for whether the line was cut.
 */
export class Pack {
  #stamps: Uint8Array = new Uint8Array(firstBytes / 8);
  #stampBytes = 0;
  #text: Uint8Array = new Uint8Array(firstBytes);
  #textBytes = 0;
  #lines = 0;
  #last = 0;
  #base = 0;
  /** Lines before these that could not be kept. */
  missed = 0;
  /** Up to where the lines are in the tail. */
  #kept = { lines: 0, stamps: 0, text: 0, base: 0 };

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

  /** Copies the line; `at`: the stamp to keep. */
  add({ bytes, from, to, cut }: LogLine, at: number): void {
    if (this.#lines === 0) {
      this.#base = at;
      this.#last = at;
      this.#kept = { lines: 0, stamps: 0, text: 0, base: at };
    }
    this.#stamps = grown(this.#stamps, this.#stampBytes, longestStamp);
    const step = at - this.#last;
    let rest = (step < 0 ? -step * 2 - 1 : step * 2) * 2 + (cut ? 1 : 0);
    while (rest >= 0x80) {
      this.#stamps[this.#stampBytes] = (rest % 0x80) | 0x80;
      this.#stampBytes += 1;
      rest = Math.floor(rest / 0x80);
    }
    this.#stamps[this.#stampBytes] = rest;
    this.#stampBytes += 1;
    this.#last = at;
    this.#lines += 1;

    this.#text = grown(this.#text, this.#textBytes, to - from + 1);
    copyBytes(bytes, from, to, this.#text, this.#textBytes);
    this.#textBytes += to - from;
    this.#text[this.#textBytes] = feed;
    this.#textBytes += 1;
  }

  /** Not copied: valid until the next `add`. */
  all(): PackedLines {
    return {
      stamps: this.#stamps.subarray(0, this.#stampBytes),
      text: this.#text.subarray(0, this.#textBytes),
      lines: this.#lines,
      base: this.#base,
      missed: this.missed,
    };
  }

  /** The lines that are not in the tail, copied. */
  takeFresh(): PackedLines {
    const { lines, stamps, text, base } = this.#kept;
    this.#kept = { lines: this.#lines, stamps: this.#stampBytes, text: this.#textBytes, base: this.#last };
    return {
      stamps: this.#stamps.slice(stamps, this.#stampBytes),
      text: this.#text.slice(text, this.#textBytes),
      lines: this.#lines - lines,
      base,
      missed: lines === 0 ? this.missed : 0,
    };
  }
}

/** The first and the last moment; the stamps of one log may be slightly out of order. */
export function spanOf({ stamps, base }: Pick<PackedLines, 'stamps' | 'base'>): { readonly first: number; readonly last: number } {
  let [first, last] = [Infinity, -Infinity];
  eachStamp(stamps, base, (at) => {
    if (at < first) first = at;
    if (at > last) last = at;
  });
  return { first, last };
}

function eachStamp(stamps: Uint8Array, base: number, take: (at: number, cut: boolean) => void): void {
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

/** The lines again, sharing the bytes of the text. Undefined: the parts do not fit together. */
export function unpacked({ stamps, text, lines, base }: Omit<PackedLines, 'missed'>): readonly LogLine[] | undefined {
  const found: LogLine[] = [];
  let from = 0;
  eachStamp(stamps, base, (at, cut) => {
    const to = text.indexOf(feed, from);
    if (to < 0) return;
    found.push({ at, bytes: text, from, to, cut });
    from = to + 1;
  });
  return found.length === lines && from === text.length ? found : undefined;
}
