import type { KubernetesClient } from '../../kubernetes/model/types.ts';
import { MAIN_CONTAINER } from '../../native/names.ts';
import { isAbort } from '../../support/problem.ts';

export interface Crash {
  /** The most telling line: the innermost cause, a refusal, the last error. Undefined if the log has none. */
  readonly reason: string | undefined;
  /** What to try, if the reason is known. */
  readonly hint: string | undefined;
  /** The end of the log, oldest first. */
  readonly lastLines: readonly string[];
}

const wantedLines = 400;
const shownLines = 10;
/** The limit for a log line in a message. */
const longestReason = 400;

/** A container whose log is read. */
export interface LoggedContainer {
  readonly namespace: string;
  readonly name: string;
  readonly container?: string | undefined;
  /** The run before the last restart. */
  readonly previous: boolean;
}

/**
 * The end of the log of a container that ended, and the reason in it. Empty if the log cannot be read: the exit code is reported elsewhere.
 */
export async function readCrash(
  kubernetes: Pick<KubernetesClient, 'followLog'>,
  pod: LoggedContainer,
  signal: AbortSignal,
): Promise<Crash> {
  return wordsOf(await readLogEnd(kubernetes, pod, wantedLines, signal));
}

/** The last lines of a log, oldest first; empty if it is gone or forbidden. */
export async function readLogEnd(
  kubernetes: Pick<KubernetesClient, 'followLog'>,
  pod: LoggedContainer,
  tailLines: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const lines: string[] = [];
  try {
    await kubernetes.followLog(
      {
        namespace: pod.namespace,
        pod: pod.name,
        container: pod.container ?? MAIN_CONTAINER,
        previous: pod.previous,
        tailLines,
        follow: false,
      },
      {
        lines: (batch) => void lines.push(...batch.map(({ bytes, from, to }) => Buffer.from(bytes.subarray(from, to)).toString('utf8'))),
        status: () => undefined,
      },
      signal,
    );
  } catch (error) {
    // If the log is gone or forbidden, the crash has no reason.
    if (isAbort(error)) throw error;
  }
  return lines;
}

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
const isLogged = (line: string): boolean => /\b(TRACE|DEBUG|INFO|WARN)\b/.test(line);
const isComplaint = (line: string): boolean =>
  /exiting|error|fail|not found|not exist|no such|denied|refused|cannot|could not|unable|invalid|usage:/i.test(line);

/** The reason for the end of a process, from its log. Pure. */
export function wordsOf(log: readonly string[]): Crash {
  const lines = log.map((line) => line.trimEnd()).filter((line) => line !== '');
  const last = lastError(lines);
  const refusal = last.findLast(isRefusal) ?? lines.findLast(isRefusal);
  const reason = refusal ?? last.findLast(isCause) ?? last.find(isError) ?? lastWords(lines);
  const user = /User "(system:serviceaccount:([^":]+):([^":]+))" cannot (\w+) resource "(\w+)"/.exec(refusal ?? '');
  return {
    reason: user === null ? shortened(reason) : `the service account ${user[3]} of namespace ${user[2]} may not ${user[4]} ${user[5]}`,
    hint: user === null ? undefined : `drey doctor -n ${user[2]} shows the rights that it needs, and how to grant them.`,
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
