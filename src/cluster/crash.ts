import type { KubernetesClient } from '../kubernetes/types.ts';
import { isAbort } from '../support/problem.ts';
import { MAIN_CONTAINER } from './objects.ts';

export interface Crash {
  /** The line that says most: the innermost cause, a refusal, the last error. Undefined when the log says nothing. */
  readonly reason: string | undefined;
  /** What to try, where the reason is a known one. */
  readonly hint: string | undefined;
  /** The end of the log, oldest first. */
  readonly lastLines: readonly string[];
}

const wantedLines = 400;
const shownLines = 10;
/** Longer lines of a log are cut for a message. */
const longestReason = 400;

/** The end of the log of a container that ended, and what it says. Nothing when the log cannot be read: the exit code is told elsewhere. */
export async function readCrash(
  kubernetes: Pick<KubernetesClient, 'followLog'>,
  pod: { readonly namespace: string; readonly name: string; readonly container?: string; readonly previous: boolean },
  signal: AbortSignal,
): Promise<Crash> {
  const lines: string[] = [];
  try {
    await kubernetes.followLog(
      { namespace: pod.namespace, pod: pod.name, container: pod.container ?? MAIN_CONTAINER, previous: pod.previous, tailLines: wantedLines, follow: false },
      { lines: (batch) => lines.push(...batch.map(({ bytes, from, to }) => Buffer.from(bytes.subarray(from, to)).toString('utf8'))), status: () => undefined },
      signal,
    );
  } catch (error) {
    // A log that is gone or forbidden leaves the crash without words.
    if (isAbort(error)) throw error;
  }
  return wordsOf(lines);
}

/** What a log says of the end of its process. Pure. */
export function wordsOf(log: readonly string[]): Crash {
  const lines = log.map((line) => line.trimEnd()).filter((line) => line !== '');
  const refusal = lines.findLast((line) => /is forbidden: User|Forbidden!/.test(line));
  const reason = refusal ?? lines.findLast((line) => line.startsWith('Caused by: ')) ?? lines.findLast((line) => /\b(ERROR|FATAL)\b|OutOfMemoryError|^Exception in thread/.test(line));
  const user = /User "(system:serviceaccount:([^":]+):([^":]+))" cannot (\w+) resource "(\w+)"/.exec(refusal ?? '');
  return {
    reason: user === null ? shortened(reason) : `the service account ${user[3]} of namespace ${user[2]} may not ${user[4]} ${user[5]}`,
    hint: user === null ? undefined : `drey doctor -n ${user[2]} shows the rights that it needs, and how to give them.`,
    lastLines: lines.slice(-shownLines),
  };
}

/** Without time, level and class, and short enough for a sentence. */
function shortened(line: string | undefined): string | undefined {
  const text = line?.replace(/^Caused by: /, '').replace(/^\S+ \S+ (ERROR|FATAL) +\S+ +\[\] - /, '');
  return text === undefined || text.length <= longestReason ? text : `${text.slice(0, longestReason)}…`;
}
