import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openKept, recordedClusters } from '../../../src/session/recording/kept-recordings.ts';
import { openRecording } from '../../../src/session/recording/open-recording.ts';
import { recordingFolder, recordingsFolder } from '../../../src/session/recording/places.ts';
import { Recorder } from '../../../src/session/recording/recorder.ts';
import { createSessionStore } from '../../../src/session/store.ts';
import type { Target } from '../../../src/session/types.ts';
import { FakeClock, start as T } from '../../support/fake-clock.ts';
import { zip } from '../../support/jar.ts';
import { target } from '../build.ts';

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'drey-open-'));
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

const recordings = (): string => recordingsFolder(state);
const place = (of: Target = target): string => recordingFolder(recordings(), of);

/** A session that saw a number of TaskManagers; returns the folder of its changes. */
async function recorded(taskManagers: number, of: Target = target): Promise<string> {
  const clock = new FakeClock();
  const store = createSessionStore(of);
  await using _ = new Recorder({ store, folder: recordings(), cluster: of, clock, report: () => {} });
  await clock.advance(1_000);
  const overview = { taskManagers, slotsTotal: 4, slotsAvailable: 0, flinkVersion: '2.3.0', flinkCommit: undefined };
  store.tell([{ kind: 'overview', at: clock.now(), overview }]);
  return place(of);
}

const fileIn = (folder: string): string => join(folder, readdirSync(folder).find((name) => name.endsWith('.log')) ?? '');

/** A bundle as it is written: the files of the recorder as they are on disk. */
function bundle(folder: string | undefined, manifest: unknown = { format: 1 }): string {
  const files =
    folder === undefined ? [] : readdirSync(folder).map((name) => [`recording/${name}`, readFileSync(join(folder, name))] as const);
  return written(zip({ 'bundle.json': JSON.stringify(manifest), ...Object.fromEntries(files), '../escaped': 'x', 'card.md': '# card' }));
}

function written(bytes: string | Buffer): string {
  const path = join(state, 'some.zip');
  writeFileSync(path, bytes);
  return path;
}

/** What is seen of its last moment. */
async function seen(path: string): Promise<readonly unknown[]> {
  await using recording = await openRecording(path);
  return [recording.last.session.overview?.taskManagers, recording.last.recordedAt];
}

test.each([
  ['the folder of a cluster', (folder: string) => dirname(folder)],
  ['the folder of its changes', (folder: string) => folder],
  [
    'a copy of them elsewhere',
    (folder: string) => {
      cpSync(folder, join(state, 'copy'), { recursive: true });
      return join(state, 'copy');
    },
  ],
  ['a bundle', (folder: string) => bundle(folder)],
  [
    'an unpacked bundle',
    (folder: string) => {
      cpSync(folder, join(state, 'unpacked/recording'), { recursive: true });
      writeFileSync(join(state, 'unpacked/bundle.json'), '{ "format": 1 }');
      return join(state, 'unpacked');
    },
  ],
])('%s is opened at its last moment', async (_, pathOf) => {
  expect(await seen(pathOf(await recorded(7)))).toEqual([7, T + 1_000]);
});

test('what was unpacked is private, and removed when the recording is closed; nothing is written beside it', async () => {
  const folder = await recorded(7);
  let unpacked: string;
  {
    await using recording = await openRecording(bundle(folder));
    unpacked = dirname(recording.folder);
    expect(readdirSync(unpacked).toSorted()).toEqual(['bundle.json', 'recording']);
  }
  expect(() => readdirSync(unpacked)).toThrow('ENOENT');
});

const cut = (path: string, bytes: (all: Buffer) => Buffer): string => {
  writeFileSync(path, bytes(readFileSync(path)));
  return path;
};

test.each([
  ['nothing', () => '/nowhere/at.zip', /^There is no \/nowhere\/at\.zip\.$/],
  ['an empty file', () => written(''), /some\.zip is empty\.$/],
  ['a text', () => written('not a zip'), /some\.zip is not a bundle: it is not a zip archive, or a damaged one\.$/],
  ['another zip', () => written(zip({ 'a.txt': 'a' })), /some\.zip is a zip archive, but not a bundle of drey: it has no bundle\.json\.$/],
  ['a later bundle', () => bundle(undefined, { format: 2 }), /^The bundle .*some\.zip has format 2; this drey reads formats up to 1\.$/],
  ['a damaged list', () => written(zip({ 'bundle.json': '{' })), /^bundle\.json in .*some\.zip is damaged\.$/],
  ['a bundle without a recording', () => bundle(undefined), /^The bundle .*some\.zip has no recording\.$/],
  ['an empty folder', () => state, /^The folder .* has no recording\.$/],
  [
    'half a bundle',
    async () => cut(bundle(await recorded(7)), (all) => all.subarray(0, all.length / 2)),
    /some\.zip is not a bundle: it is not a zip archive, or a damaged one\.$/,
  ],
  [
    'a damaged block',
    async () => {
      const folder = await recorded(7);
      cut(fileIn(folder), (all) => all.fill(0x55, 80, 120));
      return folder;
    },
    /^The recording in .* is (?:empty or damaged: nothing of it can be read|damaged: no moment of it is whole)\.$/,
  ],
  [
    'an empty recording',
    async () => {
      const folder = await recorded(7);
      writeFileSync(fileIn(folder), '');
      return folder;
    },
    /^The recording in .* is empty or damaged: nothing of it can be read\.$/,
  ],
  [
    'blocks of a later version',
    async () => {
      const folder = await recorded(7);
      cut(fileIn(folder), (all) => all.fill(2, 8, 9));
      return folder;
    },
    /^The recording in .* was written by a later version of drey, which this one cannot read\.$/,
  ],
])('%s is refused in a sentence', async (_, pathOf, sentence) => {
  await expect(openRecording(await pathOf())).rejects.toThrow(sentence);
});

test('a cluster that was recorded in several namespaces is named with one of them', async () => {
  await recorded(1);
  await recorded(2, { ...target, namespace: 'elsewhere' });
  await recorded(3, { ...target, clusterId: 'other' });
  const kept = async (clusterId: string, namespace?: string): Promise<unknown> =>
    (await openKept({ recordings: recordings(), clusterId, namespace })).last.session.overview?.taskManagers;
  expect(await recordedClusters(recordings())).toEqual([target.clusterId, 'other'].toSorted());
  expect([await kept('other'), await kept(target.clusterId, 'elsewhere')]).toEqual([3, 2]);
  await expect(kept(target.clusterId)).rejects.toThrow(/was recorded in several places: .*elsewhere at /);
  await expect(kept('none')).rejects.toMatchObject({
    message: 'No recording of none is kept on this machine.',
    hint: expect.stringMatching(/^Recorded here: .*other/),
  });
  await expect(kept('other', 'elsewhere')).rejects.toThrow('No recording of other in namespace elsewhere is kept on this machine.');
});

test('nothing recorded at all is said with how to record', async () => {
  mkdirSync(recordings(), { recursive: true });
  await expect(openKept({ recordings: recordings(), clusterId: 'any', namespace: undefined })).rejects.toMatchObject({
    hint: 'drey attach records a session.',
  });
});

test('a bundle without a recording says why it has none', async () => {
  const leftOut = [{ what: 'Recording', because: 'none', reason: 'Nothing was recorded then.' }];
  await expect(openRecording(bundle(undefined, { format: 1, leftOut }))).rejects.toMatchObject({ hint: 'Nothing was recorded then.' });
});
