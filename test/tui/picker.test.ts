import { expect, test } from 'vitest';
import { clusterColumns, type ClusterRow } from '../../src/session/tables/clusters.ts';
import { Problem } from '../../src/support/problem.ts';
import { pick, type PickerOptions } from '../../src/tui/picker.tsx';
import { defaultSettings } from '../../src/tui/settings/settings.ts';
import { attack } from '../support/hostile-cluster.ts';
import { now } from './fixtures.ts';
import { EmulatedTerminal } from './harness.ts';

const cluster = (id: string, over: Partial<ClusterRow> = {}): ClusterRow => ({
  id,
  namespace: 'default',
  createdAt: now - 7_200_000,
  ready: 1,
  wanted: 1,
  flinkVersion: '2.3.0',
  kind: 'session',
  ...over,
});
const clusters = [
  cluster('analytics'),
  cluster('orders', { namespace: 'prod', ready: 0, flinkVersion: undefined }),
  cluster('orders-next', { createdAt: undefined }),
];

function open(
  rows: readonly ClusterRow[] | Promise<readonly ClusterRow[]> = clusters,
  {
    columns = 80,
    ...more
  }: Partial<Pick<PickerOptions<ClusterRow>, 'back' | 'more' | 'title' | 'settings'>> & { readonly columns?: number } = {},
) {
  const terminal = new EmulatedTerminal(columns, 24);
  const abort = new AbortController();
  const picked = pick(rows, {
    streams: terminal.streams,
    env: { LANG: 'C.UTF-8', COLORTERM: 'truecolor' },
    settings: defaultSettings,
    signal: abort.signal,
    title: 'Flink clusters in namespace default',
    columns: clusterColumns('several'),
    nameOf: ({ namespace, id }) => `${namespace}/${id}`,
    verb: 'attach',
    empty: 'There is no Flink cluster here.',
    clock: { now: () => now, monotonic: () => 0, sleep: () => new Promise(() => {}) },
    ...more,
  });
  const chosen = picked.then((choice) => (choice.kind === 'row' ? choice.row : undefined));
  return { terminal, picked, chosen, abort };
}

test('the arrows choose a cluster, Enter attaches to it', async () => {
  const { terminal, chosen } = open();
  await terminal.whole.sees(/▸ analytics +default +session +1\/1 +2\.3\.0 +2h/);
  await terminal.whole.sees(/orders +prod +session +0\/1 +-/);
  terminal.type('↓');
  await terminal.whole.sees('▸ orders');
  terminal.type('⏎');
  expect(await chosen).toBe(clusters[1]);
  await terminal.when('is the main screen again', () => !terminal.fullScreen);
});

test('typing narrows the list, Backspace widens it again', async () => {
  const { terminal, chosen } = open();
  await terminal.whole.sees('analytics');
  terminal.type('next');
  await terminal.whole.seesNo('analytics');
  await terminal.whole.sees('1 of 3');
  terminal.type('⏎');
  expect((await chosen)?.id).toBe('orders-next');
});

test.each(['⎋', '⌃c'])('%s leaves without a choice', async (key) => {
  const { terminal, chosen } = open();
  await terminal.whole.sees('analytics');
  terminal.type(key);
  expect(await chosen).toBeUndefined();
});

test.each([
  ['picker.choose', 'x', { kind: 'row', row: clusters[0] }],
  ['picker.leave', 'Q', { kind: 'none' }],
] as const)('%s can be given another key, as every action', async (id, key, choice) => {
  const { terminal, picked } = open(clusters, { settings: { ...defaultSettings, keys: { [id]: [key] } } });
  await terminal.whole.sees('▸ analytics');
  terminal.type(key);
  expect(await picked).toEqual(choice);
});

test('what is typed can be taken back to its start at once', async () => {
  const { terminal, chosen } = open();
  await terminal.whole.sees('analytics');
  terminal.type('next');
  await terminal.whole.seesNo('analytics');
  terminal.type('⌃u');
  await terminal.whole.sees('▸ analytics');
  terminal.type('⎋');
  expect(await chosen).toBeUndefined();
});

test('a signal leaves, and gives the terminal back', async () => {
  const { terminal, chosen, abort } = open();
  await terminal.whole.sees('analytics');
  abort.abort();
  expect(await chosen).toBeUndefined();
  await terminal.when('is the main screen again', () => !terminal.fullScreen);
});

test('a filter that nothing matches says so, and Enter chooses nothing', async () => {
  const { terminal, chosen } = open();
  terminal.type('zzz');
  await terminal.whole.sees('No name contains zzz');
  terminal.type('⎋');
  await terminal.whole.sees('analytics');
  terminal.type('⎋');
  expect(await chosen).toBeUndefined();
});

