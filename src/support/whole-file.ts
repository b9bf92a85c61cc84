import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ensureFolderSync } from './folders.ts';

/**
 * Writes a file that only its owner may read, and its folder. It is on disk when this returns; another process never sees a part of it.
 * Throws the error of the file system.
 */
export function writeWholeFile(path: string, text: string): void {
  const folder = dirname(path);
  const temporary = join(folder, `${basename(path, '.json')}.${process.pid}.tmp`);
  try {
    ensureFolderSync(folder, 0o700);
    const file = openSync(temporary, 'w', 0o600);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    removeFile(temporary);
    throw error;
  }
}

/** Removes a file if it is there and this is allowed; in a read-only folder it stays. */
export function removeFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Whoever lists the folder skips it again.
  }
}
