import { promisify } from 'node:util';
import * as zlib from 'node:zlib';

/** How the body of a block is stored; its number is in the header. */
export const codecs = { plain: 0, zstd: 1, deflate: 2 } as const;

export interface Stored {
  readonly codec: (typeof codecs)[keyof typeof codecs];
  readonly bytes: Uint8Array;
}

/** A body with more bytes than this was not written by drey. */
export const largestBody = 16 * 2 ** 20;
const deflateRaw = promisify<zlib.InputType, zlib.ZlibOptions, Buffer>(zlib.deflateRaw);
/** Node.js has it from 22.15 on; the launchers fall back to what is installed. */
const hasZstd = typeof zlib.createZstdCompress === 'function';
const limits = { maxOutputLength: largestBody };
/** Of lines of Flink, in blocks of 128 KB, the fastest level leaves no more than higher ones; a larger window than a block is of no use. */
const params = { [zlib.constants.ZSTD_c_compressionLevel]: 1, [zlib.constants.ZSTD_c_windowLog]: 17 };
/** Each takes one body in a turn of the event loop: with four, 100,000 lines a second need 25 turns, and a busy screen has 50. */
const mostStreams = 4;

/** Makes one frame after the other: each body that is written is one. */
class FrameStream {
  readonly #zstd = zlib.createZstdCompress({ params, flush: zlib.constants.ZSTD_e_end });
  #parts: Buffer[] = [];

  constructor() {
    this.#zstd.on('data', (part: Buffer) => this.#parts.push(part));
    // Whoever waits for the frame is told.
    this.#zstd.on('error', () => {});
  }

  get works(): boolean {
    return !this.#zstd.destroyed;
  }

  frame(body: Uint8Array): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#zstd.write(body, (error) => {
        const parts = this.#parts;
        this.#parts = [];
        if (error) reject(error);
        else resolve(Buffer.concat(parts));
      });
    });
  }

  close(): void {
    this.#zstd.destroy();
  }
}

/** Compresses bodies in threads of Node.js's pool: keys and frames do not wait for it. */
export class Compressor implements Disposable {
  /** Used again: making one for each body takes twice as long as what it does, and leaves megabytes that wait to be collected. */
  #free: FrameStream[] = [];
  #busy = 0;
  readonly #waiting: (() => void)[] = [];

  /** The body may not change meanwhile. */
  async compress(body: Uint8Array): Promise<Stored> {
    if (!hasZstd) return { codec: codecs.deflate, bytes: await deflateRaw(body, { level: 1 }) };
    while (this.#busy >= mostStreams) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#busy += 1;
    const stream = this.#free.pop() ?? new FrameStream();
    try {
      return { codec: codecs.zstd, bytes: await stream.frame(body) };
    } finally {
      this.#busy -= 1;
      if (stream.works) this.#free.push(stream);
      this.#waiting.shift()?.();
    }
  }

  /** At once, in this thread: it takes a tenth of a millisecond, where a thread of the pool may wait long for a processor. */
  compressNow(body: Uint8Array): Stored {
    if (!hasZstd) return { codec: codecs.deflate, bytes: zlib.deflateRawSync(body, { level: 1 }) };
    return { codec: codecs.zstd, bytes: zlib.zstdCompressSync(body, { params }) };
  }

  [Symbol.dispose](): void {
    for (const stream of this.#free) stream.close();
    this.#free = [];
  }
}

/** Never shares the bytes. Throws if they are not what the codec makes, or are of a codec that this Node.js does not have. A block takes a tenth of a millisecond. */
export function decompressed(codec: number, bytes: Uint8Array): Uint8Array {
  switch (codec) {
    case codecs.plain:
      return bytes.slice();
    case codecs.zstd:
      return zlib.zstdDecompressSync(bytes, limits);
    case codecs.deflate:
      return zlib.inflateRawSync(bytes, limits);
    default:
      throw new RangeError(`Codec ${codec} is not known.`);
  }
}
