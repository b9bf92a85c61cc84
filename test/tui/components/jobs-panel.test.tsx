import { expect, test } from 'vitest';
import { PanelSafely } from '../../../src/tui/components/base/panel-safely.tsx';
import { JobsPanel } from '../../../src/tui/components/jobs-panel.tsx';
import { filterOf, job, live, now, richSession } from '../fixtures.ts';
import { area, frame, show, withList } from './show.tsx';
import { inPanel } from '../where.ts';

test('the jobs: state, tasks, and how old the last checkpoint is', () => {
  expect(show(<JobsPanel area={area} />).text()).toMatchInlineSnapshot(`
    "╭ Jobs ──────────────────────────── 4 · 1 up · 1 restarting · 1 failed ╮
    │   NAME                 STATE        TASKS       UP CHK RST ID        │
    │   orders-enrichment    ⟳ Restarting █░░░ 5/12    -  4s   7 9f13c2    │
    │   fraud-scoring        ✗ Failed     ░░░░ 0/6   41m  0s   0 beef01    │
    │   CarTopSpeedWindowing ▶ Running    ████ 8/8    2h  4s   0 1a2b3c    │
    │   nightly-backfill     ✓ Finished   ████ 4/4   41m   -   0 77aa00    │
    │                                                                      │
    │                                                                      │
    ╰──────────────────────────────────────────────────────────────────────╯"
  `);
});

test('a long state is whole in half a screen of 120 columns', () => {
  const half = { ...area, width: 60 };
  const session = { ...richSession(), jobs: [job('1a2b3c', 'orders', 'INITIALIZING', [0, 8])] };
  expect(show(<JobsPanel area={half} />, frame({ session }), half).text()).toContain('◌ Initializing');
});

test('a name that has room is whole, however long', () => {
  const wide = { ...area, width: 200 };
  const name = 'insert-into_default_catalog.default_database.enriched_orders_by_customer';
  const session = { ...richSession(), jobs: [job('1a2b3c', name, 'RUNNING', [8, 8]), ...richSession().jobs] };
  expect(show(<JobsPanel area={wide} />, frame({ session }), wide).text()).toContain(` ${name} ▶ Running `);
});

test('a filter and a search stand in the title; what is selected has a mark', () => {
  const first = withList(
    'jobs',
    { filter: filterOf('o'), search: filterOf('orders'), index: 0, selected: '9f13c2'.padEnd(32, '0') },
    {},
    inPanel('jobs'),
  );
  expect(show(<JobsPanel area={area} />, first).text()).toMatchInlineSnapshot(`
    "╭ Jobs /o ── find orders ↓ 1 of 1 · 3 of 4 · 1 up · 1 restarting · 1 … ╮
    │   NAME                 STATE        TASKS       UP CHK RST ID        │
    │ ▸ orders-enrichment    ⟳ Restarting █░░░ 5/12    -  4s   7 9f13c2    │
    │   fraud-scoring        ✗ Failed     ░░░░ 0/6   41m  0s   0 beef01    │
    │   CarTopSpeedWindowing ▶ Running    ████ 8/8    2h  4s   0 1a2b3c    │
    │                                                                      │
    │                                                                      │
    │                                                                      │
    ╰──── ⏎ open  d describe  l log  w why  c cancel  S savepoint  z zoom ─╯"
  `);
});

test('without jobs it says how one comes, or what is waited for', () => {
  const none = { ...richSession(), jobs: [] };
  expect(show(<JobsPanel area={area} />, frame({ session: none })).text()).toContain('No jobs. Type: submit path/to/job.jar');
  expect(show(<JobsPanel area={area} />, frame({ session: { ...none, jobsKnown: false, sources: new Map() } })).text()).toContain(
    'Asking the JobManager',
  );
  expect(show(<JobsPanel area={area} />, withList('jobs', { filter: filterOf('zzz') })).text()).toContain('No job matches zzz');
});

test('while the JobManager does not answer, the jobs are quiet and say how old they are', () => {
  const stale = { ...live(now - 44_000), state: 'stale' as const };
  const { raw, text } = show(<JobsPanel area={area} />, frame({ session: { ...richSession(), sources: new Map([['flink', stale]]) } }));
  expect(text()).toContain('as of 44 s ago');
  expect(
    raw()
      .split('\n')
      .find((line) => line.includes('fraud-scoring')),
  ).not.toContain('240;113;120');
});

test('a job that fails is drawn at once, other news is not', async () => {
  const { drawnSince, next, text } = show(<JobsPanel area={area} />);
  drawnSince();
  await next((before) => ({ now: before.now + 10, session: { ...before.session, pods: new Map(), timeline: [] } }));
  expect(drawnSince()).toBe(0);
  await next(({ session }) => ({
    session: { ...session, jobs: [job('1a2b3c', 'CarTopSpeedWindowing', 'FAILED', [0, 8]), ...session.jobs.slice(1)] },
  }));
  expect(drawnSince()).toBe(1);
  expect(text()).toMatch(/CarTopSpeedWindowing +✗ Failed/);
});

test('a job that changed a moment ago is bold', () => {
  const { raw } = show(<JobsPanel area={area} />, frame({ isFresh: (key) => key.startsWith('9f13c2') }));
  expect(raw()).toContain('\u001b[1morders-enrichment');
  expect(raw()).not.toContain('\u001b[1mnightly-backfill');
});

test('a defect is shown in its place', () => {
  const { text } = show(
    <PanelSafely name="jobs" area={area}>
      <JobsPanel area={area} />
    </PanelSafely>,
    frame({ session: { ...richSession(), jobs: null as never } }),
  );
  expect(text()).toContain('This panel cannot be drawn:');
});
