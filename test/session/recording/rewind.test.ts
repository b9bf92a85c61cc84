import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { recordingFolder } from '../../../src/session/recording/places.ts';
import { Recorder } from '../../../src/session/recording/recorder.ts';
import { momentAt } from '../../../src/session/recording/moment.ts';
import { createRewind, replayed, type Rewind } from '../../../src/session/recording/rewind.ts';
import { shownClock, shownStore, type ShownStore } from '../../../src/session/recording/shown-store.ts';
import { createSessionStore } from '../../../src/session/store.ts';
import type { Session, TimelineEntry } from '../../../src/session/types.ts';
import { FakeClock, start as T } from '../../support/fake-clock.ts';
import { target } from '../build.ts';

let folder: string;
let clock: FakeClock;
let store: ShownStore;
let recorder: Recorder;
let rewind: Rewind;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drey-rewind-'));
  clock = new FakeClock();
  store = shownStore(createSessionStore(target));
  recorder = new Recorder({ store: store.live, folder, cluster: target, clock, report: () => {} });
  rewind = createRewind({ store, folder: recordingFolder(folder, target), clock, recorder });
});
afterEach(async () => {
  await recorder[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** Something that can be seen, and that is nothing bad. */
const tick = (taskManagers: number): void =>
  store.tell([
    {
      kind: 'overview',
      at: clock.now(),
      overview: { taskManagers, slotsTotal: 4, slotsAvailable: 0, flinkVersion: '2.3.0', flinkCommit: undefined },
    },
  ]);
const ticks = (): number | undefined => store.get().overview?.taskManagers;
const happens = (severity: TimelineEntry['severity'], text: string): void =>
  store.tell([{ kind: 'timeline', at: clock.now(), line: { at: clock.now(), from: 'k8s', severity, subject: undefined, text } }]);
/** Until it is on disk. */
const goOn = async (ms: number): Promise<void> => {
  for (let gone = 0; gone < ms; gone += 1_000) {
    tick((clock.now() - T) / 1_000);
    await clock.advance(1_000);
  }
};
test('the past is shown, stands still while more happens, and is left again', async () => {
  await goOn(10_000);
  const heard: Session[] = [];
  store.subscribe((session) => heard.push(session));
  await rewind.to(T + 4_500);
  expect([ticks(), store.get().past]).toEqual([4, T + 4_500]);
  expect(shownClock(clock, store).now()).toBe(T + 4_500);
  heard.length = 0;
  tick(99);
  expect([ticks(), heard.length]).toEqual([4, 0]);
  rewind.live();
  expect([ticks(), store.get().past]).toEqual([99, undefined]);
  expect(heard).toHaveLength(1);
  expect(shownClock(clock, store).now()).toBe(clock.now());
});

test('what went wrong is gone to one by one, back and forward, and after the last one it is now', async () => {
  await goOn(3_000);
  happens('error', 'the first');
  await goOn(3_000);
  happens('info', 'nothing');
  await goOn(3_000);
  happens('warn', 'the second');
  await goOn(3_000);
  const step = async (direction: 'back' | 'forward'): Promise<string | undefined> => (await rewind.step(direction))?.text;
  expect(await step('back')).toBe('the second');
  expect(await step('back')).toBe('the first');
  // A second later it can be seen.
  expect(rewind.at).toBe(T + 4_000);
  expect(await step('back')).toBeUndefined();
  expect(rewind.at).toBe(T + 4_000);
  expect(await step('forward')).toBe('the second');
  expect(await step('forward')).toBeUndefined();
  expect(rewind.at).toBeUndefined();
});

test('a moment without a recording is refused, with the last one before it', async () => {
  await goOn(3_000);
  await expect(rewind.to(clock.now() + 1)).rejects.toThrow('is not in the past.');
  await expect(rewind.to(T - 1)).rejects.toThrow(/^Nothing of this cluster was recorded before /);
  await rewind.to(clock.now() - 1);
  await clock.advance(300_000);
  await expect(rewind.to(clock.now() - 1_000)).rejects.toMatchObject({
    message: expect.stringMatching(/^Nothing was recorded at .*: drey was not attached\.$/),
    hint: expect.stringMatching(/^The last moment before it is .*, 5 min earlier\.$/),
  });
  expect(ticks()).toBe(2);
});

test('what happened a moment ago is shown, although it would reach the disk only later', async () => {
  tick(7);
  await clock.advance(2);
  await rewind.to(clock.now() - 1);
  expect(ticks()).toBe(7);
});

test('a recording that is replayed has an end in the place of now, and says where it begins', async () => {
  await goOn(3_000);
  happens('error', 'the first');
  await goOn(3_000);
  await recorder[Symbol.asyncDispose]();
  const place = recordingFolder(folder, target);
  const last = await momentAt({ folder: place, at: Infinity });
  if (last === undefined) throw new Error('nothing was recorded');
  const end = replayed(last, last.recordedAt);
  const shown = shownStore(createSessionStore(target, { from: end.session }));
  shown.look(end);
  const replay = createRewind({ store: shown, folder: place, clock, recorder: undefined, end });
  expect([replay.at, shown.get().overview?.taskManagers, shown.get().target.replayed]).toEqual([T + 6_000, 5, true]);
  expect(await replay.step('back')).toMatchObject({ text: 'the first' });
  expect([replay.at, shown.get().overview?.taskManagers, shown.get().target.replayed]).toEqual([T + 4_000, 4, true]);
  expect(await replay.step('forward')).toBeUndefined();
  expect([replay.at, replay.end]).toEqual([T + 6_000, T + 6_000]);
  await replay.to(T + 1_500);
  expect(shown.get().overview?.taskManagers).toBe(1);
  replay.live();
  expect(replay.at).toBe(T + 6_000);
  await replay.to(T + 6_000);
  expect(shown.get().overview?.taskManagers).toBe(5);
  await expect(replay.to(T + 6_001)).rejects.toThrow(/ is after the end of the recording\.$/);
  await expect(replay.to(T - 1)).rejects.toMatchObject({ hint: expect.stringMatching(/^The recording begins at /) });
});

const signal = new AbortController().signal;

test('the past goes on as fast as it is told, and stands still where it is paused', async () => {
  await goOn(10_000);
  await expect(rewind.play(10, signal)).rejects.toThrow('This is now.');
  await rewind.to(T + 2_000);
  const playing = rewind.play(10, signal);
  await expect.poll(() => store.get().playing).toBe(10);
  await clock.advance(100);
  await expect.poll(() => [ticks(), rewind.at]).toEqual([3, T + 3_000]);
  await clock.advance(200);
  await expect.poll(() => [ticks(), rewind.at]).toEqual([5, T + 5_000]);
  rewind.pause();
  await clock.advance(100);
  expect(await playing).toBe('paused');
  expect([ticks(), rewind.at, store.get().playing]).toEqual([5, T + 5_000, undefined]);
});

test('the past that is played ends when it is now, and where another moment is shown', async () => {
  await goOn(10_000);
  await rewind.to(T + 2_000);
  const first = rewind.play(1, signal);
  await expect.poll(() => store.get().playing).toBe(1);
  await rewind.to(T + 1_000);
  await clock.advance(100);
  expect(await first).toBe('paused');
  expect([rewind.at, store.get().playing]).toEqual([T + 1_000, undefined]);
  const second = rewind.play(600, signal);
  await expect.poll(() => store.get().playing).toBe(600);
  await clock.advance(100);
  expect(await second).toBe('ended');
  expect([rewind.at, store.get().playing]).toEqual([undefined, undefined]);
});

test('a time that was not recorded is left out when the past is played', async () => {
  await goOn(3_000);
  await recorder[Symbol.asyncDispose]();
  await clock.advance(300_000);
  recorder = new Recorder({ store: store.live, folder, cluster: target, clock, report: () => {} });
  rewind = createRewind({ store, folder: recordingFolder(folder, target), clock, recorder });
  await goOn(20_000);
  await rewind.to(T + 1_000);
  const playing = rewind.play(100, signal);
  await expect.poll(() => store.get().playing).toBe(100);
  await clock.advance(100);
  await expect.poll(() => rewind.at).toBeGreaterThanOrEqual(T + 303_000);
  const after = rewind.at ?? 0;
  expect(after).toBeLessThan(T + 310_000);
  // From there on it goes as fast as before.
  await clock.advance(100);
  await expect.poll(() => rewind.at).toBe(after + 10_000);
  rewind.live();
  await clock.advance(100);
  expect(await playing).toBe('paused');
});

test('whoever stops waiting for the past that is played stays where it was', async () => {
  await goOn(10_000);
  await rewind.to(T + 2_000);
  const leaving = new AbortController();
  const playing = rewind.play(10, leaving.signal);
  await expect.poll(() => store.get().playing).toBe(10);
  leaving.abort();
  await expect(playing).rejects.toThrow('The wait was ended');
  expect([rewind.at, store.get().playing]).toEqual([T + 2_000, undefined]);
});
