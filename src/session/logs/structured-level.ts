import { levelFields } from '../../inside/log/json-entry.ts';
import { levelNumber, levelWord, type LevelCode } from './level-words.ts';

/** The level is near the beginning of an entry; do not read megabytes of a message for it. */
const mostBytes = 4_096;

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const equals = 0x3d;
const space = 0x20;

const decoder = new TextDecoder();
const text = (bytes: Uint8Array, from: number, to: number): string => decoder.decode(bytes.subarray(from, to));

const names: ReadonlySet<string> = new Set(levelFields);
const longestName = 13;

/** First letters of the names, in lower case, so that few fields of an entry are decoded for the comparison. */
const initials: ReadonlySet<number> = new Set([...names].map((name) => name.charCodeAt(0) | 0x20));

const isLevelName = (bytes: Uint8Array, from: number, to: number): boolean =>
  to - from <= longestName && initials.has((bytes[from] as number) | 0x20) && names.has(text(bytes, from, to).toLowerCase());

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

function afterString(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return Math.min(at, end);
}

/**
 * The level of an entry that is a JSON object: its own field, or `level` in its field `log`. A level quoted in a message does not count.
 */
export function jsonLevel(bytes: Uint8Array, from: number, lineEnd: number): LevelCode {
  const end = Math.min(lineEnd, from + mostBytes);
  let depth = 0;
  let inLog = false;
  for (let at = from; at < end; at += 1) {
    const byte = bytes[at];
    if (byte === 0x7b || byte === 0x5b) depth += 1;
    else if (byte === 0x7d || byte === 0x5d) depth -= 1;
    if (byte !== quote) continue;
    const start = at + 1;
    at = afterString(bytes, start, end);
    let next = at + 1;
    while (bytes[next] === space) next += 1;
    if (bytes[next] !== colon) continue;
    if (depth === 1) inLog = at - start === 3 && text(bytes, start, at) === 'log';
    if (!(depth === 1 || (depth === 2 && inLog)) || !isLevelName(bytes, start, at)) continue;
    next += 1;
    while (bytes[next] === space) next += 1;
    const level = jsonValueLevel(bytes, next, end);
    if (level !== 0) return level;
  }
  return 0;
}

function jsonValueLevel(bytes: Uint8Array, from: number, end: number): LevelCode {
  if (bytes[from] === quote) return levelWord(bytes, from + 1, afterString(bytes, from + 1, end));
  let to = from;
  while (to < end && isDigit(bytes[to])) to += 1;
  return to > from && to - from <= 3 ? levelNumber(Number(text(bytes, from, to))) : 0;
}

/** The level of `time=… level=warn msg="…"`; 0 for any other line. */
export function logfmtLevel(bytes: Uint8Array, from: number, lineEnd: number): LevelCode {
  const end = Math.min(lineEnd, from + mostBytes);
  for (let at = from; at < end;) {
    let to = at;
    while (to < end && bytes[to] !== equals && bytes[to] !== space) to += 1;
    if (bytes[to] !== equals || to === at) return 0;
    const quoted = bytes[to + 1] === quote;
    const start = quoted ? to + 2 : to + 1;
    let stop = start;
    if (quoted) stop = afterString(bytes, start, end);
    else while (stop < end && bytes[stop] !== space) stop += 1;
    if (isLevelName(bytes, at, to)) return levelWord(bytes, start, stop);
    at = stop + (quoted ? 1 : 0);
    while (at < end && bytes[at] === space) at += 1;
  }
  return 0;
}
