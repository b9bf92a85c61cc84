import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Launch } from '../../src/session/launch.ts';
import { openLaunches } from '../../src/session/launches.ts';
import { systemClock } from '../../src/support/clock.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'drey-launches-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const [one, two] = ['1'.repeat(32), '2'.repeat(32)];
const launch: Launch = {
  jar: { path: '/jars/orders.jar', name: 'orders-123456789abc.jar' },
  entryClass: undefined,
  arguments: ['--topic', 'a b'],
  parallelism: 2,
  configuration: { 'state.backend': 'rocksdb' },
  allowNonRestoredState: false,
};
const open = () => openLaunches({ folder, clock: systemClock });
const fileOf = (id: string): string => join(folder, 'launches', `${id}.json`);

test('what a job was started with is known to later sessions, and readable by its user only: arguments may be secrets', () => {
  open().keep(one, launch);
  expect(open().of(one)).toEqual(launch);
  expect(open().of(two)).toBeUndefined();
  expect(statSync(fileOf(one)).mode & 0o777).toBe(0o600);
});

test.each(['', '{}', '{"version":2}', 'no JSON'])('a record that is %j tells nothing', (text) => {
  open().keep(one, launch);
  writeFileSync(fileOf(one), text);
  expect(open().of(one)).toBeUndefined();
});

test('a word that is not the id of a job is never taken for a path', () => {
  expect(open().of('../operations/a')).toBeUndefined();
});

test('a record of more than a year ago is removed when the next one is kept', () => {
  open().keep(one, launch);
  utimesSync(fileOf(one), 0, 0);
  open().keep(two, launch);
  expect(open().of(one)).toBeUndefined();
  expect(open().of(two)).toEqual(launch);
});

test('a folder that cannot be written is reported with what is lost', () => {
  writeFileSync(join(folder, 'launches'), '');
  expect(() => open().keep(one, launch)).toThrow(`What job ${one} was started with cannot be kept in`);
});
