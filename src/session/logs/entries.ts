import { exceptionIn } from '../../inside/log/exception-line.ts';
import type { ViewEntry } from '../../inside/log/templates/reading.ts';
import { isContinuation } from './log4j.ts';
import type { LogBuffer } from './log-buffer.ts';

/** A line that begins an entry: it has a level of its own, or none at all, and does not continue the line before it. */
export function startsEntry(buffer: LogBuffer, line: number): boolean {
  if (buffer.begins(line)) return true;
  if (buffer.level(line) !== 0) return false;
  const bytes = buffer.bytes(line);
  return bytes !== undefined && bytes.length > 0 && !isContinuation(bytes);
}

/** The class of the exception whose trace follows the first line of an entry; empty: none does. */
export function exceptionOf(buffer: LogBuffer, first: number): string {
  const next = first + 1;
  if (next >= buffer.next || startsEntry(buffer, next)) return '';
  return exceptionIn(buffer.text(next) ?? '') ?? '';
}

/** No trace is longer: a line further from the beginning of its entry is taken for one of its own. */
const longestEntry = 2_000;

/** The entries of logs for lines that are looked at one after the other: the same object for all lines of one entry. */
export class EntryFinder {
  #buffer: LogBuffer | undefined;
  #first = -1;
  #entry: ViewEntry | undefined;

  entryOf(buffer: LogBuffer, line: number): ViewEntry {
    let first = line;
    while (first > buffer.first && line - first < longestEntry && !startsEntry(buffer, first)) first -= 1;
    if (this.#entry === undefined || this.#buffer !== buffer || this.#first !== first) {
      this.#buffer = buffer;
      this.#first = first;
      this.#entry = { text: buffer.text(first) ?? '', exception: exceptionOf(buffer, first) };
    }
    return this.#entry;
  }
}
