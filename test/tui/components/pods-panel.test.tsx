import { expect, test } from 'vitest';
import { PanelSafely } from '../../../src/tui/components/base/panel-safely.tsx';
import { PodsPanel } from '../../../src/tui/components/pods-panel.tsx';
import { filterOf, live, now, pod, richSession } from '../fixtures.ts';
import { area, frame, show, withList } from './show.tsx';
import { inPanel } from '../where.ts';

const tm2 = 'my-first-flink-cluster-taskmanager-1-2';
const old = { ...live(now - 44_000), state: 'lost' as const };

test('the pods, the one in trouble first and the one that went last', () => {
  expect(show(<PodsPanel area={area} />).text()).toMatchInlineSnapshot(`
    "╭ Pods ────────────────────────────────────────────── 4 · 1 in trouble ╮
    │   NAME               STATE              READY RST  AGE NODE          │
    │   taskmanager-1-4    ✗ ImagePullBackOff 0/1     0  40s node-b        │
    │ ▸ jobmanager-f647b ★ ▶ Running          1/1     0   2h node-b        │
    │   taskmanager-1-1    ▶ Running          1/1     0   2h node-b        │
    │   taskmanager-1-2    ▶ Running          1/1     0   2h node-b        │
    │   taskmanager-1-3    ✗ OOMKilled (137)  -       -   4s node-b        │
    │                                                                      │
    ╰──────────────────────────────────────────────────────────────────────╯"
  `);
});

test('with the focus the selected row stands out, and the border names the keys', () => {
  const { text, raw } = show(
    <PodsPanel area={area} />,
    withList('pods', { selected: tm2, index: 3, sort: { column: 'name', descending: true } }, {}, inPanel('pods')),
  );
  expect(text()).toMatchInlineSnapshot(`
    "╭ Pods ────────────────────────────────── by NAME ↓ · 4 · 1 in trouble ╮
    │   NAME↓              STATE              READY RST  AGE NODE          │
    │   taskmanager-1-4    ✗ ImagePullBackOff 0/1     0  40s node-b        │
    │   taskmanager-1-3    ✗ OOMKilled (137)  -       -   4s node-b        │
    │ ▸ taskmanager-1-2    ▶ Running          1/1     0   2h node-b        │
    │   taskmanager-1-1    ▶ Running          1/1     0   2h node-b        │
    │   jobmanager-f647b ★ ▶ Running          1/1     0   2h node-b        │
    │                                                                      │
    ╰────────── ⏎ open  d describe  l log  S shell  w why  s sort  z zoom ─╯"
  `);
  expect(raw()).toContain('48;2;47;58;71m');
});

test('pods that cannot be read are counted in the title, and are why there is none', () => {
  const session = {
    ...richSession(),
    unreadable: new Map([['pods' as const, { count: 2, names: ['a', 'b'], reason: 'The API server sent Pod a in a shape.' }]]),
  };
  expect(show(<PodsPanel area={area} />, frame({ session })).text()).toContain('1 in trouble, 2 pods cannot be read');
  const none = { ...session, pods: new Map(), gone: [] };
  expect(show(<PodsPanel area={area} />, frame({ session: none })).text()).toContain(
    '2 pods cannot be read. The API server sent Pod a in a shape.',
  );
});

test('a filter stands in the title with how many it lets through, and says when that is none', () => {
  expect(show(<PodsPanel area={area} />, withList('pods', { filter: filterOf('1-[12]') })).text()).toMatchInlineSnapshot(`
    "╭ Pods /1-[12] ───────────────────────────────── 2 of 4 · 1 in trouble ╮
    │   NAME               STATE              READY RST  AGE NODE          │
    │   taskmanager-1-1    ▶ Running          1/1     0   2h node-b        │
    │   taskmanager-1-2    ▶ Running          1/1     0   2h node-b        │
    │                                                                      │
    │                                                                      │
    │                                                                      │
    │                                                                      │
    ╰──────────────────────────────────────────────────────────────────────╯"
  `);
  expect(show(<PodsPanel area={area} />, withList('pods', { filter: filterOf('zzz') })).text()).toContain('No pod matches zzz');
});

