import type { LogView, ViewLine } from '../../session/types.ts';
import { formatStamp } from '../../support/format.ts';
import { plain } from '../../support/text-width.ts';

const stackFrame = /^\s+at [\w.$<>/]|^\s*\.\.\. \d+ (?:more|common frames omitted)/;
const reason = /^\s*(?:Caused by: |Suppressed: )?(?:[\w$]+\.)+[\w$]*(?:Exception|Error|Throwable|Failure)\b/;
/** Ids of jobs and, joined by `_`, of attempts: 16 bytes in hexadecimal digits. */
const longId = /(?<![0-9a-f])([0-9a-f]{6})[0-9a-f]{26}(?![0-9a-f])/g;

export const isStackFrame = (line: ViewLine): boolean => line.timeline === undefined && stackFrame.test(line.text);

/** Names an exception and its reason: the essence of a stack trace. */
export const isReason = (line: ViewLine): boolean => line.timeline === undefined && reason.test(line.text);

/** A line of the log, split into its displayed columns. */
export interface ReadLine {
  /** The level as it was written; empty for a line without one. */
  readonly level: string;
  readonly message: string;
  /** It continues the previous entry. */
  readonly continued: boolean;
}

/** How the first line of an entry is read, which the logs of a session know; undefined: lines are shown as they were written. */
export type Read = LogView['read'] | undefined;

export function readLine(line: ViewLine, read: Read): ReadLine {
  const entry = read?.(line.text);
  if (entry === undefined) return { level: '', message: line.text.trimEnd(), continued: read !== undefined && line.level !== undefined };
  return { level: entry.level, message: entry.message.trimEnd(), continued: false };
}

/** What a line says in its column of messages. */
export function messageOf(line: ViewLine, read: Read): string {
  const { message } = readLine(line, read);
  return read === undefined ? message : shortIds(message);
}

/** Long ids shortened to the part that people use: `9f13c2…` is enough to recognise one. */
export const shortIds = (message: string): string => (message.length < 32 ? message : message.replace(longId, '$1'));

/** The text of a line for filters and searches: its displayed columns, with full ids. */
export function shownText(line: ViewLine, read: Read, nameOf: (pod: string) => string): string {
  if (line.timeline !== undefined) return `${formatStamp(line.at)} ${line.timeline.from} ${line.timeline.text}`;
  const name = line.pod === undefined ? '' : nameOf(line.pod);
  if (read === undefined) return `${name} ${plain(line.text)}`;
  const { level, message } = readLine(line, read);
  return `${formatStamp(line.at)} ${name} ${level === '' ? '' : `${level} `}${plain(message)}`;
}
