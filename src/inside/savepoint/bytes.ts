/** The bytes do not have the form that they should have; the message is the end of a sentence. */
export class Damaged extends Error {}

/** Reads bytes in order, as `java.io.DataInputStream` does. Never reads beyond the end: a cut file is a `Damaged` one. */
export class Bytes {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  byte(): number {
    return this.#bytes.readUInt8(this.#take(1));
  }

  boolean(): boolean {
    return this.byte() !== 0;
  }

  short(): number {
    return this.#bytes.readUInt16BE(this.#take(2));
  }

  int(): number {
    return this.#bytes.readInt32BE(this.#take(4));
  }

  /** A number above 2^53 is not exact. */
  long(): number {
    return Number(this.#bytes.readBigInt64BE(this.#take(8)));
  }

  hex(length: number): string {
    const from = this.#take(length);
    return this.#bytes.toString('hex', from, from + length);
  }

  skip(length: number): void {
    this.#take(length);
  }

  /** A number of things that follow; each takes `least` bytes or more, so that a wrong number is seen before anything is made of it. */
  count(least: number): number {
    const count = this.int();
    if (count < 0 || count * least > this.#bytes.length - this.#at) throw new Damaged('it is cut, or a number in it is wrong');
    return count;
  }

  /** A size of something that is counted, and not read here. */
  size(): number {
    const size = this.long();
    if (size < 0) throw new Damaged(`it has a size of ${size}`);
    return size;
  }

  /** Java's modified UTF-8: a character outside the basic plane is two of three bytes each, and NUL has two. */
  utf(): string {
    const length = this.short();
    const from = this.#take(length);
    const text = this.#bytes.toString('latin1', from, from + length);
    return ascii.test(text) ? text : decoded(text);
  }

  #take(length: number): number {
    if (length < 0 || this.#at + length > this.#bytes.length) throw new Damaged('it ends too early');
    this.#at += length;
    return this.#at - length;
  }
}

const ascii = /^[\x01-\x7f]*$/;
const character = /[\x01-\x7f]|[\xc0-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}/gy;

/** `encoded` has one character for each byte. */
function decoded(encoded: string): string {
  let length = 0;
  const text = encoded.replace(character, (one) => {
    length += one.length;
    const [first = 0, second = 0, third = 0] = Array.from(one, (byte) => byte.charCodeAt(0));
    if (one.length === 1) return one;
    const unit =
      one.length === 2 ? ((first & 0x1f) << 6) | (second & 0x3f) : ((first & 0x0f) << 12) | ((second & 0x3f) << 6) | (third & 0x3f);
    return String.fromCharCode(unit);
  });
  if (length !== encoded.length) throw new Damaged('a text in it is not UTF-8');
  return text;
}
