import { randomUUID } from 'node:crypto';
import { awaitCheckpoint, awaitSavepoint, type Watching } from '../flink/async-operation.ts';
import { resultIsGone, resultIsLost, type SavepointFinder } from '../flink/savepoint-recovery.ts';
import type { FlinkClient } from '../flink/types.ts';
import type { Clock } from '../support/clock.ts';
import { isAbort, Problem, sentence } from '../support/problem.ts';
import { timelineEntry } from './draft.ts';
import { idPrefix } from './job-words.ts';
import type { Journal, JournalCluster, JournalEntry } from './journal.ts';
import { openRecord } from './operation-record.ts';
import type { RestartNote, TriggerNote } from './resume-note.ts';
import type { Change, Operation, Operations, SessionStore, Target } from './types.ts';

export interface CreateOperations {
  readonly store: SessionStore;
  readonly journal: Journal;
  readonly clock: Clock;
  /** Aborts when the session ends: running operations then continue in the cluster, and the journal keeps them. */
  readonly signal: AbortSignal;
  readonly target: Target;
  /** Uid of the Deployment. */
  readonly uid?: string | undefined;
}

/** Background work of a session. */
export function createOperations({ store, journal, clock, signal, target, uid }: CreateOperations): Operations {
  const cluster: JournalCluster = { server: target.server, namespace: target.namespace, clusterId: target.clusterId, uid };
  return {
    async track({ title, kind, jobId, resume, id = randomUUID() }, work) {
      const record = openRecord(
        { store, journal, clock },
        cluster,
        {
          id,
          title,
          kind,
          jobId,
          startedAt: clock.now(),
          endedAt: undefined,
          state: 'running',
          progress: undefined,
          result: undefined,
        },
        resume,
      );
      try {
        const { value, result } = await work({ progress: record.progress, note: record.note, unsent: record.unsent }, signal);
        record.end('succeeded', result);
        return value;
      } catch (error) {
        if (!signal.aborted)
          record.end(
            isKnown(error, record.noted()) ? 'failed' : resultIsGone(error) ? 'given-up' : 'unknown',
            isAbort(error) ? 'ended before it was done' : sentence(error),
          );
        else if (record.isUnsent()) record.end('unsent', 'not sent: drey was left before it asked Flink');
        throw error;
      }
    },
    savepoints() {
      return journal.read(target, uid).entries.flatMap(({ operation, note }) => {
        const path = note.what === 'restart' ? note.savepoint : keepsPath(operation) ? operation.result : undefined;
        return path === undefined ? [] : [{ path, jobId: note.jobId, at: operation.endedAt ?? operation.startedAt }];
      });
    },
    restarts() {
      const { entries } = journal.read(target, uid);
      return entries
        .flatMap(({ operation, note }) => (note.what === 'restart' && operation.state !== 'succeeded' ? [{ operation, note }] : []))
        .toReversed();
    },
  };
}

/**
 * True if the outcome is known. A connection that was lost after the trigger proves nothing about the operation, and neither does a new
 * JobManager.
 */
function isKnown(error: unknown, noted: boolean): boolean {
  return !(
    noted &&
    error instanceof Problem &&
    (error.kind === 'unreachable' || error.kind === 'unavailable' || error.kind === 'protocol' || resultIsLost(error))
  );
}

const keepsPath = ({ kind, state }: Operation): boolean => state === 'succeeded' && (kind === 'savepoint' || kind === 'stop-job');

export interface ResumeOperations {
  readonly store: SessionStore;
  readonly journal: Journal;
  readonly flink: FlinkClient;
  readonly findSavepoint?: SavepointFinder;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly target: Target;
  /** Uid of the Deployment, if it is known. */
  readonly uid?: string | undefined;
}

/** How many finished operations of earlier sessions to show. */
const shownPast = 20;
/** After this time, drey no longer looks for the result of an operation. */
const patienceMs = 24 * 60 * 60_000;

/**
 * Shows this cluster's operations from the journal, and looks for the results of those that were running when drey was left: by trigger id,
 * and if the server forgot that, in the job's checkpoint statistics and with `findSavepoint`. Resolves once none is open any more; never
 * rejects.
 */
export async function resumeOperations(tools: ResumeOperations): Promise<void> {
  const { store, journal, clock, target, uid } = tools;
  const { entries, broken } = journal.read(target, uid);
  for (const path of broken) {
    store.tell([
      {
        kind: 'timeline',
        at: clock.now(),
        line: timelineEntry(clock.now(), 'drey', 'warn', undefined, `an entry of the journal cannot be read and was put aside: ${path}`),
      },
    ]);
  }
  const past = entries.filter(({ operation }) => operation.state !== 'running').slice(-shownPast);
  store.tell(past.map(({ operation }) => ({ kind: 'operation', at: clock.now(), operation })));
  const open = entries.filter(({ operation }) => operation.state === 'running');
  store.tell(open.flatMap(({ operation, note }) => (note.what === 'restart' ? [leftRestart(operation, note, clock)] : [])));
  await Promise.all(open.flatMap(({ note, ...entry }) => (note.what === 'restart' ? [] : [resume(tools, { ...entry, note })])));
}

/** Nothing is stopped or started without being asked for: the user says whether it goes on. */
const leftRestart = (operation: Operation, { jobId, savepoint }: RestartNote, clock: Clock): Change => ({
  kind: 'operation',
  at: clock.now(),
  operation: {
    ...operation,
    state: 'unknown',
    result: `not done yet${savepoint === undefined ? '' : `, its savepoint is ${savepoint}`}; resume ${idPrefix(jobId)} continues it`,
  },
});

async function resume(
  { store, journal, flink, findSavepoint, clock, signal }: ResumeOperations,
  { cluster, operation, note }: JournalEntry & { readonly note: TriggerNote },
): Promise<void> {
  const record = openRecord({ store, journal, clock }, cluster, { ...operation, progress: 'looking for its result' }, note);
  const watching: Watching = {
    clock,
    signal,
    findSavepoint,
    onProgress: ({ acknowledged, subtasks }) => record.progress(`${acknowledged}/${subtasks} subtasks`),
    onTrouble: (problem) =>
      record.progress(problem === undefined ? 'looking for its result' : `no answer, asking again: ${problem.message}`),
  };
  const { jobId, triggerId, what, lastCheckpointId, directory } = note;
  try {
    if (what === 'checkpoint') {
      const { checkpointId } = await awaitCheckpoint(flink, { jobId, triggerId }, watching);
      record.end('succeeded', String(checkpointId));
    } else {
      const { path } = await awaitSavepoint(
        flink,
        { jobId, triggerId, mark: { lastCheckpointId, triggeredAt: operation.startedAt }, directory, endsJob: what === 'stop-job' },
        watching,
      );
      record.end('succeeded', path);
    }
  } catch (error) {
    if (signal.aborted || isAbort(error)) return;
    const notFound = error instanceof Problem && (error.kind !== 'failed' || resultIsLost(error));
    const useless = resultIsGone(error) || clock.now() - operation.startedAt > patienceMs;
    record.end(notFound ? (useless ? 'given-up' : 'unknown') : 'failed', sentence(error));
  }
}
