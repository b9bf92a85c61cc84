import { open, rm } from 'node:fs/promises';
import { Problem } from '../../support/problem.ts';

/** The end of a file, and how long all of it is. */
export interface FileEnd {
  readonly lines: readonly string[];
  readonly bytes: number;
  /** Lines before these were left out. */
  readonly cut: boolean;
}

/** As much as a screen can search at once. */
const mostBytes = 1 << 20;

/** Keeps the end of what is read, whatever its length. */
export async function readEnd(body: AsyncIterable<Uint8Array>): Promise<FileEnd> {
  const kept: Uint8Array[] = [];
  let held = 0;
  let bytes = 0;
  for await (const piece of body) {
    kept.push(piece);
    held += piece.byteLength;
    bytes += piece.byteLength;
    while (held - (kept[0]?.byteLength ?? 0) >= mostBytes) held -= kept.shift()?.byteLength ?? 0;
  }
  const cut = bytes > held || held > mostBytes;
  const text = Buffer.concat(kept).subarray(-mostBytes).toString('utf8');
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  // The first line of an end has most likely lost its beginning.
  return { lines: cut ? lines.slice(1) : lines, bytes, cut };
}

/** Passes each line on as it comes. Called again for another try, it passes over what it has told. */
export function teller(tell: (lines: readonly string[]) => void): (body: AsyncIterable<Uint8Array>) => Promise<void> {
  let told = 0;
  return async (body) => {
    const decoder = new TextDecoder();
    let rest = '';
    let read = 0;
    const pass = (lines: readonly string[]): void => {
      const fresh = lines.slice(Math.max(0, told - read));
      read += lines.length;
      told = Math.max(told, read);
      if (fresh.length > 0) tell(fresh);
    };
    for await (const piece of body) {
      const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      pass(lines);
    }
    if (rest !== '') pass([rest]);
  };
}

/**
 * Writes what is read into a new file, and returns its length. The function can be called again, for another try: it begins anew. A file
 * that was there before is never overwritten; what was written in vain is removed.
 */
export function saver(path: string): (body: AsyncIterable<Uint8Array>) => Promise<number> {
  let made = false;
  return async (body) => {
    const file = await written(path, () => open(path, made ? 'w' : 'wx'));
    made = true;
    let bytes = 0;
    try {
      for await (const piece of body) {
        await written(path, () => file.writeFile(piece));
        bytes += piece.byteLength;
      }
    } catch (error) {
      await file.close();
      await rm(path, { force: true });
      throw error;
    }
    await file.close();
    return bytes;
  };
}

/** An error of the file system is one of this machine, and no reason to ask the server again. */
async function written<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST')
      throw new Problem('conflict', `${path} exists.`, { hint: 'Name another file: nothing is overwritten.', cause: error });
    throw new Problem('failed', `${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
