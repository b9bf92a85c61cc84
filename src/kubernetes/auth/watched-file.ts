import { readFile, stat } from 'node:fs/promises';
import type { Clock } from '../../support/clock.ts';
import { Problem } from '../../support/problem.ts';

/** A small file that another program rotates: tokens and certificates. */
export interface WatchedFile {
  /** Its current content. Checks the file's times at most once a second. Throws a `Problem` if it cannot be read. */
  read(): Promise<string>;
  /** Read the file next time even if its times are unchanged. */
  forget(): void;
}

const LOOK_AGAIN_MS = 1_000;

/** `what`: its name in an error, such as `token file`. */
export function watchedFile(file: string, what: string, clock: Clock): WatchedFile {
  let content: string | undefined;
  let signature = '';
  let lookedAt = 0;
  return {
    async read() {
      if (content !== undefined && clock.monotonic() - lookedAt < LOOK_AGAIN_MS) return content;
      try {
        // A kubelet swaps a symbolic link: the inode changes even if the times do not.
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
