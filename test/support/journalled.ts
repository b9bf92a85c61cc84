import { openJournal } from '../../src/session/journal.ts';
import { systemClock } from '../../src/support/clock.ts';

/** Writes into the journal in this folder that a savepoint was taken; where it lies in `result`. */
export function journalled(folder: string, { clusterId = 'my-first-flink-cluster', namespace = 'default', result = '' }): void {
  const at = systemClock.now();
  const id = `${clusterId}-${at}`;
  openJournal({ folder, clock: systemClock }).write({
    version: 1,
    cluster: { server: 'http://127.0.0.1:1', namespace, clusterId },
    operation: {
      id,
      title: 'Savepoint of orders-enrichment',
      kind: 'savepoint',
      jobId: undefined,
      startedAt: at,
      endedAt: at,
      state: 'succeeded',
      progress: undefined,
      result,
    },
    note: { jobId: '0'.repeat(32), triggerId: '0'.repeat(32), what: 'savepoint' },
  });
}
