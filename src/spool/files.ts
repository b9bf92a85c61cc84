import { type FileHandle, open, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ensureFolder } from '../support/folders.ts';

/** A file of this process that only grows, or is cut. */
export interface GrowingFile {
  append(bytes: Uint8Array): Promise<void>;
  /** Keeps this many bytes. */
  cut(bytes: number): Promise<void>;
  close(): Promise<void>;
}

/** How a spool writes; a test hands in a disk that is full. */
export interface SpoolDisk {
  /** Creates the file, which must not exist, and its folder. */
  create(path: string): Promise<GrowingFile>;
  /** Another process never sees a part of the text. */
  replace(path: string, text: string): Promise<void>;
}

const [ownFolder, ownFile] = [0o700, 0o600];

const growing = (file: FileHandle): GrowingFile => ({
  append: (bytes) => file.appendFile(bytes),
  cut: (bytes) => file.truncate(bytes),
  close: () => file.close(),
});

/** Logs may hold secrets: files and folders are their owner's alone. */
export const realDisk: SpoolDisk = {
  async create(path) {
    await ensureFolder(dirname(path), ownFolder);
    return growing(await open(path, 'ax', ownFile));
  },
  async replace(path, text) {
    await ensureFolder(dirname(path), ownFolder);
    const temporary = `${path}.${process.pid}.tmp`;
    await writeFile(temporary, text, { mode: ownFile });
    await rename(temporary, path);
  },
};
