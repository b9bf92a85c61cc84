import type { LogLine } from '../../kubernetes/model/types.ts';
import type { Gap } from '../../spool/gap.ts';
import { disorderMs } from '../../spool/places.ts';
import { readSpool } from '../../spool/reader.ts';
import type { Instant } from '../../support/clock.ts';
import { lowerBound } from '../../support/lower-bound.ts';
import type { LogBuffer } from '../logs/log-buffer.ts';
import type { KeptLine } from '../types.ts';
import type { KeptLog } from './kept-logs.ts';

const decoder = new TextDecoder();

export const textOfLine = ({ bytes, from, to, cut }: LogLine): string =>
  decoder.decode(bytes.subarray(from, to)) + (cut === true ? '… [line cut]' : '');

/** How many lines to give at once. */
const portion = 512;

/** The lines of one pod: those on disk, and those that are held and could not be written, or not yet. */
export async function* allLines(
  pod: string,
  logs: readonly KeptLog[],
  held: LogBuffer | undefined,
  signal: AbortSignal,
): AsyncGenerator<readonly KeptLine[], void, undefined> {
  const onDisk = new LastTexts();
  for (const log of logs)
    for await (const { lines, gaps } of readSpool({ ...log, signal })) {
      const read = lines.map((line) => ({ at: line.at, pod, text: textOfLine(line) }));
      onDisk.add(read);
      if (held === undefined || gaps.length === 0) yield read;
      else yield [...read, ...gaps.flatMap((gap) => fromMemory(pod, held, gap))].toSorted((a, b) => a.at - b.at);
    }
  if (held === undefined) return;
  let news: KeptLine[] = [];
  for (let number = firstFrom(held, onDisk.at); number < held.next; number += 1) {
    const line = heldLine(pod, held, number);
    if (line === undefined || (line.at <= onDisk.at && onDisk.take(line.text))) continue;
    news.push(line);
    if (news.length < portion) continue;
    yield news;
    news = [];
  }
  yield news;
}

function heldLine(pod: string, held: LogBuffer, number: number): KeptLine | undefined {
  const text = held.text(number);
  return text === undefined ? undefined : { at: held.stamp(number), pod, text };
}

/** Number of the first held line from a moment on. */
const firstFrom = (held: LogBuffer, at: Instant): number => lowerBound(held.first, held.next, (number) => held.stamp(number) < at);

/** What the disk did not take may still be held. */
function fromMemory(pod: string, held: LogBuffer, { from = -Infinity, to, lines, cause }: Gap): readonly KeptLine[] {
  const found: KeptLine[] = [];
  // The lines around the gap are on disk. A damaged block is missing with its first and its last line.
  const [first, end] = cause === 'damaged' ? [from, to + 1] : [from + 1, to];
  for (let number = firstFrom(held, first); number < held.next && held.stamp(number) < end && found.length < lines; number += 1) {
    const line = heldLine(pod, held, number);
    if (line !== undefined) found.push(line);
  }
  return found;
}

/** The last lines that were read from the disk: in memory, a line that is late has the stamp of the one before it. */
class LastTexts {
  /** When the last line was written. */
  at: Instant = -Infinity;
  #lines: readonly KeptLine[] = [];
  #counts: Map<string, number> | undefined;

  add(lines: readonly KeptLine[]): void {
    this.at = lines.reduce((last, { at }) => Math.max(last, at), this.at);
    this.#lines = [...this.#lines, ...lines].filter(({ at }) => at >= this.at - disorderMs);
  }

  /** Whether this line is among them, and was not taken before. */
  take(text: string): boolean {
    this.#counts ??= this.#count();
    const count = this.#counts.get(text) ?? 0;
    if (count > 0) this.#counts.set(text, count - 1);
    return count > 0;
  }

  #count(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { text } of this.#lines) counts.set(text, (counts.get(text) ?? 0) + 1);
    return counts;
  }
}
