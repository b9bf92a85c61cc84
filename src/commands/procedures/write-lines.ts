import { open, rename, rm } from 'node:fs/promises';
import type { WrittenLine } from './log-lines.ts';
import { written } from './log-file.ts';

/** What a file has of a log. */
export interface WrittenFile {
  readonly lines: number;
  readonly bytes: number;
  /** Where the wanted line stands, or the last one before it; counted from 1. */
  readonly at: number;
}

export interface WriteRequest {
  readonly path: string;
  /** A file that is there is replaced once all is written; otherwise it is an error. */
  readonly replace: boolean;
  /** Number of the line to find again in the file. */
  readonly wanted?: number | undefined;
  readonly progress?: ((bytes: number) => void) | undefined;
}

/** How much to write at once. */
const portion = 256 * 2 ** 10;

/** Writes lines into a file that only its owner may read. What was written in vain is removed. */
export async function writeLines(
  lines: AsyncIterable<WrittenLine>,
  { path, replace, wanted = Number.POSITIVE_INFINITY, progress }: WriteRequest,
): Promise<WrittenFile> {
  const target = replace ? `${path}.${process.pid}.part` : path;
  const file = await written(path, () => open(target, 'wx', 0o600));
  let [count, bytes, at, text] = [0, 0, 1, ''];
  const flush = async (): Promise<void> => {
    const piece = Buffer.from(text);
    text = '';
    await written(path, () => file.writeFile(piece));
    bytes += piece.byteLength;
    progress?.(bytes);
  };
  try {
    for await (const line of lines) {
      count += 1;
      if (line.number <= wanted) at = count;
      text += `${line.text}\n`;
      if (text.length >= portion) await flush();
    }
    await flush();
    await file.close();
    if (replace) await written(path, () => rename(target, path));
  } catch (error) {
    await file.close();
    await rm(target, { force: true });
    throw error;
  }
  return { lines: count, bytes, at };
}
