import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { recordingFolder } from '../../../src/session/recording/places.ts';
import { mergedTimelines, recordedTimelines } from '../../../src/session/recording/recorded-timeline.ts';
import { Recorder } from '../../../src/session/recording/recorder.ts';
import { createSessionStore } from '../../../src/session/store.ts';
import type { SessionStore, TimelineEntry } from '../../../src/session/types.ts';
import { FakeClock, start as T } from '../../support/fake-clock.ts';
import { target } from '../build.ts';

let folder: string;
let clock: FakeClock;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drey-timeline-'));
  clock = new FakeClock();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const recorder = (store: SessionStore): Recorder => new Recorder({ store, folder, cluster: target, clock, report: () => {} });
const entryAt = (at: number, text: string): TimelineEntry => ({ at, from: 'k8s', severity: 'warn', subject: undefined, text });
const happens = (store: SessionStore, text: string): void =>
  store.tell([{ kind: 'timeline', at: clock.now(), line: entryAt(clock.now(), text) }]);

const since = async (from: number): Promise<readonly string[]> => {
  const asked = { since: from, until: clock.now(), signal: new AbortController().signal };
  return mergedTimelines(await recordedTimelines(recordingFolder(folder, target), asked)).map(({ text }) => text);
};

/** A session in which these things happen, a minute apart. */
async function session(...texts: readonly string[]): Promise<void> {
  const store = createSessionStore(target);
  await using _ = recorder(store);
  for (const text of texts) {
    await clock.advance(60_000);
    happens(store, text);
  }
  await clock.advance(60_000);
}

test('what happened in earlier sessions is told in the order of time, from the time that is asked for on', async () => {
  await session('one', 'two');
  await session('three');
  expect(await since(T)).toEqual(['one', 'two', 'three']);
  expect(await since(T + 100_000)).toEqual(['two', 'three']);
  expect(await since(clock.now() - 90_000)).toEqual(['three']);
  expect(await since(clock.now() - 1)).toEqual([]);
});

test('what fell out of a long session is told as well', async () => {
  const store = createSessionStore(target);
  {
    await using _ = recorder(store);
    for (let n = 0; n < 9_000; n += 1) {
      happens(store, `thing ${n}`);
      await clock.advance(1);
    }
  }
  expect(store.get().timeline.length).toBeLessThan(9_000);
  expect(await since(T)).toEqual(Array.from({ length: 9_000 }, (_, n) => `thing ${n}`));
});

test('what two sessions saw at once is told once, what one of them saw twice is told twice', () => {
  const [one, other] = [
    [entryAt(T, 'boom'), entryAt(T + 1_000, 'boom'), entryAt(T + 90_000, 'boom')],
    [entryAt(T + 2_000, 'boom'), entryAt(T + 3_000, 'another')],
  ];
  expect(mergedTimelines([one ?? [], other ?? []]).map(({ at, text }) => [at - T, text])).toEqual([
    [0, 'boom'],
    [1_000, 'boom'],
    [3_000, 'another'],
    [90_000, 'boom'],
  ]);
});

test('nothing was recorded: nothing is told', async () => {
  expect(await since(T)).toEqual([]);
});
