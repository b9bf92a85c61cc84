import { setImmediate as drawn } from 'node:timers/promises';
import { cleanup, render } from 'ink-testing-library';
import { afterEach, expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { Picker, type PickerState, type PickerTexts } from '../../../src/tui/components/picker.tsx';
import { defaultKeys, withOverrides } from '../../../src/tui/state/keys.ts';
import { clusterColumns, type ClusterRow } from '../../../src/session/tables/clusters.ts';
import { plain } from '../../../src/support/text-width.ts';
import { colourful, now } from '../fixtures.ts';

afterEach(cleanup);

const cluster = (id: string): ClusterRow => ({
  id,
  namespace: 'default',
  createdAt: now - 7_200_000,
  ready: 1,
  wanted: 1,
  flinkVersion: '2.3.0',
  kind: 'session',
});
const rows = [cluster('analytics'), cluster('orders')];
const texts: PickerTexts<ClusterRow> = {
  title: 'Flink clusters',
  columns: clusterColumns('several'),
  verb: 'attach',
  empty: 'There is no Flink cluster here.',
};

function show(over: Partial<PickerState<ClusterRow>> = {}, more: Partial<PickerTexts<ClusterRow>> = {}, keys = defaultKeys) {
  const choice = createStore<PickerState<ClusterRow>>(() => ({
    rows: { kind: 'known', rows },
    shown: rows,
    selected: 0,
    filter: '',
    now,
    size: { columns: 80, rows: 9 },
    ...over,
  }));
  const { lastFrame, frames } = render(<Picker choice={choice} texts={{ ...texts, ...more }} keys={keys} look={colourful} />);
  return { choice, frames, text: () => plain(lastFrame() ?? '') };
}

test('the rows, what is chosen, and the keys', () => {
  expect(show({ selected: 1 }, { back: 'contexts' }).text()).toMatchInlineSnapshot(`
    "╭ Flink clusters ─────────────────────────────────────────────────────────── 2 ╮
    │   NAME                 NAMESPACE  KIND        READY FLINK   AGE              │
    │   analytics            default    session     1/1   2.3.0    2h              │
    │ ▸ orders               default    session     1/1   2.3.0    2h              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    ╰──────────────────────────────────────────────────────────────────────────────╯
     ⏎ attach   ← contexts   Esc leave   type to narrow"
  `);
});

test('what narrows the names stands below, and how many are left in the title', () => {
  const { text } = show({ filter: 'ord', shown: rows.slice(1) });
  expect(text()).toMatch(/1 of 2 ╮/);
  expect(text()).toMatch(/^ › ord/m);
  expect(show({ filter: 'zzz', shown: [] }).text()).toContain('No name contains zzz');
});

test('rows that are on their way, none at all, and a list that does not come', () => {
  expect(show({ rows: { kind: 'asking' }, shown: [] }).text()).toContain('Asking the API server');
  expect(show({ rows: { kind: 'known', rows: [] }, shown: [] }).text()).toContain('There is no Flink cluster here.');
  expect(show({ rows: { kind: 'failed', reason: 'The API server refuses connections.' }, shown: [] }).text()).toContain(
    'The API server refuses connections.',
  );
});

test('what cannot be read is counted, and is not taken for nothing', () => {
  const missing = () => '1 Deployment cannot be read';
  expect(show({}, { missing }).text()).toMatch(/ 2 · 1 Deployment cannot be read ╮/);
  const none = show({ rows: { kind: 'known', rows: [] }, shown: [] }, { missing }).text();
  expect(none).not.toContain('There is no Flink cluster here.');
  expect(none).toContain('│  1 Deployment cannot be read');
});

test('the hints name the keys that the settings have', () => {
  expect(show({}, {}, withOverrides({ 'picker.choose': ['ctrl+o'], 'picker.leave': ['f10'] })).text()).toMatch(
    /Ctrl\+O attach {3}f10 leave {3}type to narrow/,
  );
});

test('a change is drawn once', async () => {
  const { choice, frames, text } = show();
  frames.length = 0;
  choice.setState({ selected: 1 });
  await drawn();
  expect(frames).toHaveLength(1);
  expect(text()).toContain('▸ orders');
});
