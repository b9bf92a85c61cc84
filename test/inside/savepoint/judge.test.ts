import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { judgeSavepoint, type SeenFolder } from '../../../src/inside/savepoint/judge.ts';

const content = (name: string): Buffer => readFileSync(join(import.meta.dirname, `${name}.metadata`));

/** Without files elsewhere it would be whole: `raw`, `b`, `p1` and `chan` lie in the folder, and the others do not. */
const everyKind = content('every-kind-6');
const its = { _metadata: everyKind.length, raw: 12, b: 200, p1: 2_000, chan: 500 };

const folder = (files: Readonly<Record<string, number>>, given: Partial<SeenFolder> = {}): SeenFolder => ({
  path: '/data/savepoint-1',
  writtenAt: 1,
  files: new Map(Object.entries(files)),
  filesCut: false,
  metadata: everyKind,
  ...given,
});
const verdict = (seen: SeenFolder) => {
  const { state, reason } = judgeSavepoint(seen);
  return [state, reason];
};

test('one whose state is in its _metadata is whole', () => {
  const metadata = content('counter-canonical');
  expect(judgeSavepoint(folder({ _metadata: metadata.length }, { metadata }))).toMatchObject({
    path: 'file:/data/savepoint-1',
    state: 'whole',
    reason: undefined,
    metadata: { checkpointId: 83 },
  });
});

test('a file that is missing, or shorter than the state in it, makes it broken', () => {
  const { raw: _raw, b: _b, ...others } = its;
  expect(verdict(folder(others))).toEqual(['broken', '2 of the 4 files that it names are missing: raw, b.']);
  expect(verdict(folder({ ...its, p1: 1_999 }))).toEqual(['broken', 'Its file p1 has 1999 of 2000 bytes.']);
});

test('a file of another folder is not looked at, and so it is not known to be whole', () => {
  expect(verdict(folder(its))).toEqual(['unknown', '5 of the files that it names lie in other folders, which are not looked at.']);
});

test('an absolute path into the folder itself is looked at', () => {
  const files = { ...its, a: 100, s1: 1_000, base: 3_000, dstl: 400 };
  expect(verdict(folder(files, { path: '/tmp/shared' }))).toEqual([
    'unknown',
    '1 of the files that it names lies in other folders, which are not looked at.',
  ]);
});

test('one without _metadata is not complete, and one whose _metadata is cut is broken', () => {
  expect(verdict(folder({ raw: 12 }, { metadata: undefined }))).toEqual([
    'broken',
    'It has no _metadata: it was not completed, or it is being written.',
  ]);
  expect(verdict(folder(its, { metadata: everyKind.subarray(0, 300) }))).toEqual([
    'broken',
    'Its _metadata is damaged: it ends too early.',
  ]);
});

test('what is too large to be read is not known, and so is what has too many files to be listed', () => {
  expect(verdict(folder({ _metadata: 90_000_000 }, { metadata: undefined }))).toEqual([
    'unknown',
    'Its _metadata is not read here: it has 90.0 MB.',
  ]);
  expect(verdict(folder({ _metadata: 1 }, { filesCut: true }))).toEqual(['unknown', 'It has more files than are listed here.']);
});
