import { readFileSync } from 'node:fs';

/** The bytes of a file, undefined if there is none; throws if it cannot be read. */
export function readFile(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
