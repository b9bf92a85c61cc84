import { expect, test } from 'vitest';
import type { Checkpoint, CheckpointStatistics } from '../../src/flink/types.ts';
import { Problem } from '../../src/support/problem.ts';
import { fakeFlink } from '../support/fakes.ts';
import { job } from '../support/pods-and-jobs.ts';
import { desk } from './desk.ts';

const orders = job({ name: 'orders', id: '9f13c2'.padEnd(32, '0') });
const cars = job({ name: 'cars', id: '4bd1c5'.padEnd(32, '1') });

const taken = (given: Partial<Checkpoint>): Checkpoint => ({
  id: 1,
  status: 'COMPLETED',
  isSavepoint: true,
  triggeredAt: 0,
  endedAt: 1_000,
  durationMs: 1,
  sizeBytes: 2_000_000,
  acknowledged: 1,
  subtasks: 1,
  path: 's3://sp/1',
  failure: undefined,
  ...given,
});
const statistics = (latestSavepoint: Checkpoint | undefined, ...history: readonly Checkpoint[]): CheckpointStatistics => ({
  restored: 0,
  completed: 1,
  failed: 0,
  inProgress: 0,
  latestCompleted: undefined,
  latestSavepoint,
  latestFailed: undefined,
  latestRestored: undefined,
  history,
});

function site() {
  const at = desk({
    flink: fakeFlink({
      async checkpoints(id) {
        if (id !== orders.id) throw new Problem('not-found', 'No such job.');
        return statistics(
          taken({}),
          taken({ id: 3, path: 's3://sp/3', endedAt: 3_000 }),
          taken({ id: 2, isSavepoint: false, path: 's3://chk/2' }),
          taken({ id: 4, status: 'FAILED', path: undefined }),
          taken({}),
        );
      },
    }),
  });
  at.store.jobs(orders, cars);
  return at;
}

test('savepoints shows those that are complete, the newest first and each once; checkpoints are not savepoints', async () => {
  const { says, front } = site();
  expect(await says('savepoints')).toBe('done');
  const [view] = front.views;
  expect(view).toMatchObject({
    kind: 'facts',
    data: [
      { path: 's3://sp/3', jobName: 'orders', at: '1970-01-01T00:00:03.000Z', sizeBytes: 2_000_000, knownBy: 'flink' },
      { path: 's3://sp/1' },
    ],
    text: [expect.stringMatching(/^TAKEN +JOB +ID +SIZE +KNOWN BY +PATH$/), expect.stringMatching(/s3:\/\/sp\/3$/), expect.anything()],
  });
});

test('of a job without any it says so', async () => {
  const { says, front } = site();
  expect(await says('savepoints cars')).toBe('done');
  expect(front.views).toMatchObject([{ text: ['No savepoint is known.'], data: [] }]);
});
