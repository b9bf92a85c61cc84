export interface Crash {
  /** The most telling line: the innermost cause, a refusal, the last error. Undefined if the log has none. */
  readonly reason: string | undefined;
  /** The error that ended the process, with its causes; empty: none was found. */
  readonly whole: string;
  /** The end of the log, oldest first. */
  readonly lastLines: readonly string[];
}

const shownLines = 10;
/** The limit for a log line in a message. */
const longestReason = 400;

const isRefusal = (line: string): boolean => /is forbidden: User|Forbidden!/.test(line);
const isCause = (line: string): boolean => line.startsWith('Caused by: ');
const isError = (line: string): boolean => /\b(ERROR|FATAL)\b|OutOfMemoryError|^Exception in thread/.test(line);
/**
 * The process logs why it ends. Complaints of its threads follow from that, such as about classes that are unloaded while in use. Source:
 * `ClusterEntrypoint`, `TaskManagerRunner`, Flink 2.3.
 */
const isEnd = (line: string): boolean =>
  /\bERROR\b.* - (?:Could not start cluster entrypoint|Fatal error occurred in the cluster entrypoint|Fatal error occurred while executing the TaskManager|TaskManager initialization failed)/.test(
    line,
  );
/** The exception that a logged line is about stands below it; it says more than the line. */
const isException = (line: string): boolean => /^(?:[a-z_][\w$]*\.)+[A-Z][\w$]*(?::|$)/.test(line);
const isLogged = (line: string): boolean => /\b(TRACE|DEBUG|INFO|WARN)\b/.test(line);
const isComplaint = (line: string): boolean =>
  /exiting|error|fail|not found|not exist|no such|denied|refused|cannot|could not|unable|invalid|usage:/i.test(line);

/** The reason for the end of a process, from its log. Pure. */
export function wordsOf(log: readonly string[]): Crash {
  const lines = log.map((line) => line.trimEnd()).filter((line) => line !== '');
  const last = lastError(lines);
  const refusal = last.findLast(isRefusal) ?? lines.findLast(isRefusal);
  const reason = refusal ?? last.findLast(isCause) ?? last.find(isException) ?? last.find(isError) ?? lastWords(lines);
  const user = /User "(system:serviceaccount:([^":]+):([^":]+))" cannot (\w+) resource "(\w+)"/.exec(refusal ?? '');
  return {
    reason: user === null ? shortened(reason) : `the service account ${user[3]} of namespace ${user[2]} may not ${user[4]} ${user[5]}`,
    whole: last.join('\n'),
    lastLines: lines.slice(-shownLines),
  };
}

/** The error that ended the process, otherwise the last one, with its causes; earlier errors are unrelated. */
function lastError(lines: readonly string[]): readonly string[] {
  const end = lines.findLastIndex(isEnd);
  if (end === -1) return lines.slice(Math.max(0, lines.findLastIndex(isError)));
  const next = lines.findIndex((line, index) => index > end && (isLogged(line) || /\b(?:ERROR|FATAL)\b/.test(line)));
  return lines.slice(end, next === -1 ? undefined : next);
}

/**
 * The last line of a program that does not log with levels, such as a shell: `Plugin x.jar does not exist. Exiting.` The entrypoint of
 * Flink's image writes such lines before the JVM starts; later, a line without a level does not explain the end.
 */
function lastWords(lines: readonly string[]): string | undefined {
  const line = lines.at(-1);
  return line === undefined || !isComplaint(line) || lines.some(isLogged) ? undefined : line;
}

/** The message without time, level and class, short enough for a sentence. */
function shortened(line: string | undefined): string | undefined {
  const text = line
    ?.replace(/^Caused by: /, '')
    .replace(/^\S+ \S+ (ERROR|FATAL) +\S+ +\[\] - /, '')
    .replace(/\.$/, '');
  return text === undefined || text.length <= longestReason ? text : `${text.slice(0, longestReason)}…`;
}
