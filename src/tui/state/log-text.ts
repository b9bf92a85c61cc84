import type { ViewLine } from '../../session/types.ts';
import { formatStamp } from '../../support/format.ts';
import { plain } from '../../support/text-width.ts';

/**
 * The head that Flink's default layouts write before a message. Source: conf/log4j-console.properties and logback-console.xml, Flink 2.3.
 */
const layoutHead =
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[,.]\d{3}\s+(?:\[[^\]]*\]\s+)?(TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\s+(\S+)\s+(?:\[[^\]]*\]\s*)?-\s+/;
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

/** `raw`: as it was written. */
export function readLine(line: ViewLine, raw: boolean): ReadLine {
  const match = raw ? null : layoutHead.exec(line.text);
  if (match === null) return { level: '', message: line.text.trimEnd(), continued: !raw && line.level !== undefined };
  return { level: match[1] ?? '', message: line.text.slice(match[0].length).trimEnd(), continued: false };
}

/** Long ids shortened to the part that people use: `9f13c2…` is enough to recognise one. */
export const shortIds = (message: string): string => (message.length < 32 ? message : message.replace(longId, '$1'));

/** The text of a line for filters and searches: its displayed columns, with full ids. */
export function shownText(line: ViewLine, raw: boolean, nameOf: (pod: string) => string): string {
  if (line.timeline !== undefined) return `${formatStamp(line.at)} ${line.timeline.from} ${line.timeline.text}`;
  const name = line.pod === undefined ? '' : nameOf(line.pod);
  if (raw) return `${name} ${plain(line.text)}`;
  const { level, message } = readLine(line, false);
  return `${formatStamp(line.at)} ${name} ${level === '' ? '' : `${level} `}${plain(message)}`;
}

/** `jm`, `tm1-3`: the name of a pod next to its lines. */
export function briefName(shortName: string, severalJobManagers: boolean): string {
  const taskManager = /^taskmanager-(\d+-\d+)$/.exec(shortName);
  if (taskManager !== null) return `tm${taskManager[1]}`;
  if (shortName.startsWith('jobmanager')) return severalJobManagers ? `jm-${shortName.slice(-3)}` : 'jm';
  return shortName;
}
