import type { ViewLine } from '../types.ts';

/**
 * What the console pattern of Flink's default configuration says at the start of a line. Source: `log4j-console.properties`,
 * Flink 2.3: `%d{yyyy-MM-dd HH:mm:ss,SSS} %-5p %-60c %x - %m%n`.
 */
export type Level = NonNullable<ViewLine['level']>;

const levels: readonly (ViewLine['level'])[] = [undefined, 'TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR'];

/** A level as a small number, for typed arrays; 0 is none. */
export type LevelCode = 0 | 1 | 2 | 3 | 4 | 5;

export const levelOf = (code: number): ViewLine['level'] => levels[code];

const escape = 0x1b;
const space = 0x20;
const tab = 0x09;
const letterM = 0x6d;

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** Behind the colours that a layout may put before its first character. */
function afterColours(text: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at + 2 < end && text[at] === escape && text[at + 1] === 0x5b) {
    let close = at + 2;
    while (close < end && text[close] !== letterM) close += 1;
    at = close + 1;
  }
  return at;
}

/** Where a stamp of 19 characters and more ends: `2026-11-22 11:27:32,618`, also with `T`, without milliseconds or with a zone; -1: no stamp. */
function afterStamp(text: Uint8Array, at: number, end: number): number {
  if (end - at < 19 || text[at + 4] !== 0x2d || text[at + 7] !== 0x2d || text[at + 13] !== 0x3a || text[at + 16] !== 0x3a) return -1;
  if (!isDigit(text[at]) || !isDigit(text[at + 3]) || !isDigit(text[at + 18])) return -1;
  let next = at + 19;
  while (next < end && text[next] !== space) next += 1;
  while (next < end && text[next] === space) next += 1;
  return next;
}

const word = (text: string): readonly number[] => [...text].map((letter) => letter.charCodeAt(0));
const words: readonly (readonly [LevelCode, readonly number[]])[] = [
  [3, word('INFO')], [4, word('WARN')], [2, word('DEBUG')], [5, word('ERROR')], [1, word('TRACE')], [5, word('FATAL')],
];

function startsWith(text: Uint8Array, at: number, letters: readonly number[]): boolean {
  for (let index = 0; index < letters.length; index += 1) if (text[at + index] !== letters[index]) return false;
  return true;
}

function levelAt(text: Uint8Array, at: number, end: number): LevelCode {
  const from = text[at] === 0x5b ? at + 1 : at;
  for (const [code, letters] of words) {
    const after = from + letters.length;
    if (after > end || !startsWith(text, from, letters)) continue;
    const next = after === end ? space : text[after];
    if (next === space || next === 0x5d || next === 0x3a || next === escape) return code;
  }
  return 0;
}

/** The level of a line that begins an entry of the log, without decoding it; 0 for a continuation and for anything else. */
export function detectLevel(text: Uint8Array, from = 0, end = text.length): LevelCode {
  const at = afterColours(text, from, end);
  const first = text[at];
  if (first === space || first === tab || first === undefined) return 0;
  if (!isDigit(first)) return levelAt(text, at, end);
  const rest = afterStamp(text, at, end);
  return rest === -1 ? 0 : levelAt(text, afterColours(text, rest, end), end);
}

const causedBy = word('Caused by:');
const suppressed = word('Suppressed:');
const more = word('... ');
const exception = word('Exception');
const error = word('Error');
const throwable = word('Throwable');

const endsWith = (text: Uint8Array, from: number, end: number, letters: readonly number[]): boolean => end - from >= letters.length && startsWith(text, end - letters.length, letters);

/** A line that belongs to the entry before it: a stack frame, `Caused by:`, the name of an exception, or anything that is indented. */
export function isContinuation(text: Uint8Array, from = 0, end = text.length): boolean {
  const first = text[from];
  if (first === undefined) return false;
  if (first === tab || first === space) return true;
  if (startsWith(text, from, causedBy) || startsWith(text, from, suppressed) || startsWith(text, from, more)) return true;
  let stop = from;
  let dots = 0;
  while (stop < end && text[stop] !== 0x3a && text[stop] !== space) {
    if (text[stop] === 0x2e) dots += 1;
    stop += 1;
  }
  return dots > 0 && (endsWith(text, from, stop, exception) || endsWith(text, from, stop, error) || endsWith(text, from, stop, throwable));
}
