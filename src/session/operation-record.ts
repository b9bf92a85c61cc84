import type { Clock } from '../support/clock.ts';
import { sentence } from '../support/problem.ts';
import { timelineEntry } from './draft.ts';
import type { Journal, JournalCluster, JournalEntry } from './journal.ts';
import type { ResumeNote } from './resume-note.ts';
import type { Operation, SessionStore } from './types.ts';

export interface OperationRecord {
  progress(text: string): void;
  note(note: ResumeNote): void;
  noted(): boolean;
  unsent(is: boolean): void;
  isUnsent(): boolean;
  /**
   * Ends the operation. If its outcome is unknown it stays in the journal, unless it is given up. One that was not sent has failed, and stays
   * there for the next session to say so.
   */
  end(state: EndState, result: string): void;
}

export interface RecordTools {
  readonly store: SessionStore;
  readonly journal: Journal;
  readonly clock: Clock;
}

type EndState = 'succeeded' | 'failed' | 'unsent' | 'unknown' | 'given-up';

const shownAs: Readonly<Record<EndState, Operation['state']>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  unsent: 'failed',
  unknown: 'unknown',
  'given-up': 'unknown',
};

/** There is a savepoint whose path would be lost, or a job that is stopped and not yet started again. */
const isWorthKeeping = (state: Exclude<EndState, 'unknown'>, note: ResumeNote): boolean =>
  state === 'unsent' || (note.what === 'restart' ? note.savepoint !== undefined : state === 'succeeded' && note.what !== 'checkpoint');

/** An entry of the operations list, and of the journal once it has a note. */
export function openRecord(
  { store, journal, clock }: RecordTools,
  cluster: JournalCluster,
  begin: Operation,
  resume: ResumeNote | undefined,
): OperationRecord {
  let operation = begin;
  let note = resume;
  const tell = (): void => store.tell([{ kind: 'operation', at: clock.now(), operation }]);
  const inJournal = (step: () => void): void => {
    try {
      step();
    } catch (error) {
      // The operation itself is more important than its note: it continues, and the user learns what is missing.
      store.tell([
        { kind: 'timeline', at: clock.now(), line: timelineEntry(clock.now(), 'drey', 'warn', operation.jobId, sentence(error)) },
      ]);
    }
  };
  const write = (): void => {
    if (note === undefined) return;
    const entry: JournalEntry = { version: 1, cluster, operation, note };
    inJournal(() => journal.write(entry));
  };
  tell();
  write();
  return {
    progress(text) {
      const progress = text === '' ? undefined : text;
      if (operation.state !== 'running' || operation.progress === progress) return;
      operation = { ...operation, progress };
      tell();
    },
    note(next) {
      note = next;
      write();
    },
    noted: () => note !== undefined,
    unsent(is) {
      operation = { ...operation, unsent: is };
      tell();
    },
    isUnsent: () => operation.unsent === true,
    end(state, result) {
      const { unsent: _over, ...rest } = operation;
      operation = { ...rest, state: shownAs[state], result, endedAt: clock.now(), progress: undefined };
      tell();
      const last = note;
      if (last === undefined) return;
      // Entries from which a path can still be found are kept: existing savepoints, and operations with an unknown outcome.
      if (state === 'unknown')
        inJournal(() =>
          journal.write({ version: 1, cluster, operation: { ...operation, state: 'running', endedAt: undefined }, note: last }),
        );
      else if (isWorthKeeping(state, last)) write();
      else inJournal(() => journal.remove(operation.id));
    },
  };
}
