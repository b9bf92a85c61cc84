import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { savepointFolders } from '../../src/cluster/endpoint/savepoint-folders.ts';
import { Problem } from '../../src/support/problem.ts';
import { fakeFlink, FakeClock } from '../support/fakes.ts';
import { aPod } from './objects.ts';
import type { FakeKubernetes } from './fake-kubernetes.ts';
import { HangingPods, ShellPods } from './shell-pods.ts';

const signal = new AbortController().signal;

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "drey it's lying-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function savepoint(name: string, files: Readonly<Record<string, string>>, at: number): void {
  const own = join(folder, name);
  mkdirSync(own);
  for (const [file, content] of Object.entries(files)) {
    writeFileSync(join(own, file), content);
    utimesSync(join(own, file), at, at);
  }
  utimesSync(own, at, at);
}

const look = (
  wanted: { readonly directory?: string; readonly beginning?: string },
  configured: Readonly<Record<string, string>> = {},
  kubernetes: FakeKubernetes = new ShellPods([aPod('c1-a')]),
  clock = new FakeClock(),
) =>
  savepointFolders({
    kubernetes,
    flink: fakeFlink({ clusterConfiguration: async () => new Map(Object.entries(configured)) }),
    clusterId: 'c1',
    namespace: 'default',
    clock,
  })({ directory: undefined, ...wanted }, signal);

test('the savepoints and checkpoints of a folder, the newest first, with their files and the content of _metadata', async () => {
  savepoint('savepoint-cf5827-old', { _metadata: 'D not a line\nB\n', 'a state file': '12345' }, 1_000);
  savepoint('savepoint-cf5827-new', { 'a state file': '1' }, 2_000);
  savepoint('renamed by hand', { _metadata: '\u0000\u00ff' }, 1_500);
  savepoint('no savepoint', { 'a file': '1' }, 3_000);
  writeFileSync(join(folder, 'savepoint-a-file'), '');
  expect(await look({ directory: `file://${folder}/` })).toEqual({
    state: 'seen',
    directory: `file://${folder}/`,
    place: 'pod c1-a',
    left: 0,
    folders: [
      {
        path: `${folder}/savepoint-cf5827-new`,
        writtenAt: undefined,
        files: new Map([['a state file', 1]]),
        filesCut: false,
        metadata: undefined,
      },
      {
        path: `${folder}/renamed by hand`,
        writtenAt: 1_500_000,
        files: new Map([['_metadata', 3]]),
        filesCut: false,
        metadata: Buffer.from('\u0000\u00ff'),
      },
      {
        path: `${folder}/savepoint-cf5827-old`,
        writtenAt: 1_000_000,
        files: new Map([
          ['_metadata', 15],
          ['a state file', 5],
        ]),
        filesCut: false,
        metadata: Buffer.from('D not a line\nB\n'),
      },
    ],
  });
});

test('those of one job in the savepoint directory of the cluster', async () => {
  savepoint('savepoint-cf5827-mine', { _metadata: 'x' }, 1_000);
  savepoint('savepoint-ab5827-other', { _metadata: 'x' }, 1_000);
  const found = await look({ beginning: 'savepoint-cf5827-' }, { 'execution.checkpointing.savepoint-dir': `file://${folder}` });
  expect(found).toMatchObject({ state: 'seen', folders: [{ path: `${folder}/savepoint-cf5827-mine` }] });
});

test('the folder of one savepoint is that savepoint', async () => {
  savepoint('savepoint-1', { _metadata: 'x' }, 1_000);
  expect(await look({ directory: join(folder, 'savepoint-1') })).toMatchObject({
    folders: [{ path: join(folder, 'savepoint-1'), metadata: Buffer.from('x') }],
  });
});

test('of very many the newest hundred are looked at, and the others are counted', async () => {
  for (let number = 0; number < 103; number += 1) savepoint(`savepoint-${number}`, { _metadata: 'x' }, 1_000 + number);
  const found = await look({ directory: folder });
  expect(found).toMatchObject({ left: 3 });
  expect(found.state === 'seen' && [found.folders.length, found.folders[0]?.path]).toEqual([100, join(folder, 'savepoint-102')]);
});

test('a _metadata that is too large is not read', async () => {
  savepoint('savepoint-1', { _metadata: 'x'.repeat(16 * 2 ** 20 + 1) }, 1_000);
  expect(await look({ directory: folder })).toMatchObject({
    folders: [{ metadata: undefined, files: new Map([['_metadata', 16 * 2 ** 20 + 1]]) }],
  });
});

test('what the pod cannot read is read on this machine if it is there', async () => {
  savepoint('savepoint-1', { _metadata: 'x' }, 1_000);
  const refused = new ShellPods([aPod('c1-a')]);
  refused.exec = async () => {
    throw new Problem('forbidden', 'forbidden: create pods/exec in namespace default.');
  };
  expect(await look({ directory: folder }, {}, refused)).toMatchObject({
    place: 'this machine',
    folders: [{ path: join(folder, 'savepoint-1') }],
  });
  rmSync(folder, { recursive: true });
  expect(await look({ directory: folder }, {}, refused)).toEqual({
    state: 'unseen',
    reason: `${folder} could not be read in the JobManager's pod: forbidden: create pods/exec in namespace default.`,
  });
  expect(await look({ directory: folder })).toEqual({
    state: 'unseen',
    reason: `${folder} could not be read in pod c1-a: there is no such folder.`,
  });
});

test('a listing that was cut, or that a shell could not make, is not taken for a whole one', async () => {
  rmSync(folder, { recursive: true });
  for (const [code, said, reason] of [
    [0, 'D savepoint-1\nF 1 ./savepoint-1/_metadata\n', 'the shell ended with 0 before it had listed all'],
    [127, '', 'exec: "cd": executable file not found'],
  ] as const) {
    const pods = new ShellPods([aPod('c1-a')]);
    pods.exec = async ({ onStdout, onStderr }) => {
      onStdout?.(Buffer.from(said));
      if (code !== 0) onStderr?.(Buffer.from('exec: "cd": executable file not found\nexec: "look": executable file not found\n'));
      return code;
    };
    expect(await look({ directory: folder }, {}, pods)).toEqual({
      state: 'unseen',
      reason: `${folder} could not be read in pod c1-a: ${reason}.`,
    });
  }
});

test('what no pod has as a folder is not looked for', async () => {
  expect(await look({ directory: 's3://bucket/savepoints' })).toEqual({
    state: 'unseen',
    reason: 's3://bucket/savepoints cannot be read from here: it is not a folder of a file system that a pod has.',
  });
  expect(await look({ directory: '/savepoints' }, { 'fs.default-scheme': 's3://bucket' })).toMatchObject({ state: 'unseen' });
  expect(await look({})).toEqual({ state: 'unseen', reason: 'The cluster has no savepoint directory.' });
});

test('a disk that does not answer is not waited for for ever', async () => {
  const hanging = new HangingPods([aPod('c1-a')]);
  const clock = new FakeClock();
  const finding = look({ directory: folder }, {}, hanging, clock);
  await hanging.began;
  await clock.advance(30_000);
  expect(await finding).toEqual({ state: 'unseen', reason: `${folder} could not be read: no answer within 30 s.` });
});
