import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { momentAt } from '../../src/session/recording/moment.ts';
import { recordingFolder } from '../../src/session/recording/places.ts';
import { Recorder } from '../../src/session/recording/recorder.ts';
import { createSessionStore } from '../../src/session/store.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { random } from '../support/random.ts';
import { target } from '../session/build.ts';
import { recordedDay } from './recorded-day.ts';
import { percentile, type Figure } from './statistics.ts';
import type { Suite } from './suite.ts';

const hourMs = 60 * 60_000;
const moments = 200;

/** Processor time in milliseconds. */
const used = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

/** A day as it is told to a session, with a clock that is driven; what it costs to record it, if a folder is given. */
async function costOf(ms: number, folder: string | undefined): Promise<number> {
  const clock = new FakeClock();
  const store = createSessionStore(target);
  await using _ =
    folder === undefined
      ? undefined
      : new Recorder({ store, folder, cluster: target, clock, report: (problem) => problem && fail(problem) });
  let cost = 0;
  for (const { at, changes } of recordedDay(clock.now(), ms)) {
    const before = used();
    await clock.advance(at - clock.now());
    store.tell(changes);
    cost += used() - before;
  }
  return cost;
}

function fail(problem: Error): never {
  throw problem;
}

/** What a day of a session of 50 pods takes when it is recorded, and how long it takes to show it at any moment. */
export const recording: Suite = async ({ workshop, long }) => {
  const ms = long ? 24 * hourMs : hourMs;
  const times = (24 * hourMs) / ms;
  const folder = join(workshop.folder, 'recordings');
  const [without, cost] = [await costOf(ms, undefined), await costOf(ms, folder)];
  const place = recordingFolder(folder, target);
  const bytes = readdirSync(place).reduce((sum, name) => sum + statSync(join(place, name)).size, 0);
  const roll = random(7);
  const begin = new FakeClock().now();
  const took: number[] = [];
  for (let n = 0; n < moments; n += 1) {
    const began = performance.now();
    const found = await momentAt({ folder: place, at: begin + roll(ms) });
    took.push(performance.now() - began);
    if (found === undefined) throw new Error('A moment was not found.');
  }
  const note = long ? 'of a whole day' : 'of an hour';
  const figures: readonly Figure[] = [
    { name: 'recording of a day, 50 pods', value: (bytes * times) / 2 ** 20, unit: 'MB', target: 200, note },
    { name: 'processor for recording', value: ((cost - without) / ms) * 100, unit: '%', target: 2 },
    { name: 'showing a moment, 99th percentile', value: percentile(took, 0.99), unit: 'ms', target: 300, note },
    { name: 'showing a moment, median', value: percentile(took, 0.5), unit: 'ms', note },
  ];
  return figures;
};
