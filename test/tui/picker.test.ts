import { expect, test } from 'vitest';
import { pickCluster, type PickerRow } from '../../src/tui/picker.tsx';
import { defaultSettings } from '../../src/tui/settings.ts';
import { now } from './fixtures.ts';
import { EmulatedTerminal } from './harness.ts';

const cluster = (id: string, over: Partial<PickerRow> = {}): PickerRow => ({ id, namespace: 'default', createdAt: now - 7_200_000, ready: 1, wanted: 1, flinkVersion: '2.3.0', kind: 'session', ...over });
const clusters = [cluster('analytics'), cluster('orders', { namespace: 'prod', ready: 0, flinkVersion: undefined }), cluster('orders-next', { createdAt: undefined })];

function open(rows: readonly PickerRow[] = clusters, columns = 80) {
  const terminal = new EmulatedTerminal(columns, 24);
  const abort = new AbortController();
  const chosen = pickCluster(rows, {
    streams: terminal.streams, env: { LANG: 'C.UTF-8', COLORTERM: 'truecolor' }, settings: defaultSettings, signal: abort.signal, where: 'namespace default',
    clock: { now: () => now, monotonic: () => 0, sleep: () => new Promise(() => {}) },
  });
  return { terminal, chosen, abort };
}

test('the arrows choose a cluster, Enter attaches to it', async () => {
  const { terminal, chosen } = open();
  await terminal.sees(/▸ analytics +default +session +1\/1 +2\.3\.0 +2h/);
  await terminal.sees(/orders +prod +session +0\/1 +-/);
  terminal.type('↓');
  await terminal.sees('▸ orders');
  terminal.type('⏎');
  expect(await chosen).toBe(clusters[1]);
  await terminal.when('is the main screen again', () => !terminal.fullScreen);
});

test('typing narrows the list, Backspace widens it again', async () => {
  const { terminal, chosen } = open();
  await terminal.sees('analytics');
  terminal.type('next');
  await terminal.seesNo('analytics');
  await terminal.sees('1 of 3');
  terminal.type('⏎');
  expect((await chosen)?.id).toBe('orders-next');
});

test.each(['⎋', '⌃c'])('%s leaves without a choice', async (key) => {
  const { terminal, chosen } = open();
  await terminal.sees('analytics');
  terminal.type(key);
  expect(await chosen).toBeUndefined();
});

test('a signal leaves, and gives the terminal back', async () => {
  const { terminal, chosen, abort } = open();
  await terminal.sees('analytics');
  abort.abort();
  expect(await chosen).toBeUndefined();
  await terminal.when('is the main screen again', () => !terminal.fullScreen);
});

test('a filter that nothing matches says so, and Enter chooses nothing', async () => {
  const { terminal, chosen } = open();
  terminal.type('zzz');
  await terminal.sees("No cluster's name contains zzz");
  terminal.type('⎋');
  await terminal.sees('analytics');
  terminal.type('⎋');
  expect(await chosen).toBeUndefined();
});

test('more clusters than rows scroll, and a resize is drawn at once', async () => {
  const { terminal, chosen } = open(Array.from({ length: 60 }, (_, index) => cluster(`c-${index}`)));
  await terminal.sees('▸ c-0');
  terminal.type('↓'.repeat(40));
  await terminal.sees('▸ c-40');
  terminal.resize(60, 15);
  await terminal.when('is smaller', () => terminal.rows()[13]?.startsWith('╰') === true);
  await terminal.sees('▸ c-40');
  terminal.type('⏎');
  expect((await chosen)?.id).toBe('c-40');
});
