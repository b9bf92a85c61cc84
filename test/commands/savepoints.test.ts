import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SeenSavepoints } from '../../src/cluster/model/types.ts';
import type { Checkpoint, CheckpointStatistics } from '../../src/flink/types.ts';
import type { SeenFolder } from '../../src/inside/savepoint/judge.ts';
import { Problem } from '../../src/support/problem.ts';
import { fakeCluster, fakeFlink } from '../support/fakes.ts';
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

/** `lying`: what the savepoint directory of the cluster holds. */
function site(lying: SeenSavepoints = { state: 'unseen', reason: 's3://sp cannot be read from here.' }) {
  const looked: object[] = [];
  const at = desk({
    cluster: fakeCluster({
      async savepointsIn(wanted) {
        looked.push(wanted);
        return lying;
      },
    }),
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
  return { ...at, looked };
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

test('of a job without any it says so, and why nobody looked in the savepoint directory', async () => {
  const { says, front } = site();
  expect(await says('savepoints cars')).toBe('done');
  expect(front.views).toMatchObject([
    { text: ['No savepoint is known.', 'What lies in the savepoint directory is not known. s3://sp cannot be read from here.'], data: [] },
  ]);
});

const counter = readFileSync(join(import.meta.dirname, '../inside/savepoint/counter-canonical.metadata'));
const folder = (path: string, metadata: Buffer | undefined, writtenAt: number | undefined): SeenFolder => ({
  path,
  writtenAt,
  files: new Map(metadata === undefined ? [['state', 5]] : [['_metadata', metadata.length]]),
  filesCut: false,
  metadata,
});
const seen = (left: number, ...folders: readonly SeenFolder[]): SeenSavepoints => ({
  state: 'seen',
  directory: 'file:/sp',
  place: 'pod jm',
  folders,
  left,
});

test('savepoints DIR shows those that lie there, and why one is not whole', async () => {
  const { says, front, looked } = site(seen(7, folder('/sp/b', counter.subarray(0, 99), 9_000), folder('/sp/a', counter, 8_000)));
  expect(await says('savepoints file:/sp')).toBe('done');
  expect(looked).toEqual([{ directory: 'file:/sp' }]);
  expect(front.views).toMatchObject([
    {
      text: [
        'TAKEN                       SIZE  STATE   OPERATORS  KNOWN BY   PATH',
        '1970-01-01 00:00:09 +00:00     -  broken          -  directory  file:/sp/b',
        '1970-01-01 00:00:08 +00:00  5 kB  whole           3  directory  file:/sp/a',
        '',
        'file:/sp/b is broken. Its _metadata is damaged: it is cut, or a number in it is wrong.',
        'file:/sp holds 7 more, which are older and were not looked at.',
      ],
      data: [
        { path: 'file:/sp/b', state: 'broken', reason: 'Its _metadata is damaged: it is cut, or a number in it is wrong.' },
        { path: 'file:/sp/a', state: 'whole', kind: 'canonical savepoint', checkpointId: 83, operators: [{ uid: 'numbers' }, {}, {}] },
      ],
    },
  ]);
});

test('the only savepoint of a folder is shown with its operators', async () => {
  const { says, front } = site(seen(0, folder('/sp/a', counter, 8_000)));
  await says('savepoints /sp/a');
  expect(front.views.flatMap((view) => ('text' in view ? view.text.slice(3) : []))).toEqual([
    'OPERATOR         UID      STATE  PARALLELISM  MAX PARALLELISM  ID',
    'Source: numbers  numbers  546 B            2              128  ca88eee0095684d687a1b6495617f957',
    'count per key    count     5 kB            2              128  b71731f1c0df9c3076c4a455334d0ad6',
    'discard: Writer  discard    0 B            2              128  298755e8e632b439cafe5a0c747de7e1',
  ]);
});

test('savepoints JOB adds those that lie in the directory, each once, and says which are whole', async () => {
  const { says, front, looked } = site(
    seen(0, folder('/sp/savepoint-9f13c2-1', counter, 8_000), folder('/sp/savepoint-9f13c2-2', undefined, undefined)),
  );
  expect(await says('savepoints orders')).toBe('done');
  expect(looked).toEqual([{ directory: undefined, beginning: 'savepoint-9f13c2-' }]);
  expect(front.views).toMatchObject([
    {
      data: [
        { path: 'file:/sp/savepoint-9f13c2-1', jobName: 'orders', knownBy: 'directory', state: 'whole' },
        { path: 's3://sp/3', knownBy: 'flink' },
        { path: 's3://sp/1', knownBy: 'flink' },
        { path: 'file:/sp/savepoint-9f13c2-2', state: 'broken' },
      ],
    },
  ]);
});

test('a folder that cannot be read is an error with its reason, and an empty one holds none', async () => {
  expect(await site().says('savepoints s3://sp')).toBe('s3://sp cannot be read from here.');
  const { says, front } = site(seen(0));
  await says('savepoints /sp');
  expect(front.views).toMatchObject([{ text: ['/sp holds no savepoint (pod jm).'], data: [] }]);
});
