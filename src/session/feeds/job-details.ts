import { becameRunning, isTerminal, type CheckpointStatistics, type JobException, type JobOverview } from '../../flink/types.ts';
import { isAbort } from '../../support/problem.ts';
import type { FeedContext } from './context.ts';

/** The intervals of the feed that this belongs to. */
interface Tempo {
  readonly focused: boolean;
  readonly tempoMs: number;
}

export interface JobDetails {
  /** Requests what is due for these jobs, unless requests are under way. */
  kick(jobs: readonly JobOverview[]): void;
  /** Makes everything due again. */
  forgetAges(): void;
  /** Resolves once no request is under way. */
  idle(): Promise<void>;
}

interface Known {
  readonly state: string;
  /** When the job or any task of it last changed, which every task does at a restart that no poll saw. */
  readonly lastModification: number;
  readonly at: number;
  readonly checkpoints: CheckpointStatistics | undefined;
  readonly restarts: number | undefined;
  readonly exceptions: readonly JobException[];
  /**
   * In how many more rounds to look for the reason of a restart: the server may report the restart before its exceptions, which it caches.
   */
  readonly owed: number;
}

/** Rounds to look for the reason of a restart. */
const reasonRounds = 6;
/**
 * The same if only some task changed: the count of restarts is up to ten seconds old (`metrics.fetcher.update-interval`, Flink 2.3),
 * exceptions three.
 */
const modifiedRounds = 2;

/** Jobs to request at the same time. */
const flights = 2;
const focusedPeriodMs = 5_000;
const unfocusedPeriodMs = 30_000;
/** How many exceptions of a job to keep; the server keeps 16 (`web.exception-history-size`). */
const exceptionsKept = 16;

const troubled = (state: string): boolean => state === 'FAILED' || state === 'FAILING' || state === 'RESTARTING';

/** In how many rounds to look for the reason of a restart, given the latest facts. */
function owedRounds(before: Known | undefined, { lastModification }: JobOverview, restarts: number | undefined): number {
  if ((restarts ?? 0) > (before?.restarts ?? 0)) return reasonRounds;
  const modified = before !== undefined && before.lastModification !== lastModification;
  return Math.max(before?.owed ?? 0, modified ? modifiedRounds : 0);
}

/** Checkpoints, restarts and exceptions of jobs: a few jobs each round, starting with those that changed. */
export function createJobDetails({ flink, queue, clock, signal }: FeedContext, tempo: () => Tempo): JobDetails {
  const known = new Map<string, Known>();
  let asking: Promise<void> | undefined;

  /** The answer, or the previous one: a failed part does not affect the others, and the next round asks again. */
  const orElse = async <T>(question: Promise<T>, before: T): Promise<T> => {
    try {
      return await question;
    } catch (error) {
      // The poll reports a lost connection; a job that is gone is missing from the next list.
      if (signal.aborted || isAbort(error)) throw error;
      return before;
    }
  };

  const ask = async (job: JobOverview): Promise<void> => {
    const { id, state } = job;
    const before = known.get(id);
    const call = { signal };
    const metrics = isTerminal(state) ? undefined : orElse(flink.jobMetrics(id, ['numRestarts'], call), undefined);
    const [checkpoints, numbers] = await Promise.all([orElse(flink.checkpoints(id, call), before?.checkpoints), metrics]);
    const restarts = numbers?.get('numRestarts') ?? before?.restarts;
    const owed = owedRounds(before, job, restarts);
    const held = before?.exceptions ?? [];
    const asks = before === undefined || troubled(state) || owed > 0;
    const exceptions = asks ? (await orElse(flink.exceptions(id, call), held)).slice(0, exceptionsKept) : held;
    // A job that never failed has been running since its start.
    const runsAgain = state === 'RUNNING' && asks && ((restarts ?? 0) > 0 || exceptions.length > 0);
    const runningSince = runsAgain ? await orElse(flink.job(id, call).then(becameRunning), undefined) : undefined;
    const explained = exceptions[0]?.at !== held[0]?.at;
    known.set(id, {
      state,
      lastModification: job.lastModification,
      at: clock.monotonic(),
      checkpoints,
      restarts,
      exceptions,
      owed: explained ? 0 : Math.max(0, owed - 1),
    });
    queue.tell({ kind: 'job-details', at: clock.now(), jobId: id, checkpoints, restarts, runningSince, exceptions });
  };

  const due = (jobs: readonly JobOverview[]): readonly JobOverview[] => {
    const { focused, tempoMs } = tempo();
    const period = focused ? Math.max(tempoMs, focusedPeriodMs) : unfocusedPeriodMs;
    const now = clock.monotonic();
    const rank = (job: JobOverview): number => {
      const entry = known.get(job.id);
      if (entry === undefined || entry.state !== job.state || entry.lastModification !== job.lastModification)
        return Number.POSITIVE_INFINITY;
      return isTerminal(job.state) ? 0 : now - entry.at;
    };
    const waiting = jobs.map((job) => ({ job, age: rank(job) })).filter(({ age }) => age >= period);
    waiting.sort((a, b) => (a.age === b.age ? 0 : b.age - a.age));
    return waiting.slice(0, Math.max(4, Math.ceil(jobs.length / 10))).map(({ job }) => job);
  };

  const askAll = async (jobs: JobOverview[]): Promise<void> => {
    const one = async (): Promise<void> => {
      for (let job = jobs.shift(); job !== undefined && !signal.aborted; job = jobs.shift()) await ask(job);
    };
    try {
      await Promise.all(Array.from({ length: flights }, one));
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) throw error;
    } finally {
      asking = undefined;
    }
  };

  return {
    kick(jobs) {
      const ids = new Set(jobs.map(({ id }) => id));
      for (const id of known.keys()) if (!ids.has(id)) known.delete(id);
      const next = due(jobs);
      if (next.length > 0 && asking === undefined) asking = askAll([...next]);
    },
    forgetAges() {
      for (const [id, entry] of known) known.set(id, { ...entry, at: Number.NEGATIVE_INFINITY });
    },
    idle: async () => asking,
  };
}
