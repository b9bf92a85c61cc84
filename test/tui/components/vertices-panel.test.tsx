import { expect, test } from 'vitest';
import type { TimeShares } from '../../../src/flink/vertex-types.ts';
import type { JobFacts } from '../../../src/session/inspections/job.ts';
import { type Inspection, keyOf } from '../../../src/session/inspections/inspections.ts';
import type { ReadProblem } from '../../../src/session/inspections/inspection.ts';
import { VerticesPanel } from '../../../src/tui/components/vertices-panel.tsx';
import { jobFacts } from '../../../src/tui/rows/job.ts';
import { sparkline } from '../../../src/tui/rows/sparkline.ts';
import { ascii, unicode } from '../../../src/tui/look/glyphs.ts';
import type { Size } from '../../../src/tui/state/layout.ts';
import { atStart } from '../../../src/tui/state/places/home.ts';
import { jobPlace } from '../../../src/tui/state/places/job.ts';
import { enter } from '../../../src/tui/state/trail.ts';
import type { Frame } from '../../../src/tui/state/ui.ts';
import { plain } from '../../../src/support/text-width.ts';
import { insideOf, line, loaded, shares } from '../../inside/job/build.ts';
import { jobDetail, vertex } from '../../support/job-detail.ts';
import { frameOf, richSession } from '../fixtures.ts';
import { screenOf } from '../draw.tsx';
import { area, show } from './show.tsx';

const id = '1a2b3c'.padEnd(32, '0');

const past = (load: TimeShares) => Array.from({ length: 12 }, (_, at) => ({ at, load, recordsIn: undefined, recordsOut: undefined }));

const running = insideOf(jobDetail({ id, name: 'CarTopSpeedWindowing', edges: line('orders', 'enrich', 'sink') }), [
  loaded('orders', shares(0.12, 0.81), {
    past: past(shares(0.12, 0.81)),
    rates: { recordsIn: undefined, recordsOut: 1_200, bytesIn: undefined, bytesOut: 9e6 },
  }),
  loaded('enrich', shares(0.97, 0), {
    past: past(shares(0.97, 0)),
    vertex: vertex({ id: 'enrich', parallelism: 12, tasks: { RUNNING: 11 } }),
  }),
  loaded('sink', { busy: undefined, backPressured: undefined, idle: undefined }),
]);

/** In the place of a job of which this was read. */
function within(facts: JobFacts | undefined, problem?: ReadProblem, size: Size = { columns: 200, rows: 40 }): Frame {
  const before = frameOf(size, {}, { trail: enter([atStart], jobPlace(id, atStart)) });
  const inspection: Inspection = { subject: { kind: 'job', job: id }, facts, readAt: undefined, problem };
  return {
    ...before,
    session: { ...richSession(), inspections: new Map([[keyOf(inspection.subject), inspection]]) },
  };
}

const textOf = (frame: Frame, width: number): string => {
  const room = { ...area, width };
  return show(<VerticesPanel area={room} />, frame, room).text();
};

test('each vertex has its shares as bars, and the bottleneck is marked and named with its numbers', () => {
  expect(textOf(within(running), 100)).toMatchInlineSnapshot(`
    "╭ Vertices ── 3 · enrich is the bottleneck: busy 97%, while orders before it is back-pressured 81… ╮
    │   NAME                 STATE      TASKS            BUSY   MAX        BACK  IDLE  IN/S OUT/S  FOR │
    │   orders               ▶ Running    1/1     █░░░░░  12%   12% ████░░  81%    7%     -  1.2k   1h │
    │   enrich ◆             ▶ Running  11/12     █████░  97%   97% ░░░░░░   0%    3%     -     -   1h │
    │   sink                 ▶ Running    1/1               -     -           -     -     -     -   1h │
    │                                                                                                  │
    │                                                                                                  │
    │                                                                                                  │
    ╰──────────────────────────────────────────────────────────────────────────────────────────────────╯"
  `);
});

test('on a small screen names, tasks, bars and records remain', () => {
  expect(textOf(within(running), 80)).toMatchInlineSnapshot(`
    "╭ Vertices ── 3 · enrich is the bottleneck: busy 97%, while orders before it … ╮
    │   NAME                 STATE      TASKS         BUSY        BACK  IN/S OUT/S │
    │   orders               ▶ Running    1/1  █░░░░░  12% ████░░  81%     -  1.2k │
    │   enrich ◆             ▶ Running  11/12  █████░  97% ░░░░░░   0%     -     - │
    │   sink                 ▶ Running    1/1            -           -     -     - │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    ╰──────────────────────────────────────────────────────────────────────────────╯"
  `);
});

test('with more room the shares have their past', () => {
  const screen = plain(screenOf(within(running, undefined, { columns: 120, rows: 40 })));
  expect(screen).toContain('█████░ ████████  97%');
  expect(screen).toContain('████░░ ▇▇▇▇▇▇▇▇  81%');
});

test('a job that cannot be read says why', () => {
  expect(textOf(within(undefined, { message: 'Job 1a2b3c is not known to this cluster.', hint: undefined }), 80)).toContain(
    'Job 1a2b3c is not known to this cluster.',
  );
  expect(textOf(within(undefined), 80)).toContain('Reading the job.');
  expect(textOf(within(insideOf(jobDetail())), 80)).toContain('The job has no vertices.');
});

test('news that it does not show draws nothing', async () => {
  const view = show(<VerticesPanel area={area} />, within(running));
  view.drawnSince();
  await view.next(({ session }) => ({ session: { ...session, lost: [] } as typeof session }));
  expect(view.drawnSince()).toBe(0);
});

test('the line above says how the job is: state, restarts, how long it is up, and its parallelism', () => {
  const frame = within(running);
  expect(jobFacts(id, frame).map(plain)).toEqual(['▶ Running', 'up 2h', 'parallelism 12']);
  expect(jobFacts('9f13c2'.padEnd(32, '0'), frame).map(plain)).toEqual(['⟳ Restarting', '7 restarts']);
  expect(jobFacts('77aa00'.padEnd(32, '0'), frame).map(plain)).toEqual(['✓ Finished', 'ran 41m']);
});

test('a sparkline has one cell a value, the newest last, and a blank for what is not known', () => {
  expect(sparkline([0, 0.13, 0.5, undefined, 0.99, 1], 8, unicode)).toBe('  ▁▂▅ ██');
  expect(sparkline([0, 1, 0, 1], 2, ascii)).toBe('_#');
});
