/** Bytes of a line that are looked at: what tells messages apart is at their beginning. */
const mostRead = 1_024;

/** What a byte may be in a word; 0: it ends the word. */
const letter = 1;
const hexLetter = 2;
const digit = 4;
/** Within words: `state.backend`, `non-null`. */
const connector = 8;
const slash = 16;

const star = 0x2a;

const kinds = new Uint8Array(256);
for (let byte = 0; byte < 256; byte += 1) kinds[byte] = kindOf(String.fromCharCode(byte));

function kindOf(character: string): number {
  if (/[0-9]/.test(character)) return digit;
  if (/[a-f]/i.test(character)) return hexLetter;
  // The bytes of all that is not ASCII are letters.
  if (/[A-Za-z_$\u0080-\u00ff]/.test(character)) return letter;
  if (character === '/') return slash;
  return character === '-' || character === '.' ? connector : 0;
}

/** Between two values of a list, a date and a time, or a host and a port. */
const joins = new Uint8Array(256);
for (const character of ' ,;:|') joins[character.charCodeAt(0)] = 1;

/** A word of this length with no other letters is a hash: no word of English is as long. */
const shortestHash = 8;

/** A number, an id, a duration, a hash, a path: whatever has a digit or is in a folder. */
function isValue(all: number, length: number): boolean {
  if ((all & digit) !== 0) return true;
  if ((all & slash) !== 0) return (all & (letter | hexLetter)) !== 0;
  return (all & letter) === 0 && (all & hexLetter) !== 0 && length >= shortestHash;
}

/**
 * A line in which each value is a `*`: `took *, job *`. Values in a row are one, so that a list is the same however long it is. It is done in
 * bytes, and into the same bytes each time, because it is done for every line.
 */
export class Mask {
  readonly #bytes = new Uint8Array(mostRead);
  readonly #fours = new Uint32Array(this.#bytes.buffer);
  #length = 0;
  /** Two sums of the masked bytes. */
  #low = 0;
  #high = 0;

  /** Valid until the next line is masked. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  get low(): number {
    return this.#low;
  }

  get high(): number {
    return this.#high;
  }

  mask(line: Uint8Array): void {
    const bytes = this.#bytes;
    const end = Math.min(line.length, mostRead);
    let to = 0;
    /** Where the last value ends, if only what joins values came after it; -1: something else did. */
    let valueEnd = -1;
    for (let at = 0; at < end; at += 1) {
      const start = to;
      let all = 0;
      let kind = kinds[line[at] as number] as number;
      while (kind !== 0) {
        all |= kind;
        bytes[to] = line[at] as number;
        to += 1;
        at += 1;
        kind = at < end ? (kinds[line[at] as number] as number) : 0;
      }
      if (all !== 0 && isValue(all, to - start)) {
        to = valueEnd >= 0 ? valueEnd : start;
        if (valueEnd < 0) bytes[to++] = star;
        valueEnd = to;
      } else if (all !== 0) valueEnd = -1;
      if (at >= end) break;
      const byte = line[at] as number;
      bytes[to] = byte;
      to += 1;
      if (joins[byte] === 0) valueEnd = -1;
    }
    this.#length = to;
    this.#sum();
  }

  /** FNV-1a, twice with different beginnings and factors, four bytes at a time. */
  #sum(): void {
    this.#bytes.fill(0, this.#length, (this.#length + 3) & ~3);
    let low = 0x811c9dc5 ^ this.#length;
    let high = 0x9747b28c;
    for (let at = 0; at * 4 < this.#length; at += 1) {
      const four = this.#fours[at] as number;
      low = Math.imul(low ^ four, 0x01000193);
      low ^= low >>> 15;
      high = Math.imul(high ^ four, 0x5bd1e995);
      high ^= high >>> 13;
    }
    this.#low = low >>> 0;
    this.#high = high >>> 0;
  }
}
