import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { savepointFinder } from '../../src/cluster/endpoint/savepoint-files.ts';
import { Problem } from '../../src/support/problem.ts';
import { fakeFlink, FakeClock } from '../support/fakes.ts';
import { aPod } from './objects.ts';
import type { FakeKubernetes } from './fake-kubernetes.ts';
import { HangingPods, ShellPods } from './shell-pods.ts';

const jobId = 'cf58271192024409aa436435401612ca';
const signal = new AbortController().signal;

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'drey save points-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** A savepoint whose `_metadata` was written so many seconds ago; undefined: it is not complete. */
function savepoint(name: string, ageSeconds: number | undefined): void {
  mkdirSync(join(folder, name));
  if (ageSeconds === undefined) return writeFileSync(join(folder, name, 'a-state-file'), '');
  const file = join(folder, name, '_metadata');
  writeFileSync(file, '');
  const at = Date.now() / 1_000 - ageSeconds;
  utimesSync(file, at, at);
}

/** Looks for a savepoint that was asked for 60 s ago, by a clock that is years away from that of the pod. */
function find(
  directory: string | undefined,
  configured: Readonly<Record<string, string>> = {},
  kubernetes: FakeKubernetes = new ShellPods([aPod('c1-a')]),
  clock = new FakeClock(),
) {
  const flink = fakeFlink({ clusterConfiguration: async () => new Map(Object.entries(configured)) });
  return savepointFinder({ kubernetes, flink, clusterId: 'c1', namespace: 'default', clock })(
    { jobId, directory, since: clock.now() - 60_000 },
    signal,
  );
}

test('the first complete savepoint of the job since it was asked for, in the directory of the request', async () => {
  savepoint('savepoint-cf5827-0ldest000000', 600);
  savepoint('savepoint-cf5827-mine00000000', 30);
  savepoint('savepoint-cf5827-later0000000', 10);
  savepoint('savepoint-cf5827-unfinished00', undefined);
  savepoint('savepoint-ab5827-0ther0000000', 40);
  const kubernetes = new ShellPods([aPod('c1-a')]);
  const mine = { state: 'found', path: `file:${folder}/savepoint-cf5827-mine00000000` };
  expect(await find(`file://${folder}/`, {}, kubernetes)).toEqual(mine);
  expect(kubernetes.ran).toMatchObject([{ namespace: 'default', pod: 'c1-a', container: 'flink-main-container' }]);
  expect(await find(folder)).toEqual(mine);
  expect(await find(`file:${folder}`)).toEqual(mine);
});

test.each(['execution.checkpointing.savepoint-dir', 'state.savepoints.dir'])('in the directory of %s where none was named', async (key) => {
  savepoint('savepoint-cf5827-mine00000000', 30);
  expect(await find(undefined, { [key]: `file://${folder}` })).toMatchObject({ state: 'found' });
});

test.each([
  ['empty', () => undefined],
  ['full of older ones', () => savepoint('savepoint-cf5827-0ldest000000', 65)],
  ['not there', () => rmSync(folder, { recursive: true })],
])('a directory that is %s holds none', async (_, prepare) => {
  prepare();
  expect(await find(`file://${folder}`)).toEqual({ state: 'none', reason: `file://${folder} in pod c1-a holds no complete one either.` });
  mkdirSync(folder, { recursive: true });
});

test('what cannot be looked at is reported, and why', async () => {
  expect(await find('s3://bucket/savepoints')).toEqual({ state: 'unseen', reason: 's3://bucket/savepoints cannot be read from here.' });
  expect(await find(undefined)).toEqual({ state: 'unseen', reason: 'The cluster has no savepoint directory to look in.' });
  expect(await find(folder, {}, new ShellPods())).toMatchObject({
    state: 'unseen',
    reason: expect.stringMatching(/^The savepoint directory could not be read: .*no JobManager pod/),
  });
  const refused = new ShellPods([aPod('c1-a')]);
  refused.exec = async () => {
    throw new Problem('forbidden', 'forbidden: create pods/exec in namespace default.');
  };
  expect(await find(folder, {}, refused)).toEqual({
    state: 'unseen',
    reason: 'The savepoint directory could not be read: forbidden: create pods/exec in namespace default.',
  });
  const bare = new ShellPods([aPod('c1-a')]);
  bare.exec = async ({ onStderr }) => {
    onStderr?.(Buffer.from('sh: not found\n'));
    return 127;
  };
  expect(await find(folder, {}, bare)).toEqual({ state: 'unseen', reason: `${folder} could not be read in pod c1-a: sh: not found.` });
});

test('a disk that does not answer is not waited for for ever', async () => {
  const hanging = new HangingPods([aPod('c1-a')]);
  const clock = new FakeClock();
  const finding = find(folder, {}, hanging, clock);
  await hanging.began;
  await clock.advance(30_000);
  expect(await finding).toEqual({ state: 'unseen', reason: 'The savepoint directory could not be read: no answer within 30 s.' });
});

test('a defect is not hidden', async () => {
  const broken = new ShellPods([aPod('c1-a')]);
  broken.exec = async () => {
    throw new TypeError('a defect');
  };
  await expect(find(folder, {}, broken)).rejects.toThrow('a defect');
});
