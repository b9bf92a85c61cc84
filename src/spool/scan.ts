import type { FileHandle } from 'node:fs/promises';
import { type BlockHeader, decodeHeader, headerBytes, magic } from './block.ts';

/** Where a block lies in its file. */
export interface PlacedBlock {
  readonly header: BlockHeader;
  readonly offset: number;
}

/** Some twenty blocks: a step to the disk costs as much for one of them. */
const stretchBytes = 256 * 2 ** 10;

/** Reads a file a stretch at a time, in one memory: what is asked for next lies near what was asked for before. */
export class Stretches {
  readonly file: FileHandle;
  #buffer = Buffer.alloc(0);
  #begin = 0;
  #end = 0;

  constructor(file: FileHandle) {
    this.file = file;
  }

  /** These bytes, or fewer at the end of the file. Valid until the next call. */
  async at(offset: number, length: number): Promise<Buffer> {
    if (offset < this.#begin || offset + length > this.#end) await this.#read(offset, length);
    return this.#buffer.subarray(Math.max(0, offset - this.#begin), Math.max(0, Math.min(offset + length, this.#end) - this.#begin));
  }

  async #read(offset: number, length: number): Promise<void> {
    const size = Math.max(stretchBytes, length);
    // If the one who reads comes from behind, what comes next lies before.
    const begin = offset < this.#begin ? Math.max(0, offset + length - size) : offset;
    if (this.#buffer.length < size) this.#buffer = Buffer.alloc(size);
    let had = 0;
    while (had < size) {
      const { bytesRead } = await this.file.read(this.#buffer, had, size - had, begin + had);
      if (bytesRead === 0) break;
      had += bytesRead;
    }
    this.#begin = begin;
    this.#end = begin + had;
  }
}

/**
 * The blocks of a file, in its order. What is damaged is passed over: if a block is not followed by another one, or does not fit into the
 * file, the next one is searched for from the beginning of its body, because some of its bytes may be missing.
 */
export async function placedBlocks(bytes: Stretches): Promise<readonly PlacedBlock[]> {
  const { size } = await bytes.file.stat();
  const found: PlacedBlock[] = [];
  let offset = 0;
  let searched = 1;
  while (offset !== size) {
    const header = decodeHeader(await bytes.at(offset, headerBytes));
    if (header !== undefined) searched = offset + headerBytes;
    if (header !== undefined && searched + header.stored <= size) {
      found.push({ header, offset });
      offset = searched + header.stored;
      continue;
    }
    const next = await nextMagic(bytes, searched);
    if (next === undefined) break;
    offset = next;
    searched = next + 1;
  }
  return found;
}

async function nextMagic(bytes: Stretches, from: number): Promise<number | undefined> {
  for (let offset = from; ;) {
    const stretch = await bytes.at(offset, stretchBytes);
    const place = stretch.indexOf(magic);
    if (place >= 0) return offset + place;
    if (stretch.length < stretchBytes) return undefined;
    // The magic may lie across the end of the stretch.
    offset += stretch.length - magic.length + 1;
  }
}
