import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { firstRecorded, momentAt } from '../../../src/session/recording/moment.ts';
import { openRecording } from '../../../src/session/recording/open-recording.ts';

/** Recordings as each version of the format was written, by `tools/record-session.ts`. */
const golden = join(import.meta.dirname, 'golden');

/** What was so so many milliseconds after the beginning. */
const expected: Readonly<Record<string, readonly (readonly [ms: number, pods: string, jobs: string, timeline: number])[]>> = {
  'version-1': [
    [4_000, 'jobmanager-w4wqd Running, taskmanager-1-1 Running, taskmanager-1-2 Running', 'RUNNING 0, RUNNING 0', 1],
    [10_000, 'jobmanager-w4wqd Running, taskmanager-1-1 OOMKilled (137), taskmanager-1-2 Running', 'RUNNING 0, RUNNING 0', 2],
    [
      12_000,
      'jobmanager-w4wqd Running, taskmanager-1-1 OOMKilled (137), taskmanager-1-2 Running, taskmanager-1-3 ContainerCreating',
      'RESTARTING 0, RESTARTING 0',
      7,
    ],
    [
      28_000,
      'jobmanager-w4wqd Running, taskmanager-1-1 OOMKilled (137), taskmanager-1-2 Running, taskmanager-1-3 Running',
      'RUNNING 1, RUNNING 1',
      12,
    ],
  ],
};

test('there is an expectation for each recording that is kept', () => {
  expect(readdirSync(golden).toSorted()).toEqual(Object.keys(expected).toSorted());
});

test.each(Object.entries(expected))('a recording of %s shows the same moments for ever', async (version, moments) => {
  await using recording = await openRecording(join(golden, version));
  const begin = (await firstRecorded(recording.folder)) ?? 0;
  const seen = await Promise.all(
    moments.map(async ([ms]) => {
      const found = await momentAt({ folder: recording.folder, at: begin + ms });
      const { pods, jobs, timeline } = found?.session ?? { pods: new Map(), jobs: [], timeline: [] };
      const states = [...pods.values()].map(({ shortName, state }) => `${shortName} ${state}`);
      return [ms, states.join(', '), jobs.map(({ state, restarts }) => `${state} ${restarts}`).join(', '), timeline.length];
    }),
  );
  expect(seen).toEqual(moments);
  expect(recording.last).toMatchObject({ left: true, gaps: false });
});
