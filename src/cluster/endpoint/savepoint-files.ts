import { flinkConfig } from '../../config/flink-config.ts';
import { savepointDirectory } from '../../config/options/options-cluster.ts';
import type { SavepointFinder } from '../../flink/savepoint-recovery.ts';
import type { FlinkClient } from '../../flink/types.ts';
import { timeLimit } from '../../support/waiting.ts';
import type { Clock } from '../../support/clock.ts';
import { isAbort, Problem } from '../../support/problem.ts';
import { localFolder, type PodShell, runInJobManager } from './pod-shell.ts';

export interface SavepointFilesOptions extends PodShell {
  readonly flink: Pick<FlinkClient, 'clusterConfiguration'>;
  readonly clock: Clock;
}

/** A lost disk may make a shell hang forever. */
const lookMs = 30_000;
/** How many seconds the clocks of a pod and of the disk may differ. */
const roundingSeconds = 1;

/**
 * Prints, for each complete savepoint, when its last file was written, in seconds since the epoch, and that file; then the current time
 * there.
 */
const script = 'for file in "$1"/"$2"*/_metadata; do [ -f "$file" ] && stat -c "%Y %n" "$file"; done; date +%s';

/**
 * Looks for a savepoint in its directory, through a JobManager pod that has it as a file system (`file:`): if the JobManager was replaced,
 * nothing else knows of it. A savepoint is complete if it holds a file `_metadata`; its folder is named `savepoint-<6 digits of the job
 * id>-…`. Source: `AbstractFsCheckpointStorageAccess.initializeLocationForSavepoint`, Flink 2.3.
 */
export function savepointFinder({ flink, clock, ...shell }: SavepointFilesOptions): SavepointFinder {
  return async ({ jobId, directory: asked, since }, given) => {
    using limit = timeLimit(lookMs, given, clock);
    const { signal } = limit;
    try {
      const directory = asked ?? flinkConfig(await flink.clusterConfiguration({ signal })).get(savepointDirectory);
      if (directory === undefined) return { state: 'unseen', reason: 'The cluster has no savepoint directory to look in.' };
      const folder = localFolder(directory);
      if (folder === undefined) return { state: 'unseen', reason: `${directory} cannot be read from here.` };
      const { pod, code, output, errors } = await runInJobManager(shell, script, [folder, `savepoint-${jobId.slice(0, 6)}-`], signal);
      if (code !== 0)
        return {
          state: 'unseen',
          reason: `${directory} could not be read in pod ${pod}: ${errors || `the shell ended with ${code}`}.`,
        };
      const path = oldest(output, (clock.now() - since) / 1_000);
      return path === undefined
        ? { state: 'none', reason: `${directory} in pod ${pod} holds no complete one either.` }
        : { state: 'found', path: `file:${path}` };
    } catch (error) {
      given.throwIfAborted();
      if (isAbort(error))
        return { state: 'unseen', reason: `The savepoint directory could not be read: no answer within ${lookMs / 1_000} s.` };
      if (!(error instanceof Problem)) throw error;
      return { state: 'unseen', reason: `The savepoint directory could not be read: ${error.message}` };
    }
  };
}

/** The folder of the first savepoint that is at most `age` seconds old, by the clock of the pod, which may differ from this machine's. */
function oldest(output: string, age: number): string | undefined {
  const lines = output.split('\n');
  const now = Number(lines.pop());
  const found = lines.flatMap((line) => {
    const [, at, folder] = /^(\d+) (.+)\/_metadata$/.exec(line) ?? [];
    return at === undefined || folder === undefined ? [] : [{ age: now - Number(at), folder }];
  });
  return found.filter((each) => each.age <= age + roundingSeconds).toSorted((a, b) => b.age - a.age)[0]?.folder;
}
