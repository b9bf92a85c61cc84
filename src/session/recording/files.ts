import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parsedFileName } from '../../spool/places.ts';
import type { Instant } from '../../support/clock.ts';

/** A file of a recording. */
export interface RecordedFile {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
}

/**
 * The files of a recording that say what was so from `from` on: what was written since, and of each session the file before, where it was
 * written whole. Tails come first: their lines go to the main file, and are lost to who reads that one before.
 */
export async function recordedFiles(folder: string, from: Instant): Promise<readonly RecordedFile[]> {
  const found: (RecordedFile & { readonly writer: string; readonly isTail: boolean; readonly changedAt: Instant })[] = [];
  for (const name of (await ifThere(readdir(folder))) ?? []) {
    const parsed = parsedFileName(name);
    if (parsed === undefined) continue;
    const path = join(folder, name);
    const facts = await ifThere(stat(path));
    if (facts === undefined) continue;
    found.push({ name, path, bytes: facts.size, writer: parsed.writer, isTail: parsed.kind === 'tail', changedAt: facts.mtimeMs });
  }
  const wanted = [...Map.groupBy(found, ({ writer }) => writer).values()].flatMap((files) => {
    const inOrder = files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const first = inOrder.findIndex(({ changedAt }) => changedAt >= from);
    return first < 0 ? [] : inOrder.slice(Math.max(0, first - 1));
  });
  return wanted.toSorted((a, b) => Number(b.isTail) - Number(a.isTail) || (a.name < b.name ? -1 : 1));
}

/** Undefined: it is not there, or was removed meanwhile. */
async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
