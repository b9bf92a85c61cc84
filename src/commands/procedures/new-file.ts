import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { type FileHandle, link, lstat, open, rename, rm } from 'node:fs/promises';
import { Problem } from '../../support/problem.ts';
import { unwritable } from '../../support/unwritable.ts';

/** A file on this machine that gets its name once it is whole. */
export interface NewFile {
  write(piece: Uint8Array): Promise<void>;
  /** Gives it its name. */
  keep(): Promise<void>;
}

export interface NewFileOptions {
  readonly path: string;
  readonly mode: number;
  readonly overwrite: boolean;
  /** When it aborts, nothing is left at once: the process may end before anybody is waited for. */
  readonly signal: AbortSignal;
}

/** Whether anything has this name, even a link that leads nowhere. */
export async function isTaken(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw unwritable(path, error);
  }
}

/** Passes a new file to `fill`; if that does not keep it, nothing is left. An existing file stays as it is until then. */
export async function withNewFile<T>({ path, mode, overwrite, signal }: NewFileOptions, fill: (file: NewFile) => Promise<T>): Promise<T> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.part`;
  // Its owner reads what is written, whatever the mode says.
  const file = await tried(path, () => open(temporary, 'wx', (mode & 0o777) | 0o600));
  const drop = (): void => rmSync(temporary, { force: true });
  signal.addEventListener('abort', drop, { once: true });
  try {
    signal.throwIfAborted();
    return await fill({
      write: (piece) => tried(path, () => whole(file, piece)),
      keep: () => tried(path, async () => (overwrite ? await rename(temporary, path) : await renameNew(temporary, path))),
    });
  } finally {
    signal.removeEventListener('abort', drop);
    await file.close();
    await rm(temporary, { force: true });
  }
}

async function whole(file: FileHandle, piece: Uint8Array): Promise<void> {
  for (let at = 0; at < piece.byteLength;) at += (await file.write(piece, at)).bytesWritten;
}

/** Unlike a rename, a link never replaces a file that has come meanwhile. */
async function renameNew(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (codeOf(error) === 'EEXIST' || (await isTaken(to)))
      throw new Problem('conflict', `${to} exists.`, { hint: '--force overwrites it.', cause: error });
    // A file system without links.
    await rename(from, to);
  }
}

async function tried<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof Problem ? error : unwritable(path, error);
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
