import { openJournal } from '../../src/session/journal.ts';
import { systemClock } from '../../src/support/clock.ts';

interface Journalled {
  readonly clusterId?: string;
  /** Id of the operation; one cluster may have several. */
  readonly id?: string;
  /** The path of the savepoint. */
  readonly result: string;
}

/** Adds a finished savepoint to the journal in this folder. */
export function journalled(folder: string, { clusterId = 'my-first-flink-cluster', id = clusterId, result }: Journalled): void {
  const at = systemClock.now();
  openJournal({ folder, clock: systemClock }).write({
    version: 1,
    cluster: { server: 'http://127.0.0.1:1', namespace: 'default', clusterId },
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
