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
const inflateRaw = promisify<zlib.InputType, zlib.ZlibOptions, Buffer>(zlib.inflateRaw);
/** Node.js has it from 22.15 on; the launchers fall back to what is installed. */
const hasZstd = typeof zlib.zstdCompress === 'function';
const limits = { maxOutputLength: largestBody };
/** Of lines of Flink, in blocks of 128 KB, the fastest level leaves no more than higher ones. */
const fastest = { params: { [zlib.constants.ZSTD_c_compressionLevel]: 1 } };

/** Compresses in a thread of Node.js's pool: keys and frames do not wait for it. */
export async function compressed(body: Uint8Array): Promise<Stored> {
  if (hasZstd)
    return { codec: codecs.zstd, bytes: await promisify<zlib.InputType, zlib.ZstdOptions, Buffer>(zlib.zstdCompress)(body, fastest) };
  return { codec: codecs.deflate, bytes: await deflateRaw(body, { level: 1 }) };
}

/** Rejects if the bytes are not what the codec makes, or are of a codec that this Node.js does not have. */
export async function decompressed(codec: number, bytes: Uint8Array): Promise<Uint8Array> {
  switch (codec) {
    case codecs.plain:
      return bytes;
    case codecs.zstd:
      return promisify<zlib.InputType, zlib.ZstdOptions, Buffer>(zlib.zstdDecompress)(bytes, limits);
    case codecs.deflate:
      return inflateRaw(bytes, limits);
    default:
      throw new RangeError(`Codec ${codec} is not known.`);
  }
}
