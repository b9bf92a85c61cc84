import { type Crash, wordsOf } from '../../causes/last-words.ts';
import type { KubernetesClient } from '../../kubernetes/model/types.ts';
import { MAIN_CONTAINER } from '../../native/names.ts';
import { isAbort } from '../../support/problem.ts';

const wantedLines = 400;

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
