import { open, rm } from 'node:fs/promises';
import type { ReadBody } from '../../flink/call.ts';
import type { LogFile } from '../../flink/process-types.ts';
import { hasChanged, pauseAfter } from '../../inside/process/log-file.ts';
import { Problem } from '../../support/problem.ts';
import { unwritable } from '../../support/unwritable.ts';

/** How one read of a file ended. */
export interface Told {
  readonly bytes: number;
  /** The last line, if it has no end yet: it was not passed on. */
  readonly unfinished: string;
}

/** Passes each whole line on as it comes. Called again for another try, it skips what it has passed on. */
export function teller(tell: (lines: readonly string[]) => void): (body: AsyncIterable<Uint8Array>) => Promise<Told> {
  let told = 0;
  return async (body) => {
    const decoder = new TextDecoder();
    let rest = '';
    let read = 0;
    let bytes = 0;
    const pass = (lines: readonly string[]): void => {
      const fresh = lines.slice(Math.max(0, told - read));
      read += lines.length;
      told = Math.max(told, read);
      if (fresh.length > 0) tell(fresh);
    };
    for await (const piece of body) {
      bytes += piece.byteLength;
      const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      pass(lines);
    }
    return { bytes, unfinished: rest };
  };
}

/** The file that is shown, and how its process is asked for it. */
interface Following {
  readonly read: <T>(body: ReadBody<T>) => Promise<T>;
  /** What the list of files says of it; undefined: it is not listed any more. */
  readonly listed: () => Promise<LogFile | undefined>;
  readonly pause: (ms: number) => Promise<void>;
}

/** How often the list of files is asked whether a file has grown, in milliseconds; as often as the page of Flink refreshes itself. */
const lookMs = 3_000;

/** Tells a file from its start, and what is written to it from then on. */
export async function follow({ read, listed, pause }: Following, tell: (lines: readonly string[]) => void): Promise<void> {
  let known = await listed();
  let telling = teller(tell);
  let { bytes } = await read(telling);
  for (;;) {
    await pause(Math.max(lookMs, pauseAfter(bytes)));
    const now = await listed();
    if (now === undefined)
      throw new Problem('not-found', 'The process has no such log file any more.', { hint: 'logfiles lists those that it has.' });
    if (known !== undefined && !hasChanged(known, now)) continue;
    // A shorter file is a new one under the same name.
    if (now.bytes < bytes) telling = teller(tell);
    known = now;
    ({ bytes } = await read(telling));
  }
}

/**
 * Writes what is read into a new file, and returns its length. The function can be called again, for another try: it begins anew. A file
 * that was there before is never overwritten; what was written in vain is removed.
 */
export function saver(path: string, progress: (bytes: number) => void): (body: AsyncIterable<Uint8Array>) => Promise<number> {
  let made = false;
  return async (body) => {
    const file = await written(path, () => open(path, made ? 'w' : 'wx'));
    made = true;
    let bytes = 0;
    try {
      for await (const piece of body) {
        await written(path, () => file.writeFile(piece));
        bytes += piece.byteLength;
        progress(bytes);
      }
    } catch (error) {
      await file.close();
      await rm(path, { force: true });
      throw error;
    }
    await file.close();
    return bytes;
  };
}

/** An error of the file system is one of this machine, and no reason to ask the server again. */
export async function written<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST')
      throw new Problem('conflict', `${path} exists.`, { hint: 'Name another file: nothing is overwritten.', cause: error });
    throw unwritable(path, error);
  }
}
