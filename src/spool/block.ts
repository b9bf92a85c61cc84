import { crc32 } from 'node:zlib';
import { codecs, type Compressor, decompressed, largestBody, type Stored } from './codec.ts';
import { type LossCause, lossCauses } from './gap.ts';
import type { PackedLines } from './pack.ts';

/** What stands before the body of a block. */
export interface BlockHeader {
  readonly codec: number;
  /** Bytes of the body in the file, of the same before compression, and of the stamps at its beginning. */
  readonly stored: number;
  readonly raw: number;
  readonly stamps: number;
  readonly lines: number;
  /** Lines that could not be written and should stand before this block. */
  readonly missed: number;
  readonly cause: LossCause;
  readonly base: number;
  readonly first: number;
  readonly last: number;
  readonly checksum: number;
}

export const headerBytes = 64;
/** Followed by the version of the format. */
export const magic = Buffer.from('drey-log', 'latin1');
const version = 1;
const at = {
  version: 8,
  codec: 9,
  cause: 10,
  stored: 12,
  raw: 16,
  stamps: 20,
  lines: 24,
  missed: 28,
  base: 32,
  first: 40,
  last: 48,
  body: 56,
  own: 60,
};

/** The bytes of a block for good. */
export async function encodeBlock(packed: PackedLines, compressor: Compressor): Promise<Buffer> {
  return framed(packed, await compressor.compress(packed.body));
}

/** The same at once, if many wait. */
export const encodeBlockNow = (packed: PackedLines, compressor: Compressor): Buffer => framed(packed, compressor.compressNow(packed.body));

/** The bytes of a block that will soon be replaced: compressing it would not pay. */
export const encodePlainBlock = (packed: PackedLines): Buffer => framed(packed, { codec: codecs.plain, bytes: packed.body });

/** Little-endian; the header has a checksum of its own, so that its lengths can be trusted. */
function framed({ body, stamps, lines, base, first, last, missed, cause }: PackedLines, { codec, bytes }: Stored): Buffer {
  const block = Buffer.alloc(headerBytes + bytes.length);
  magic.copy(block);
  block.writeUInt8(version, at.version);
  block.writeUInt8(codec, at.codec);
  block.writeUInt8(lossCauses.indexOf(cause), at.cause);
  block.writeUInt32LE(bytes.length, at.stored);
  block.writeUInt32LE(body.length, at.raw);
  block.writeUInt32LE(stamps, at.stamps);
  block.writeUInt32LE(lines, at.lines);
  block.writeUInt32LE(missed, at.missed);
  block.writeDoubleLE(base, at.base);
  block.writeDoubleLE(first, at.first);
  block.writeDoubleLE(last, at.last);
  block.writeUInt32LE(crc32(bytes), at.body);
  block.writeUInt32LE(crc32(block.subarray(0, at.own)), at.own);
  block.set(bytes, headerBytes);
  return block;
}

/** A block begins here that a later version has written. */
export const isLaterBlock = (bytes: Buffer): boolean =>
  bytes.length > at.version && bytes.subarray(0, magic.length).equals(magic) && (bytes[at.version] ?? 0) > version;

/** Undefined: there is no header of this version here, or it is damaged. */
export function decodeHeader(bytes: Buffer): BlockHeader | undefined {
  if (bytes.length < headerBytes || !bytes.subarray(0, magic.length).equals(magic) || bytes[at.version] !== version) return undefined;
  if (crc32(bytes.subarray(0, at.own)) !== bytes.readUInt32LE(at.own)) return undefined;
  const header: BlockHeader = {
    codec: bytes.readUInt8(at.codec),
    cause: lossCauses[bytes.readUInt8(at.cause)] ?? 'unknown',
    stored: bytes.readUInt32LE(at.stored),
    raw: bytes.readUInt32LE(at.raw),
    stamps: bytes.readUInt32LE(at.stamps),
    lines: bytes.readUInt32LE(at.lines),
    missed: bytes.readUInt32LE(at.missed),
    base: bytes.readDoubleLE(at.base),
    first: bytes.readDoubleLE(at.first),
    last: bytes.readDoubleLE(at.last),
    checksum: bytes.readUInt32LE(at.body),
  };
  return header.raw <= largestBody && header.stored <= largestBody && header.stamps <= header.raw ? header : undefined;
}

/** The body of a block; undefined: it is damaged, or of a codec that this Node.js does not have. */
export function decodeBody({ codec, stored, checksum, raw }: BlockHeader, bytes: Buffer): Uint8Array | undefined {
  if (bytes.length !== stored || crc32(bytes) !== checksum) return undefined;
  try {
    const body = decompressed(codec, bytes);
    return body.length === raw ? body : undefined;
  } catch (error) {
    if (error instanceof RangeError || (error instanceof Error && 'code' in error)) return undefined;
    throw error;
  }
}
