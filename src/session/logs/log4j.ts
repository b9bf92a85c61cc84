import { headLevel } from './entry-head.ts';
import type { LevelCode } from './level-words.ts';
import { jsonLevel, logfmtLevel } from './structured-level.ts';

const space = 0x20;
const tab = 0x09;
const brace = 0x7b;

/** The level of a line that begins an entry of the log, without decoding it; 0 for a continuation and for anything else. */
export function detectLevel(text: Uint8Array, from = 0, end = text.length): LevelCode {
  const first = text[from];
  if (first === undefined || first === tab) return 0;
  if (first === brace) return jsonLevel(text, from, end);
  const level = headLevel(text, from, end);
  return level === 0 && isLetter(first) ? logfmtLevel(text, from, end) : level;
}

const isLetter = (byte: number): boolean => (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;

const word = (text: string): readonly number[] => [...text].map((letter) => letter.charCodeAt(0));

function startsWith(text: Uint8Array, at: number, letters: readonly number[]): boolean {
  for (let index = 0; index < letters.length; index += 1) if (text[at + index] !== letters[index]) return false;
  return true;
}

const causedBy = word('Caused by:');
const suppressed = word('Suppressed:');
const more = word('... ');
const exception = word('Exception');
const error = word('Error');
const throwable = word('Throwable');

const endsWith = (text: Uint8Array, from: number, end: number, letters: readonly number[]): boolean =>
  end - from >= letters.length && startsWith(text, end - letters.length, letters);

/** A line that belongs to the previous entry: a stack frame, `Caused by:`, the name of an exception, or any indented line. */
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
