import { type FieldName, type Step, stepsOf, type Width } from './pattern.ts';

/** The first line of an entry, read. A part that the layout does not write is empty. */
export interface EntryHead {
  readonly time: string;
  /** As it was written. */
  readonly level: string;
  readonly logger: string;
  readonly thread: string;
  readonly message: string;
}

/** How the lines of a log are written. */
export interface Layout {
  readonly pattern: string;
  readonly steps: readonly Step[];
}

/** The layout of a pattern of log4j or logback; undefined if lines cannot be read by it. */
export function layoutOf(pattern: string): Layout | undefined {
  const steps = stepsOf(pattern);
  return steps === undefined ? undefined : { pattern, steps };
}

type Found = { -readonly [Part in keyof EntryHead]: string };

/**
 * Reads a line by a layout; undefined: it is not the first line of an entry written by it. Each place of the line is looked at a fixed number
 * of times, because a part never gives back what it took: the end of a free text is the first place at which what follows it fits.
 */
export function readHead(line: string, { steps }: Layout): EntryHead | undefined {
  const found: Found = { time: '', level: '', logger: '', thread: '', message: '' };
  let at = 0;
  for (let place = 0; place < steps.length; place += 1) {
    const step = steps[place] as Step;
    if (step.kind === 'text') {
      at = textEnd(line, at, step.text, place === steps.length - 1);
      if (at < 0) return undefined;
      continue;
    }
    const start = afterPadding(line, at, step.width);
    const end = step.kind === 'date' ? dateEnd(step.expression, line, start) : fieldEnd(line, start, steps, place);
    if (end < 0) return undefined;
    if (step.kind === 'date') found.time ||= line.slice(start, end);
    else if (isKept(step.name)) found[step.name] ||= line.slice(start, end);
    else if (isPadded(step.name)) found[step.name] ||= line.slice(start, end).trim();
    at = padded(line, at, end, step.width);
  }
  return found;
}

const isKept = (name: FieldName): name is 'level' | 'message' => name === 'level' || name === 'message';
/** Spring pads what stands in brackets: the thread, not the brackets. */
const isPadded = (name: FieldName): name is 'logger' | 'thread' => name === 'logger' || name === 'thread';

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
const isLetter = (code: number): boolean => (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;

function dateEnd(expression: RegExp, line: string, at: number): number {
  expression.lastIndex = at;
  return expression.test(line) ? expression.lastIndex : -1;
}

function afterPadding(line: string, from: number, { least, padded: side }: Width): number {
  let at = from;
  if (side === 'end') return at;
  while (at < from + least && isBlank(line.charCodeAt(at))) at += 1;
  return at;
}

/** A part that is padded at its end reaches to its width, or to the end of the line. */
function padded(line: string, from: number, end: number, { least, padded: side }: Width): number {
  if (side === 'start') return end;
  let at = end;
  while (at < from + least && isBlank(line.charCodeAt(at))) at += 1;
  return at;
}

/** An empty message leaves out the spaces before it: what collects logs may have trimmed the line. */
function textEnd(line: string, at: number, text: string, last: boolean): number {
  if (line.startsWith(text, at)) return at + text.length;
  const bare = text.trimEnd();
  return (last || at + bare.length === line.length) && bare !== '' && line.slice(at) === bare ? line.length : -1;
}

function fieldEnd(line: string, at: number, steps: readonly Step[], place: number): number {
  const { name } = steps[place] as Extract<Step, { kind: 'field' }>;
  if (name === 'message') return messageEnd(line, at, steps, place);
  if (name === 'level') return runEnd(line, at, isLetter, 1);
  if (name === 'number') return runEnd(line, at, isDigit, 0);
  return freeEnd(line, at, steps, place);
}

function runEnd(line: string, from: number, belongs: (code: number) => boolean, least: number): number {
  let at = from;
  while (at < line.length && belongs(line.charCodeAt(at))) at += 1;
  return at - from >= least ? at : -1;
}

/** The head of an entry is within this many characters: a longer line is not searched for it. */
const longestHead = 2_000;

/** A free text ends where the next text of the layout begins, and the date or level after that text fits. */
function freeEnd(line: string, at: number, steps: readonly Step[], place: number): number {
  const next = steps[place + 1];
  if (next === undefined) return line.length;
  const limit = Math.min(line.length, at + longestHead);
  if (next.kind !== 'text') return wordEnd(line, at, limit);
  const needle = next.text;
  for (let end = line.indexOf(needle, at); end >= 0 && end <= limit; end = line.indexOf(needle, end + 1))
    if (isFollowed(line, end + needle.length, steps[place + 2])) return end;
  return line.endsWith(needle.trimEnd()) && line.length - needle.trimEnd().length >= at ? line.length - needle.trimEnd().length : -1;
}

function wordEnd(line: string, from: number, limit: number): number {
  let at = from;
  while (at < limit && !isBlank(line.charCodeAt(at))) at += 1;
  return at;
}

function isFollowed(line: string, at: number, step: Step | undefined): boolean {
  if (step === undefined || step.kind === 'text') return true;
  const start = afterPadding(line, at, step.width);
  if (step.kind === 'date') return dateEnd(step.expression, line, start) >= 0;
  return step.name !== 'level' || runEnd(line, start, isLetter, 1) >= 0;
}

/** A message that is not the last part ends before the last places where the texts after it stand, one before the other. */
function messageEnd(line: string, at: number, steps: readonly Step[], place: number): number {
  if (place === steps.length - 1) return line.length;
  if (steps[place + 1]?.kind !== 'text') return freeEnd(line, at, steps, place);
  let end = line.length;
  for (let after = steps.length - 1; after > place; after -= 1) {
    const step = steps[after] as Step;
    if (step.kind === 'text') end = end < step.text.length ? -1 : line.lastIndexOf(step.text, end - step.text.length);
    if (end < at) return -1;
  }
  return end;
}
