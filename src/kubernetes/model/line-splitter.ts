/** Splits a stream of bytes at line feeds. */
export interface LineSplitter {
  /** The complete lines so far, without their line feeds. Valid until the next call. */
  push(chunk: Buffer): readonly Buffer[];
  /** Bytes of the incomplete line. */
  readonly pending: number;
}

export function lineSplitter(): LineSplitter {
  let parts: Buffer[] = [];
  let size = 0;
  return {
    push(chunk) {
      const lines: Buffer[] = [];
      let start = 0;
      for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, start)) {
        const piece = chunk.subarray(start, end);
        lines.push(parts.length === 0 ? piece : Buffer.concat([...parts, piece]));
        parts = [];
        size = 0;
        start = end + 1;
      }
      if (start < chunk.length) {
        // A copy: the socket reuses the chunk.
        parts.push(Buffer.from(chunk.subarray(start)));
        size += chunk.length - start;
      }
      return lines;
    },
    get pending() {
      return size;
    },
  };
}
