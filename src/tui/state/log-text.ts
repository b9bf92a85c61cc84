import { exceptionIn } from '../../inside/log/exception-line.ts';
import type { LogReader, ViewLine } from '../../session/types.ts';
import { formatStamp, type Zone } from '../../support/format.ts';
import { plain } from '../../support/text-width.ts';

const stackFrame = /^\s+at [\w.$<>/]|^\s*\.\.\. \d+ (?:more|common frames omitted)/;

export const isStackFrame = (line: ViewLine): boolean => line.timeline === undefined && stackFrame.test(line.text);

/** Names an exception and its reason: the essence of a stack trace. */
export const isReason = (line: ViewLine): boolean => line.timeline === undefined && exceptionIn(line.text) !== undefined;

/** A line of the log, split into its displayed columns. */
export interface ReadLine {
  /** The level as it was written; empty for a line without one. */
  readonly level: string;
  readonly message: string;
  /** It continues the previous entry. */
  readonly continued: boolean;
}

/** Undefined: lines are shown as they were written. */
export type Reader = LogReader | undefined;

export function readLine(line: ViewLine, reader: Reader): ReadLine {
  const entry = reader?.head(line.text);
  if (entry === undefined) return { level: '', message: line.text.trimEnd(), continued: reader !== undefined && line.level !== undefined };
  return { level: entry.level, message: entry.message.trimEnd(), continued: false };
}

/** What a line says in its column of messages. */
export function messageOf(line: ViewLine, reader: Reader): string {
  const { message } = readLine(line, reader);
  return reader === undefined ? message : reader.plainWords(message);
}

/** The text of a line for filters and searches: its displayed columns, and its message as it was written if that is another one. */
export function shownText(line: ViewLine, reader: Reader, nameOf: (pod: string) => string, zone: Zone): string {
  if (line.timeline !== undefined) return `${formatStamp(line.at, zone)} ${line.timeline.from} ${line.timeline.text}`;
  const name = line.pod === undefined ? '' : nameOf(line.pod);
  if (reader === undefined) return `${name} ${plain(line.text)}`;
  const { level, message } = readLine(line, reader);
  const shown = reader.plainWords(message);
  return `${formatStamp(line.at, zone)} ${name} ${level === '' ? '' : `${level} `}${plain(shown === message ? message : `${shown} ${message}`)}`;
}
