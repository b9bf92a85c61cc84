import { expect, test } from 'vitest';
import { jobRow } from '../../src/session/selectors/jobs.ts';
import { jobColumns } from '../../src/session/tables/jobs.ts';
import { jobOf, T } from './build.ts';

const job = { ...jobOf({ id: 'a'.repeat(32), name: 'cars' }), checkpoints: undefined, restarts: undefined, exceptions: [] };

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 9e18])(
  'a job whose times are %d has a dash where the time would be',
  (at) => {
    const row = jobRow({ ...job, startTime: at, endTime: at, durationMs: at });
    const cells = jobColumns
      .filter(({ title }) => ['UP', 'STARTED', 'ENDED'].includes(title))
      .map(({ text }) => text(row, { now: T, whole: true }));
    expect(cells).toEqual(['-', '-', '-']);
  },
);
