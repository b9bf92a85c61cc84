import { readFile, stat } from 'node:fs/promises';
import type { Clock } from '../../support/clock.ts';
import { Problem } from '../../support/problem.ts';

/** A small file that somebody else rotates: tokens and certificates. */
export interface WatchedFile {
  /** Its content now. Looks at the file's times at most once a second. Throws a `Problem` when it cannot be read. */
  read(): Promise<string>;
  /** Read it anew next time, whatever its times say. */
  forget(): void;
}

const LOOK_AGAIN_MS = 1_000;

/** `what`: how to call it in an error, e.g. `token file`. */
export function watchedFile(file: string, what: string, clock: Clock): WatchedFile {
  let content: string | undefined;
  let signature = '';
  let lookedAt = 0;
  return {
    async read() {
      if (content !== undefined && clock.monotonic() - lookedAt < LOOK_AGAIN_MS) return content;
      try {
        // A kubelet swaps a symbolic link: the inode changes even where the times do not.
        const { mtimeMs, ino, size } = await stat(file);
        const now = `${mtimeMs} ${ino} ${size}`;
        if (content === undefined || now !== signature) content = await readFile(file, 'utf8');
        signature = now;
        lookedAt = clock.monotonic();
        return content;
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code ?? String(error);
        throw new Problem('unauthorized', `The ${what} ${file} cannot be read (${code}).`, { cause: error });
      }
    },
    forget() {
      content = undefined;
    },
  };
}
