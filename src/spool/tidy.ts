import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Instant } from '../support/clock.ts';
import { parsedFileName } from './places.ts';

/** What a spool may take of the disk. */
export interface SpoolBounds {
  readonly podBytes: number;
  readonly totalBytes: number;
  readonly keptMs: number;
}

/** About 1.2 GB of text a pod, and 20 GB in all. */
export const defaultSpoolBounds: SpoolBounds = { podBytes: 128 * 2 ** 20, totalBytes: 2 * 2 ** 30, keptMs: 14 * 24 * 60 * 60_000 };

interface KeptFile {
  readonly path: string;
  readonly bytes: number;
  readonly changedAt: Instant;
}

/**
 * Removes the oldest files until the bounds hold, and the folders of pods that have no file left. Several processes may do it at once.
 * A file that is being written is as young as its last line, so it goes last.
 */
export async function tidySpool(folder: string, bounds: SpoolBounds, now: Instant): Promise<void> {
  const kept: KeptFile[] = [];
  const emptied: string[] = [];
  for (const cluster of await names(folder)) {
    for (const pod of await names(join(folder, cluster))) {
      const place = join(folder, cluster, pod);
      const files = await filesOf(place);
      const left = within(files, bounds.podBytes, now - bounds.keptMs);
      if (left.length === 0) emptied.push(place);
      kept.push(...left);
      await removeAll(files.filter((file) => !left.includes(file)));
    }
  }
  const left = new Set(within(kept, bounds.totalBytes, -Infinity));
  await removeAll(kept.filter((file) => !left.has(file)));
  for (const place of emptied) await removeFolder(place, now - bounds.keptMs);
}

/** The youngest files that the bounds allow. */
function within(files: readonly KeptFile[], mostBytes: number, oldest: Instant): readonly KeptFile[] {
  let bytes = 0;
  return files
    .toSorted((a, b) => b.changedAt - a.changedAt)
    .filter((file) => {
      bytes += file.bytes;
      return bytes <= mostBytes && file.changedAt >= oldest;
    });
}

async function names(folder: string): Promise<readonly string[]> {
  return (await ifThere(readdir(folder))) ?? [];
}

async function filesOf(folder: string): Promise<readonly KeptFile[]> {
  const files = (await names(folder)).filter((name) => parsedFileName(name) !== undefined);
  const found = await Promise.all(
    files.map(async (name) => {
      const path = join(folder, name);
      const facts = await ifThere(stat(path));
      return facts === undefined ? [] : [{ path, bytes: facts.size, changedAt: facts.mtimeMs }];
    }),
  );
  return found.flat();
}

async function removeAll(files: readonly KeptFile[]): Promise<void> {
  for (const { path } of files) await ifThere(rm(path));
}

/** With its record, once that is old as well: the log of a pod that was just seen may be about to begin. */
async function removeFolder(folder: string, before: Instant): Promise<void> {
  for (const name of await names(folder)) {
    const path = join(folder, name);
    const facts = await ifThere(stat(path));
    if (facts !== undefined && facts.mtimeMs < before) await ifThere(rm(path));
  }
  // It is not empty if another process began to write to it.
  await ifThere(rmdir(folder));
}

/** What another process removed, what is not a folder, a folder that is not empty, and what may not be removed: it stays as it is. */
const passedOver = ['ENOENT', 'ENOTDIR', 'ENOTEMPTY', 'EEXIST', 'EACCES', 'EPERM'];

async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && 'code' in error && passedOver.includes(String(error.code))) return undefined;
    throw error;
  }
}
