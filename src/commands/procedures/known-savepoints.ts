import { judgeSavepoint, type LyingSavepoint } from '../../inside/savepoint/judge.ts';
import type { Job } from '../../session/types.ts';
import type { Instant } from '../../support/clock.ts';
import { isAbort, Problem } from '../../support/problem.ts';
import type { SeenSavepoints } from '../../cluster/model/types.ts';
import type { CommandContext } from '../model/types.ts';

export interface KnownSavepoint {
  readonly path: string;
  /** Undefined: only its folder is known. */
  readonly jobId: string | undefined;
  /** Undefined: the cluster does not know the job any more. */
  readonly jobName: string | undefined;
  /** Undefined: it was not completed. */
  readonly at: Instant | undefined;
  /** Undefined: unknown. */
  readonly sizeBytes: number | undefined;
  /** `flink`: in the statistics of its job; `journal`: taken from this machine, and Flink has forgotten it; `directory`: it lies there. */
  readonly knownBy: 'flink' | 'journal' | 'directory';
  /** What lies there; undefined: that was not looked at. */
  readonly lying: LyingSavepoint | undefined;
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
    found.set(path, { path, jobId, jobName, at, sizeBytes: undefined, knownBy: 'journal', lying: undefined });
  }
  return newestFirst([...found.values()]);
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
              lying: undefined,
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

/** Savepoints, and what there is to say about where they were looked for. */
export interface FoundSavepoints {
  readonly savepoints: readonly KnownSavepoint[];
  readonly remarks: readonly string[];
}

/** Those that lie in a directory. Rejects with the reason if it cannot be read. */
export async function lyingSavepoints(
  { cluster, signal }: Pick<CommandContext, 'cluster' | 'signal'>,
  directory: string,
): Promise<FoundSavepoints & { readonly place: string }> {
  const seen = await cluster.savepointsIn({ directory }, signal);
  if (seen.state === 'unseen') throw new Problem('unavailable', seen.reason);
  const savepoints = seen.folders.map((folder) => rowOf(judgeSavepoint(folder), undefined));
  return { savepoints: newestFirst(savepoints), remarks: remarksOf(seen), place: seen.place };
}

/** Those of a job that are known, and those that lie in the savepoint directory of the cluster under its id. */
export async function savepointsOfJob(
  context: Parameters<typeof knownSavepoints>[0] & Pick<CommandContext, 'cluster'>,
  job: Job,
): Promise<FoundSavepoints> {
  const known = await knownSavepoints(context, job);
  // Source of the name: `AbstractFsCheckpointStorageAccess.initializeLocationForSavepoint`, Flink 2.3.
  const seen = await context.cluster.savepointsIn({ directory: undefined, beginning: `savepoint-${job.id.slice(0, 6)}-` }, context.signal);
  if (seen.state === 'unseen') return { savepoints: known, remarks: [`What lies in the savepoint directory is not known. ${seen.reason}`] };
  const lying = new Map(seen.folders.map(judgeSavepoint).map((each) => [each.path, each]));
  const merged = known.map((each) => {
    const found = lying.get(each.path);
    lying.delete(each.path);
    return found === undefined ? each : { ...each, sizeBytes: each.sizeBytes ?? sizeOf(found), lying: found };
  });
  return { savepoints: newestFirst([...merged, ...[...lying.values()].map((each) => rowOf(each, job))]), remarks: remarksOf(seen) };
}

const sizeOf = ({ metadata }: LyingSavepoint): number | undefined =>
  metadata?.operators.reduce((sum, operator) => sum + operator.sizeBytes, 0);

function rowOf(lying: LyingSavepoint, job: Job | undefined): KnownSavepoint {
  return {
    path: lying.path,
    jobId: job?.id,
    jobName: job?.name,
    at: lying.writtenAt,
    sizeBytes: sizeOf(lying),
    knownBy: 'directory',
    lying,
  };
}

const newestFirst = (savepoints: readonly KnownSavepoint[]): readonly KnownSavepoint[] =>
  savepoints.toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0));

const remarksOf = ({ directory, left }: Extract<SeenSavepoints, { readonly state: 'seen' }>): readonly string[] =>
  left === 0 ? [] : [`${directory} holds ${left} more, which are older and were not looked at.`];
