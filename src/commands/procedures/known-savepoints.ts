import type { Job } from '../../session/types.ts';
import type { Instant } from '../../support/clock.ts';
import { isAbort, Problem } from '../../support/problem.ts';
import type { CommandContext } from '../model/types.ts';

export interface KnownSavepoint {
  readonly path: string;
  readonly jobId: string;
  /** Undefined: the cluster does not know the job any more. */
  readonly jobName: string | undefined;
  readonly at: Instant;
  /** Undefined: unknown. */
  readonly sizeBytes: number | undefined;
  /** `flink`: in the statistics of its job; `journal`: taken from this machine, and Flink has forgotten it. */
  readonly knownBy: 'flink' | 'journal';
}

/** The savepoints of these jobs that Flink's statistics or the journal of this machine know, newest first; each path once. */
export async function knownSavepoints(
  { flink, operations, store, signal }: Pick<CommandContext, 'flink' | 'operations' | 'store' | 'signal'>,
  job: Job | undefined,
): Promise<readonly KnownSavepoint[]> {
  const all = store.get().jobs;
  const told = await Promise.all((job === undefined ? all : [job]).map((each) => ofJob(flink, each, signal)));
  const found = new Map<string, KnownSavepoint>(told.flat().map((each) => [each.path, each]));
  for (const { path, jobId, at } of operations.savepoints()) {
    if (found.has(path) || (job !== undefined && job.id !== jobId)) continue;
    const jobName = all.find(({ id }) => id === jobId)?.name;
    found.set(path, { path, jobId, jobName, at, sizeBytes: undefined, knownBy: 'journal' });
  }
  return [...found.values()].toSorted((a, b) => b.at - a.at);
}

async function ofJob(flink: CommandContext['flink'], { id, name }: Job, signal: AbortSignal): Promise<readonly KnownSavepoint[]> {
  try {
    const { history = [], latestSavepoint } = (await flink.checkpoints(id, { signal })) ?? {};
    return [...history, ...(latestSavepoint === undefined ? [] : [latestSavepoint])].flatMap((entry) =>
      entry.isSavepoint && entry.status === 'COMPLETED' && entry.path !== undefined
        ? [
            {
              path: entry.path,
              jobId: id,
              jobName: name,
              at: entry.endedAt ?? entry.triggeredAt,
              sizeBytes: entry.sizeBytes,
              knownBy: 'flink' as const,
            },
          ]
        : [],
    );
  } catch (error) {
    // A job that the cluster forgot in the meantime has no statistics; the others have.
    if (isAbort(error) || !(error instanceof Problem) || error.kind !== 'not-found') throw error;
    return [];
  }
}