test('without pods it says what is waited for, or that there are none', () => {
  const none = { ...richSession(), pods: new Map(), gone: [] };
  expect(show(<PodsPanel area={area} />, frame({ session: { ...none, podsKnown: false }, starting: 'Connecting' })).text()).toContain(
    'Connecting',
  );
  expect(show(<PodsPanel area={area} />, frame({ session: none })).text()).toContain('No pods yet.');
});

test('what is old is quiet, and says how old it is', () => {
  const { raw, text } = show(<PodsPanel area={area} />, frame({ session: { ...richSession(), sources: new Map([['pods', old]]) } }));
  expect(text()).toContain('as of 44 s ago');
  const row =
    raw()
      .split('\n')
      .find((line) => line.includes('taskmanager-1-1')) ?? '';
  expect(row).toMatch(/38;2;125;133;144m +taskmanager-1-1 .*▶ Running/);
});

test('a pod that changed a moment ago is bold until it is old news', async () => {
  const { raw, next } = show(<PodsPanel area={area} />, frame({ isFresh: (key) => key === tm2 }));
  const row = (): string =>
    raw()
      .split('\n')
      .find((line) => line.includes('taskmanager-1-2')) ?? '';
  expect(row()).toContain('\u001b[1mtaskmanager-1-2');
  await next(() => ({ isFresh: () => false }));
  expect(row()).not.toContain('\u001b[1m');
});

test('the name of a node is whole as long as there is room for it', () => {
  const wide = { ...area, width: 120 };
  const node = 'gke-production-flink-pool-1-3f2a9c41-x9z8';
  const session = { ...richSession(), pods: new Map([['tm', pod('taskmanager-1-1', { node })]]), gone: [] };
  expect(show(<PodsPanel area={wide} />, frame({ session }), wide).text()).toContain(` ${node} `);
});

test('more pods than rows have a thumb beside them', () => {
  const many = Array.from({ length: 40 }, (_, index) => pod(`taskmanager-1-${index}`));
  const { text } = show(
    <PodsPanel area={area} />,
    withList(
      'pods',
      { top: 20, index: 22, selected: many[22]?.name },
      { session: { ...richSession(), pods: new Map(many.map((each) => [each.name, each])), gone: [] } },
    ),
  );
  expect(text()).toMatchInlineSnapshot(`
    "╭ Pods ───────────────────────────────────────────────────────── 23/40 ╮
    │   NAME               STATE              READY RST  AGE NODE          │
    │   taskmanager-1-20   ▶ Running          1/1     0   2h node-b        │
    │   taskmanager-1-21   ▶ Running          1/1     0   2h node-b        │
    │ ▸ taskmanager-1-22   ▶ Running          1/1     0   2h node-b        │
    │   taskmanager-1-23   ▶ Running          1/1     0   2h node-b        ┃
    │   taskmanager-1-24   ▶ Running          1/1     0   2h node-b        │
    │   taskmanager-1-25   ▶ Running          1/1     0   2h node-b        │
    ╰──────────────────────────────────────────────────────────────────────╯"
  `);
});

test('it is drawn again when its pods or the second change, and not for anything else', async () => {
  const { drawnSince, next, text } = show(<PodsPanel area={area} />);
  drawnSince();
  await next((before) => ({
    now: before.now + 10,
    session: { ...before.session, timeline: [], logs: new Map() },
    ui: { ...before.ui, ...inPanel('log') },
  }));
  expect(drawnSince()).toBe(0);
  await next((before) => ({ now: before.now + 1_000 }));
  expect(drawnSince()).toBe(1);
  await next((before) => ({ session: { ...before.session, pods: new Map([...before.session.pods, ['new', pod('taskmanager-2-1')]]) } }));
  expect(drawnSince()).toBe(1);
  expect(text()).toContain('taskmanager-2-1');
});

test('a defect is shown in its place, and tried again a second later', async () => {
  const { text, next } = show(
    <PanelSafely name="pods" area={area}>
      <PodsPanel area={area} />
    </PanelSafely>,
    frame({ session: { ...richSession(), pods: null as never } }),
  );
  expect(text()).toMatch(/╭ Pods ─+╮\n│ {2}This panel cannot be drawn: /);
  await next(() => ({ session: richSession() }));
  expect(text()).toContain('This panel cannot be drawn');
  await next((before) => ({ now: before.now + 1_000 }));
  expect(text()).toContain('taskmanager-1-1');
});
