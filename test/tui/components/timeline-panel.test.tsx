import { expect, test } from 'vitest';
import { PanelSafely } from '../../../src/tui/components/base/panel-safely.tsx';
import { TimelinePanel } from '../../../src/tui/components/timeline-panel.tsx';
import { filterOf, now, richSession } from '../fixtures.ts';
import { area, frame, show, withList } from './show.tsx';
import { inPanel } from '../where.ts';

test('what happened, newest first', () => {
  expect(show(<TimelinePanel area={area} />).text()).toMatchInlineSnapshot(`
    "╭ Timeline ───────────────────────────────────────────────────────── 3 ╮
    │   TIME     FROM  WHAT HAPPENED                                       │
    │   11:34:20 k8s   pod taskmanager-1-4 … flink:2.3.0-custom: not found │
    │   11:34:18 k8s   pod taskmanager-1-4 created on node-b               │
    │   11:34:17 k8s   pod taskmanager-1-3 …Killed, exit 137, limit 1728Mi │
    │                                                                      │
    │                                                                      │
    │                                                                      │
    ╰──────────────────────────────────────────────────────────────────────╯"
  `);
});

test('nothing is a sentence, with a filter as well', () => {
  expect(show(<TimelinePanel area={area} />, frame({ session: { ...richSession(), timeline: [] } })).text()).toContain(
    'Nothing happened yet.',
  );
  expect(show(<TimelinePanel area={area} />, withList('timeline', { filter: filterOf('zzz') })).text()).toContain('Nothing matches zzz');
});

test('the selected line has a mark', () => {
  const [line] = richSession().timeline;
  const selected = `${line?.at} ${line?.from} ${line?.text}`;
  expect(show(<TimelinePanel area={area} />, withList('timeline', { selected, index: 2 }, {}, inPanel('timeline'))).text()).toMatch(
    /▸ 11:34:17 k8s +pod taskmanager-1-3/,
  );
});

test('it is drawn again when something happens, and not for anything else', async () => {
  const { drawnSince, next, text } = show(<TimelinePanel area={area} />);
  drawnSince();
  await next((before) => ({ now: before.now + 10, session: { ...before.session, pods: new Map(), jobs: [] } }));
  expect(drawnSince()).toBe(0);
  await next(({ session }) => ({
    session: {
      ...session,
      timeline: [...session.timeline, { at: now, from: 'drey', severity: 'info', subject: undefined, text: 'cancel was given' }],
    },
  }));
  expect(drawnSince()).toBe(1);
  expect(text()).toContain('cancel was given');
});

test('a defect is shown in its place', () => {
  const broken = frame({ session: { ...richSession(), timeline: null as never } });
  expect(
    show(
      <PanelSafely name="timeline" area={area}>
        <TimelinePanel area={area} />
      </PanelSafely>,
      broken,
    ).text(),
  ).toMatch(/╭ Timeline ─+╮\n│ {2}This panel cannot be drawn:/);
});
