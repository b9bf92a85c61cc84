import { open, type FileHandle } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';

export interface JarContent {
  /** False if the file is not a zip archive. */
  readonly archive: boolean;
  /** `program-class` or `Main-Class` of the manifest. */
  readonly entryClasses: readonly string[];
  /** Names of all entries. */
  readonly entries: ReadonlySet<string>;
}

export const NO_ARCHIVE: JarContent = { archive: false, entryClasses: [], entries: new Set() };
const MANIFEST = 'META-INF/MANIFEST.MF';
/** A manifest with a long class path takes some hundred kilobytes. */
const MOST_MANIFEST_BYTES = 8 << 20;

/** Reads what Flink needs to know about a jar, without reading all of it. */
export async function readJar(path: string): Promise<JarContent> {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  const tail = await bytesAt(file, Math.max(0, size - 65_557), Math.min(size, 65_557));
  const end = tail.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0 || tail.length < end + 22) return NO_ARCHIVE;
  const directory = await bytesAt(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  const entries = new Set<string>();
  let manifest = '';
  for (let at = 0; at + 46 <= directory.length;) {
    const nameLength = directory.readUInt16LE(at + 28);
    const name = directory.toString('utf8', at + 46, at + 46 + nameLength);
    entries.add(name);
    if (name === MANIFEST)
      manifest = await content(file, directory.readUInt32LE(at + 42), directory.readUInt32LE(at + 20), directory.readUInt16LE(at + 10));
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  // A manifest line that begins with a blank continues the previous one.
  const lines = manifest.replace(/\r?\n /g, '').split(/\r?\n/);
  const value = (key: string): string | undefined =>
    lines
      .find((line) => line.toLowerCase().startsWith(`${key.toLowerCase()}:`))
      ?.slice(key.length + 1)
      .trim();
  const classes = (value('program-class') ?? value('Main-Class') ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return { archive: true, entryClasses: classes, entries };
}

async function content(file: FileHandle, offset: number, size: number, method: number): Promise<string> {
  const local = await bytesAt(file, offset, 30);
  const bytes = await bytesAt(file, offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28), size);
  return (method === 0 ? bytes : inflateRawSync(bytes, { maxOutputLength: MOST_MANIFEST_BYTES })).toString('utf8');
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
