import { expect, test } from 'vitest';
import { CONFIG_MAPS } from '../../src/sandbox/api/resources.ts';
import { ObjectStore } from '../../src/sandbox/api/store.ts';
import { seededRandom } from '../../src/sandbox/base/random.ts';

const open = (history?: number): ObjectStore =>
  new ObjectStore({ random: seededRandom(1), now: () => 0, ...(history === undefined ? {} : { history }) });
const put = (store: ObjectStore, name: string, data: Readonly<Record<string, string>> = {}) =>
  store.create(CONFIG_MAPS, 'default', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });

test('a write that changes nothing tells nobody; one that read an older version is refused', () => {
  const store = open();
  const first = put(store, 'a');
  const told: string[] = [];
  store.subscribe(({ type }) => void told.push(type));
  expect(store.update(CONFIG_MAPS, { ...first })).toBe(first);
  expect(told).toEqual([]);
  const second = store.update(CONFIG_MAPS, { ...first, data: { x: '1' } });
  expect(told).toEqual(['MODIFIED']);
  expect(Number(second.metadata.resourceVersion)).toBe(Number(first.metadata.resourceVersion) + 1);
  expect(() => store.update(CONFIG_MAPS, { ...first, data: { x: '2' } }, first.metadata.resourceVersion)).toThrow(/has been modified/);
});

test('two listeners hear all changes in the same order, also those that one of them makes', () => {
  const store = open();
  const heard: Readonly<Record<'a' | 'b', string[]>> = { a: [], b: [] };
  store.subscribe(({ object }) => {
    heard.a.push(object.metadata.name);
    if (object.metadata.name === 'first') put(store, 'second');
  });
  store.subscribe(({ object }) => void heard.b.push(object.metadata.name));
  put(store, 'first');
  expect(heard).toEqual({ a: ['first', 'second'], b: ['first', 'second'] });
});

test('history has an end: what it no longer holds cannot be resumed', () => {
  const store = open(5);
  const since = store.version();
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) put(store, name);
  expect(store.oldestVersion()).toBe(since + 2);
  expect(store.changesSince(store.oldestVersion()).map(({ object }) => object.metadata.name)).toEqual(['c', 'd', 'e', 'f', 'g']);
  store.trim();
  expect(store.oldestVersion()).toBe(store.version());
});
