import { describe, expect, test } from 'vitest';
import { hasChanged, linesLeftBehind, pauseAfter, readEnd, type FileEnd } from '../../src/inside/process/log-file.ts';

/** A file in pieces of this many bytes, as it comes over the network. */
async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}

const half = 2 ** 19;

describe('the end of a file', () => {
  test('is all of a short one, and an empty one has no lines', async () => {
    expect(await readEnd(pieces('one\ntwo\n', 3))).toEqual({ lines: ['one', 'two'], bytes: 8, from: 0 });
    expect(await readEnd(pieces('', 3))).toEqual({ lines: [], bytes: 0, from: 0 });
    expect(await readEnd(pieces('one\ntwo', 3))).toMatchObject({ lines: ['one', 'two'] });
  });

  test('is its last half megabyte, from the first whole line on, in whatever pieces it comes', async () => {
    const line = (index: number): string => `line ${String(index).padStart(6, '0')} ä`;
    const text = Array.from({ length: 60_000 }, (_, index) => `${line(index)}\n`).join('');
    const whole = Buffer.from(text);
    for (const size of [997, 65_536, whole.byteLength]) {
      const { lines, bytes, from } = await readEnd(pieces(text, size));
      expect(bytes).toBe(whole.byteLength);
      expect(lines.at(-1)).toBe(line(59_999));
      expect(whole.subarray(from).toString()).toBe(lines.map((each) => `${each}\n`).join(''));
      expect(bytes - from).toBeLessThanOrEqual(half);
      expect(bytes - from).toBeGreaterThan(half - 20);
    }
  });

  test('is one line if the file has no other', async () => {
    const { lines, from } = await readEnd(pieces('x'.repeat(half + 10), 4_096));
    expect(lines.map(({ length }) => length)).toEqual([half]);
    expect(from).toBe(10);
  });
});

const end = (from: number, ...lines: readonly string[]): FileEnd => ({
  lines,
  from,
  bytes: from + lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0),
});

test('a file that has grown has left those lines behind that begin before its end', () => {
  expect(linesLeftBehind(end(0, 'one', 'two'), end(0, 'one', 'two', 'three'))).toBe(0);
  expect(linesLeftBehind(end(0, 'ä', 'two', 'three'), end(7, 'three', 'four', 'five'))).toBe(2);
  expect(linesLeftBehind(end(10, 'one', 'two'), end(90, 'ten'))).toBe(2);
});

test('a file that is shorter than before is another one', () => {
  expect(linesLeftBehind(end(100, 'one', 'two'), end(0, 'one'))).toBe(2);
});

test('a file is read again if its size or its time has changed, and the larger it is the later', () => {
  const file = { name: 'a.log', bytes: 10, changedAt: 5 };
  expect([hasChanged(file, file), hasChanged(file, { ...file, bytes: 11 }), hasChanged(file, { ...file, changedAt: 6 })]).toEqual([
    false,
    true,
    true,
  ]);
  expect([pauseAfter(2 ** 20), pauseAfter(500 * 2 ** 20)]).toEqual([1_000, 500_000]);
});
