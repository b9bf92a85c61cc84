import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { unwritable } from '../../support/unwritable.ts';

/**
 * Passes a folder beside `path` to `work`, for this user alone. Nothing is left of it, not even if the process ends when `signal` aborts.
 * An error of the file system becomes a problem that names `path`.
 */
export async function withScratch<T>(path: string, signal: AbortSignal, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(dirname(path), `${basename(path)}.part-`));
  const drop = (): void => rmSync(folder, { recursive: true, force: true });
  signal.addEventListener('abort', drop, { once: true });
  try {
    signal.throwIfAborted();
    return await work(folder);
  } catch (error) {
    // What was removed on purpose cannot be written.
    signal.throwIfAborted();
    throw error instanceof Error && 'syscall' in error ? unwritable(path, error) : error;
  } finally {
    signal.removeEventListener('abort', drop);
    await rm(folder, { recursive: true, force: true });
  }
}
