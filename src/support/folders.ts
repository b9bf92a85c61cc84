import { mkdirSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Creates a folder and its missing parents; `mode` applies to the new ones. Does not use `recursive: true`: if a file system reports ENOENT
 * although the parent exists (below `/proc`), Node.js 26 retries forever.
 */
export async function ensureFolder(path: string, mode?: number): Promise<void> {
  try {
    await mkdir(path, mode);
  } catch (error) {
    if (isThere(error)) return;
    if (!lacksParent(error, path)) throw error;
    await ensureFolder(dirname(path), mode);
    await mkdir(path, mode).catch((second: unknown) => {
      if (!isThere(second)) throw second;
    });
  }
}

/** Like `ensureFolder`, for callers that cannot wait. */
export function ensureFolderSync(path: string, mode?: number): void {
  try {
    mkdirSync(path, mode);
  } catch (error) {
    if (isThere(error)) return;
    if (!lacksParent(error, path)) throw error;
    ensureFolderSync(dirname(path), mode);
    try {
      mkdirSync(path, mode);
    } catch (second) {
      if (!isThere(second)) throw second;
    }
  }
}

/** It exists. If it is a file, the first write reports it. */
const isThere = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'EEXIST';
const lacksParent = (error: unknown, path: string): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT' && dirname(path) !== path;

/** True for a folder, or a link to one. */
export const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
