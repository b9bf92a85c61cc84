/** The incomplete piece at the end of a stream, held until more of it arrives. Grows by doubling: one piece may come in thousands of chunks. */
export interface HeldBytes {
  readonly length: number;
  /** The held bytes and the chunk after them, in one buffer. */
  with(chunk: Buffer): Buffer;
  /**
   * Holds the bytes of `data`, the result of `with`, from `start` on. The bytes before `start` stay valid until the next call of `with`.
   */
  keep(data: Buffer, start: number): void;
}

export function heldBytes(): HeldBytes {
  let bytes: Buffer = Buffer.alloc(0);
  let length = 0;
  return {
    get length() {
      return length;
    },
    with(chunk) {
      if (length === 0) return chunk;
      const whole = length + chunk.length;
      if (whole > bytes.length) {
        const larger = Buffer.allocUnsafe(Math.max(whole, bytes.length * 2));
        bytes.copy(larger, 0, 0, length);
        bytes = larger;
      }
      chunk.copy(bytes, length);
      return bytes.subarray(0, whole);
    },
    keep(data, start) {
      length = data.length - start;
      if (start === 0 && data.buffer === bytes.buffer && data.byteOffset === bytes.byteOffset) return;
      bytes = Buffer.from(data.subarray(start));
    },
  };
}
