import { isUpperCase, levelWord, type LevelCode } from './level-words.ts';

/** The head of an entry is within this many bytes of a line, and has at most this many words. */
const longestHead = 240;
const mostWords = 12;
/** A thread or logger in brackets. */
const longestBracket = 120;
/** Milliseconds since 1970 have 13 digits: a longer number is not a time. */
const longestNumber = 13;
const longestStamp = 40;

const escape = 0x1b;
const space = 0x20;
const tab = 0x09;
const letterM = 0x6d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const dot = 0x2e;

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;
const isLetter = (byte: number): boolean => (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
const isBlank = (byte: number | undefined): boolean => byte === space || byte === tab;
/** `-`, `|`, `:`, `;`: separators between the parts of a head. */
const isSeparator = (byte: number | undefined): boolean => byte === 0x2d || byte === 0x7c || byte === 0x3a || byte === 0x3b;

/** Skips spaces, and the colours that a layout may put around a part. */
function afterPadding(text: Uint8Array, from: number, end: number): number {
  let at = from;
  for (;;) {
    while (at < end && isBlank(text[at])) at += 1;
    if (text[at] !== escape || text[at + 1] !== openBracket) return at;
    let close = at + 2;
    while (close < end && text[close] !== letterM) close += 1;
    at = close + 1;
  }
}

function wordEnd(text: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && !isBlank(text[at]) && text[at] !== escape) at += 1;
  return at;
}

/** The end of the letters from here on: where a level would end. */
function lettersEnd(text: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && isLetter(text[at] as number)) at += 1;
  return at;
}

/** A `number` (a count of milliseconds, a process), or digits with the separators of a `stamp` between them: a date, a time, a zone. */
function numericKind(text: Uint8Array, from: number, to: number): 'number' | 'stamp' | undefined {
  if (!isDigit(text[from]) && !(text[from] === 0x2b && isDigit(text[from + 1]))) return undefined;
  let digits = 0;
  for (let at = from; at < to; at += 1) if (isDigit(text[at])) digits += 1;
  if (digits < to - from) return to - from <= longestStamp ? 'stamp' : undefined;
  return digits <= longestNumber ? 'number' : undefined;
}

/** `E1122 11:27:32.618`. Source: klog, `formatHeader`. */
function klogLevel(text: Uint8Array, from: number, to: number, end: number): LevelCode {
  if (
    to - from !== 5 ||
    to + 3 >= end ||
    !isDigit(text[from + 1]) ||
    !isDigit(text[from + 4]) ||
    text[to] !== space ||
    !isDigit(text[to + 1]) ||
    text[to + 3] !== 0x3a
  )
    return 0;
  switch (text[from]) {
    case 0x49:
      return 3;
    case 0x57:
      return 4;
    case 0x45:
    case 0x46:
      return 5;
    default:
      return 0;
  }
}

/** True if the text after a level looks like a logger: `org.apache.flink.Foo`, `o.a.f.Foo`. */
function isLoggerAt(text: Uint8Array, from: number, end: number): boolean {
  const at = afterPadding(text, from, end);
  const to = wordEnd(text, at, end);
  for (let index = at + 1; index < to - 1; index += 1) if (text[index] === dot && isLetter(text[index + 1] as number)) return true;
  return false;
}

/**
 * The level in the head of an entry: a level word that comes first, or after a stamp, a thread in brackets, or both, as in nearly all
 * layouts of log4j, logback, java.util.logging, Python, Tomcat, Kafka, Spring, the JVM and klog. 0: the line has no such head. A word of
 * prose is not a level: after anything but a stamp and brackets only capitals count.
 */
export function headLevel(text: Uint8Array, start: number, lineEnd: number): LevelCode {
  const end = Math.min(lineEnd, start + longestHead);
  let at = afterPadding(text, start, end);
  // An indented line continues the previous one; a single space may pad a level of four letters.
  if (isBlank(text[start]) && (isBlank(text[start + 1]) || !isUpperCase(text, at) || lettersEnd(text, at, end) !== start + 5)) return 0;
  let isHead = false;
  let plain = 0;
  for (let words = 0; words < mostWords && at < end; words += 1, at = afterPadding(text, at, end)) {
    if (text[at] === openBracket) {
      const close = bracketEnd(text, at, end);
      if (close === -1) return 0;
      const level = bracketLevel(text, at + 1, close);
      if (level !== 0) return level;
      isHead = true;
      at = close + 1;
      continue;
    }
    if (isSeparator(text[at])) {
      while (at < end && isSeparator(text[at])) at += 1;
      continue;
    }
    const level = levelAt(text, at, end);
    if (level !== 0 && isLevelHere(text, at, lineEnd, isHead, plain)) return level;
    const to = wordEnd(text, at, end);
    const klog = words === 0 ? klogLevel(text, at, to, end) : 0;
    if (klog !== 0) return klog;
    const numeric = numericKind(text, at, to);
    if (numeric === 'stamp') isHead = true;
    if (numeric === undefined && plain++ > 0) return 0;
    at = to;
  }
  return 0;
}

const endsLevel = (byte: number): boolean =>
  isBlank(byte) || byte === escape || byte === closeBracket || byte === 0x3a || byte === 0x7c || byte === 0x29;

/** The level in the word at `at`. */
function levelAt(text: Uint8Array, at: number, end: number): LevelCode {
  const to = lettersEnd(text, at, end);
  return to > at && (to === end || endsLevel(text[to] as number)) ? levelWord(text, at, to) : 0;
}

/** Whether the word at `at` is a level, after `plain` words that are neither stamps nor in brackets. */
function isLevelHere(text: Uint8Array, at: number, end: number, isHead: boolean, plain: number): boolean {
  const capitals = isUpperCase(text, at);
  if (plain > 0) return capitals && (isHead || isLoggerAt(text, lettersEnd(text, at, end), end));
  // The first word of a line is more often prose than a level, unless it looks like one.
  return isHead || capitals;
}

function bracketEnd(text: Uint8Array, from: number, end: number): number {
  for (let at = from + 1; at < Math.min(end, from + longestBracket); at += 1) if (text[at] === closeBracket) return at;
  return -1;
}

/** `[ERROR]`, `[info   ]`. */
function bracketLevel(text: Uint8Array, from: number, close: number): LevelCode {
  let start = from;
  let to = close;
  while (start < to && isBlank(text[start])) start += 1;
  while (to > start && isBlank(text[to - 1])) to -= 1;
  return levelWord(text, start, to);
}
