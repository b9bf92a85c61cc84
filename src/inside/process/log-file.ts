import type { LogFile } from '../../flink/process-types.ts';

/** The end of a log file. */
export interface FileEnd {
  readonly lines: readonly string[];
  /** How long all of it is. */
  readonly bytes: number;
  /** Where in the file the first of the lines begins; not 0: lines before it were left out. */
  readonly from: number;
}

/** As much as a screen can search at once; several files may be kept. */
const mostBytes = 1 << 19;

const lineFeed = 0x0a;

/** Keeps the end of what is read, whatever its length. */
export async function readEnd(body: AsyncIterable<Uint8Array>): Promise<FileEnd> {
  const kept: Uint8Array[] = [];
  let held = 0;
  let bytes = 0;
  for await (const piece of body) {
    kept.push(piece);
    held += piece.byteLength;
    bytes += piece.byteLength;
    while (held - (kept[0]?.byteLength ?? 0) >= mostBytes) held -= kept.shift()?.byteLength ?? 0;
  }
  const end = Buffer.concat(kept).subarray(-mostBytes);
  // The first line of an end has most likely lost its beginning.
  const whole = end.byteLength === bytes ? end : end.subarray(end.indexOf(lineFeed) + 1);
  const lines = whole.toString('utf8').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return { lines, bytes, from: bytes - whole.byteLength };
}

/** How many of the first lines that were read before are no longer among those that were read now. */
export function linesLeftBehind(before: FileEnd, now: FileEnd): number {
  // A shorter file is another one under the same name.
  if (now.bytes < before.bytes) return before.lines.length;
  let count = 0;
  for (let at = before.from; at < now.from && count < before.lines.length; count += 1) {
    at += Buffer.byteLength(before.lines[count] ?? '') + 1;
  }
  return count;
}

/**
 * Flink has no way to read on in a file: each time it sends all of it, and that of a TaskManager goes through the disk of the JobManager. On
 * average no more than this is asked for.
 */
const bytesPerMs = 2 ** 20 / 1000;

/** How long to wait until a file of this length is read again, in milliseconds. */
export const pauseAfter = (bytes: number): number => bytes / bytesPerMs;

/** Something was written since; a process that does not say when a file changed says its size. */
export const hasChanged = (then: LogFile, now: LogFile): boolean => then.bytes !== now.bytes || then.changedAt !== now.changedAt;
