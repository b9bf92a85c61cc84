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
/**
 * Of lines of Flink, in blocks of 128 KB, the fastest level leaves no more than higher ones. Each body that is written is a frame of its own.
 */
const frames = (): zlib.ZstdOptions => ({
  params: { [zlib.constants.ZSTD_c_compressionLevel]: 1 },
  flush: zlib.constants.ZSTD_e_end,
});

/** Compresses one body after the other in a thread of Node.js's pool: keys and frames do not wait for it. */
export class Compressor implements Disposable {
  /** One for all: making one for each block takes twice as long as what it does, and megabytes that wait to be collected. */
  #zstd: zlib.ZstdCompress | undefined;
  #parts: Buffer[] = [];
  #last: Promise<unknown> = Promise.resolve();

  /** The body may not change meanwhile. */
  async compress(body: Uint8Array): Promise<Stored> {
    if (!hasZstd) return { codec: codecs.deflate, bytes: await deflateRaw(body, { level: 1 }) };
    const work = this.#last.then(() => this.#frame(body));
    this.#last = work.catch(() => undefined);
    return { codec: codecs.zstd, bytes: await work };
  }

  #frame(body: Uint8Array): Promise<Buffer> {
    const zstd = (this.#zstd ??= this.#opened());
    return new Promise((resolve, reject) => {
      zstd.write(body, (error) => {
        const parts = this.#parts;
        this.#parts = [];
        if (error) reject(error);
        else resolve(Buffer.concat(parts));
      });
    });
  }

  #opened(): zlib.ZstdCompress {
    const zstd = zlib.createZstdCompress(frames());
    zstd.on('data', (part: Buffer) => this.#parts.push(part));
    // The body that failed rejects; the next one gets another stream.
    zstd.on('error', () => (this.#zstd = undefined));
    return zstd;
  }

  [Symbol.dispose](): void {
    this.#zstd?.destroy();
    this.#zstd = undefined;
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
