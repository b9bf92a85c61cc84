import type { FileHandle } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';

/** One file in an archive. Sizes in bytes. */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly offset: number;
}

/** The bytes are not those of a zip archive. */
export class NotZip extends Error {}

/** Reading failed because the file is not an archive, or is damaged. */
export const isNotZip = (error: unknown): boolean =>
  error instanceof NotZip ||
  error instanceof RangeError ||
  (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'));

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
const endSize = 22;
const mostComment = 0xffff;
/** Stands for a number that is in the zip64 part of an entry. */
const in64 = 0xffffffff;

/** The entries of the central directory, at the end of the archive. Source of the layout: APPNOTE.TXT 6.3.10. */
export async function zipEntries(file: FileHandle, fileSize: number): Promise<readonly ZipEntry[]> {
  const tail = await readAt(file, Math.max(0, fileSize - endSize - mostComment), Math.min(fileSize, endSize + mostComment));
  const end = lastIndexOfSignature(tail);
  if (end < 0) throw new NotZip('no end of central directory');
  let [size, offset] = [tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
  if (offset === in64 || size === in64) [size, offset] = await directory64(file, tail, end);
  if (offset + size > fileSize) throw new NotZip('the central directory lies outside the file');
  return entriesOf(await readAt(file, offset, size));
}

async function directory64(file: FileHandle, tail: Buffer, end: number): Promise<[size: number, offset: number]> {
  const locator = end - 20;
  if (locator < 0 || tail.readUInt32LE(locator) !== 0x07064b50) throw new NotZip('no zip64 locator');
  const record = await readAt(file, Number(tail.readBigUInt64LE(locator + 8)), 56);
  return [Number(record.readBigUInt64LE(40)), Number(record.readBigUInt64LE(48))];
}

function lastIndexOfSignature(tail: Buffer): number {
  for (let at = tail.length - endSize; at >= 0; at -= 1) if (tail.readUInt32LE(at) === endSignature) return at;
  return -1;
}

function entriesOf(directory: Buffer): readonly ZipEntry[] {
  const entries: ZipEntry[] = [];
  for (let at = 0; at + 46 <= directory.length;) {
    if (directory.readUInt32LE(at) !== entrySignature) throw new NotZip('a broken entry in the central directory');
    const [nameSize, extraSize, commentSize] = [
      directory.readUInt16LE(at + 28),
      directory.readUInt16LE(at + 30),
      directory.readUInt16LE(at + 32),
    ];
    const extra = directory.subarray(at + 46 + nameSize, at + 46 + nameSize + extraSize);
    const numbers = wideNumbers([directory.readUInt32LE(at + 24), directory.readUInt32LE(at + 20), directory.readUInt32LE(at + 42)], extra);
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameSize),
      method: directory.readUInt16LE(at + 10),
      size: numbers[0],
      compressedSize: numbers[1],
      offset: numbers[2],
    });
    at += 46 + nameSize + extraSize + commentSize;
  }
  return entries;
}

/** Numbers that do not fit into 32 bits are in an extra field, in this order, and only those numbers. */
function wideNumbers(narrow: [number, number, number], extra: Buffer): [number, number, number] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let next = at + 4;
    return narrow.map((value) => {
      if (value !== in64) return value;
      next += 8;
      return Number(extra.readBigUInt64LE(next - 8));
    }) as [number, number, number];
  }
  return narrow;
}

/** The content of one entry, at most `most` bytes, whatever size the archive claims. */
export async function zipContent(file: FileHandle, entry: ZipEntry, most: number): Promise<Buffer> {
  if (entry.compressedSize > most) throw new NotZip(`the entry ${entry.name} is larger than the directory says`);
  const local = await readAt(file, entry.offset, 30);
  if (local.readUInt32LE(0) !== localSignature) throw new NotZip(`the entry ${entry.name} is not where the directory says`);
  const start = entry.offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  const bytes = await readAt(file, start, entry.compressedSize);
  return entry.method === 0 ? bytes : inflateRawSync(bytes, { maxOutputLength: Math.min(Math.max(entry.size, 1), most) });
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, position);
  if (bytesRead < length) throw new NotZip('the file ends too early');
  return bytes;
}