test('more clusters than rows scroll, and a resize is drawn at once', async () => {
  const { terminal, chosen } = open(Array.from({ length: 60 }, (_, index) => cluster(`c-${index}`)));
  await terminal.whole.sees('▸ c-0');
  terminal.type('↓'.repeat(40));
  await terminal.whole.sees('▸ c-40');
  terminal.resize(60, 15);
  await terminal.when('is smaller', () => terminal.rows()[13]?.startsWith('╰') === true);
  await terminal.whole.sees('▸ c-40');
  terminal.type('⏎');
  expect((await chosen)?.id).toBe('c-40');
});

test('a list that is on its way says so, and then stands there', async () => {
  const rows = Promise.withResolvers<readonly ClusterRow[]>();
  const { terminal, chosen } = open(rows.promise);
  await terminal.whole.sees('Asking the API server');
  rows.resolve(clusters);
  await terminal.whole.sees('▸ analytics');
  terminal.type('⏎');
  expect(await chosen).toEqual(clusters[0]);
});

test('a list that does not come says why, and can be left', async () => {
  const { terminal, picked } = open(Promise.reject(new Problem('unreachable', 'The API server at prod:6443 refuses connections.')));
  await terminal.whole.sees('The API server at prod:6443 refuses connections.');
  terminal.type('⏎');
  terminal.type('⎋');
  expect(await picked).toEqual({ kind: 'none' });
});

test('← leads to the contexts where there is something to go back to', async () => {
  const { terminal, picked } = open(clusters, { back: 'contexts' });
  await terminal.whole.sees('← contexts');
  terminal.type('←');
  expect(await picked).toEqual({ kind: 'back' });
  const alone = open();
  await alone.terminal.whole.sees('analytics');
  expect(alone.terminal.whole.text()).not.toContain('contexts');
  alone.terminal.type('←↓⏎');
  expect(await alone.chosen).toEqual(clusters[1]);
});

test('more is asked only of the clusters that are looked at, and stands beside them when it comes', async () => {
  const asked = new Set<string>();
  const many = Array.from({ length: 60 }, (_, index) => cluster(`c${String(index).padStart(2, '0')}`));
  let heard = (): void => {};
  let jobs = 'asking';
  const { terminal, chosen } = open(many, {
    columns: 120,
    more: {
      of(row) {
        asked.add(row.id);
        return { jobs, trouble: '' };
      },
      onNews: (listener) => (heard = listener),
    },
  });
  await terminal.whole.sees(/▸ c00 .* asking/);
  expect(asked.has('c59')).toBe(false);
  jobs = '2 up, 1 failed';
  heard();
  await terminal.whole.sees(/▸ c00 .* 2 up, 1 failed/);
  terminal.type('⏎');
  expect((await chosen)?.id).toBe('c00');
  expect(asked.size).toBeLessThan(25);
});

test('names that attack the terminal are odd names in the list, and what is chosen is still found by its own', async () => {
  const hostile = { ...cluster(`evil${attack}`), kind: `s${attack}`, flinkVersion: `2${attack}`, namespace: `n${attack}` };
  const failed = open(Promise.reject(new Problem('unreachable', `refused${attack}`)), { columns: 200 });
  await failed.terminal.whole.sees('refusedx');
  const { terminal, chosen } = open([hostile], {
    columns: 200,
    title: `Flink clusters of ${attack}`,
    more: { of: () => ({ jobs: `1 up${attack}`, trouble: `failing${attack}` }), onNews: () => {} },
  });
  await terminal.whole.sees(/▸ evilx.* 1 upx.* failingx/);
  terminal.type('zzz\u009b31m');
  await terminal.whole.sees('No name contains zzz');
  for (const {
    stdout: { written },
    rows,
  } of [terminal, failed.terminal].map((each) => ({ stdout: each.stdout, rows: each.rows() }))) {
    expect(written).not.toMatch(
      /\u001b[P\]X^_]|\u001b\[(?:\d+n|8m|31m)|[\u0007\u0008\u0080-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\udb40/,
    );
    expect(rows.filter((row) => /^\s*FORGED/.test(row) || /^│.*[^│]$/.test(row))).toEqual([]);
  }
  terminal.type('⎋');
  await terminal.whole.sees('▸ evilx');
  expect(terminal.rows().filter((row) => /^│.*[^│]$/.test(row))).toEqual([]);
  terminal.type('⏎');
  expect(await chosen).toBe(hostile);
  failed.terminal.type('⎋');
  await failed.picked;
});
