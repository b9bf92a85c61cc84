import type { FileHandle } from 'node:fs/promises';
import type { LogLine } from '../kubernetes/model/types.ts';
import { type BlockHeader, decodeBody, decodeHeader, headerBytes, magic } from './block.ts';

/** Where a block lies in its file. */
export interface PlacedBlock {
  readonly header: BlockHeader;
  readonly offset: number;
}

const stretchBytes = 64 * 2 ** 10;

async function bytesAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let had = 0;
  while (had < length) {
    const { bytesRead } = await file.read(buffer, had, length - had, offset + had);
    if (bytesRead === 0) break;
    had += bytesRead;
  }
  return buffer.subarray(0, had);
}

/**
 * The blocks of a file, in its order. What is damaged is passed over: if a block is not followed by another one, or does not fit into the
 * file, the next one is searched for from the beginning of its body, because some of its bytes may be missing.
 */
export async function placedBlocks(file: FileHandle): Promise<readonly PlacedBlock[]> {
  const { size } = await file.stat();
  const found: PlacedBlock[] = [];
  let offset = 0;
  let searched = 1;
  while (offset !== size) {
    const header = decodeHeader(await bytesAt(file, offset, headerBytes));
    if (header !== undefined) searched = offset + headerBytes;
    if (header !== undefined && searched + header.stored <= size) {
      found.push({ header, offset });
      offset = searched + header.stored;
      continue;
    }
    const next = await nextMagic(file, searched);
    if (next === undefined) break;
    offset = next;
    searched = next + 1;
  }
  return found;
}

async function nextMagic(file: FileHandle, from: number): Promise<number | undefined> {
  for (let offset = from; ;) {
    const stretch = await bytesAt(file, offset, stretchBytes);
    const place = stretch.indexOf(magic);
    if (place >= 0) return offset + place;
    if (stretch.length < stretchBytes) return undefined;
    // The magic may lie across the end of the stretch.
    offset += stretch.length - magic.length + 1;
  }
}

/** The lines of a block; undefined: it is damaged. */
export async function linesOf(file: FileHandle, { header, offset }: PlacedBlock): Promise<readonly LogLine[] | undefined> {
  return decodeBody(header, await bytesAt(file, offset + headerBytes, header.stored));
}
