import { expect, test } from 'vitest';
import type { LogLine } from '../../../src/kubernetes/model/types.ts';
import { LogBuffer } from '../../../src/session/logs/log-buffer.ts';
import { LogStore } from '../../../src/session/logs/log-store.ts';
import { levelOf } from '../../../src/session/level-of.ts';
import { logLine } from '../../support/log-line.ts';

const encoder = new TextEncoder();
const line = (text: string, at = 1): LogLine => logLine(at, text);
const all = (buffer: LogBuffer): readonly (string | undefined)[] =>
  Array.from({ length: buffer.next - buffer.first }, (_, n) => buffer.text(buffer.first + n));

test('lines come back as they were, also when what was handed in is used again', () => {
  const buffer = new LogBuffer();
  const shared = encoder.encode('Grüße 🐿');
  buffer.append([logLine(5, shared), line(''), line('three', 7)]);
  shared.fill(0x20);
  expect(all(buffer)).toEqual(['Grüße 🐿', '', 'three']);
  expect([buffer.stamp(0), buffer.stamp(2), buffer.bytesSeen]).toEqual([5, 7, 17]);
  expect([buffer.text(-1), buffer.text(3), buffer.stamp(3)]).toEqual([undefined, undefined, Number.NaN]);
});

test('the oldest lines fall out when there are too many, and the numbers of the others stay', () => {
  const buffer = new LogBuffer({ maxLines: 3_000, maxBytes: 1 << 20 });
  for (let n = 0; n < 10_000; n += 1) buffer.append([line(`line ${n}`, n)]);
  expect([buffer.first, buffer.next]).toEqual([7_000, 10_000]);
  expect(buffer.text(6_999)).toBeUndefined();
  for (let n = 7_000; n < 10_000; n += 1) expect(buffer.text(n)).toBe(`line ${n}`);
});

test('the oldest lines fall out when they take too many bytes', () => {
  const buffer = new LogBuffer({ maxLines: 50_000, maxBytes: 1 << 20 });
  const text = 'x'.repeat(1_000);
  for (let n = 0; n < 5_000; n += 1) buffer.append([line(`${n} ${text}`)]);
  expect(buffer.allocated).toBeLessThanOrEqual(1 << 20);
  expect(buffer.next - buffer.first).toBeGreaterThan(500);
  expect(all(buffer)).toEqual(Array.from({ length: buffer.next - buffer.first }, (_, n) => `${buffer.first + n} ${text}`));
});

test('a line that is longer than a slab is kept whole, and one that was cut says so', () => {
  const buffer = new LogBuffer();
  buffer.append([line('y'.repeat(300_000)), { ...line('z'), cut: true }]);
  expect(buffer.text(0)).toHaveLength(300_000);
  expect(buffer.text(1)).toBe('z… [line cut]');
});

test('stamps never go back within a log', () => {
  const buffer = new LogBuffer();
  buffer.append([line('a', 10), line('b', 8), line('c', 11)]);
  expect([0, 1, 2].map((n) => buffer.stamp(n))).toEqual([10, 10, 11]);
  expect(buffer.lastStamp).toEqual({ at: 11, lines: 1 });
});

test('a stack trace has the level of its entry; what follows it does not', () => {
  const buffer = new LogBuffer();
  buffer.append(
    [
      '2026-11-22 11:27:32,618 ERROR x [] - failed',
      'java.lang.IllegalStateException: bar',
      '    at a.b(C.java:1)',
      '3> (word,1)',
      '2026-11-22 11:27:32,618 INFO  x [] - on',
    ].map((text) => line(text)),
  );
  expect([0, 1, 2, 3, 4].map((n) => levelOf(buffer.level(n)))).toEqual(['ERROR', 'ERROR', 'ERROR', undefined, 'INFO']);
});

test('any sequence of appends keeps exactly the youngest lines', () => {
  let seed = 7;
  const random = (most: number): number => (seed = (seed * 48_271) % 2_147_483_647) % most;
  for (let round = 0; round < 40; round += 1) {
    const bounds = { maxLines: 1 + random(200), maxBytes: 20_000 + random(200_000) };
    const buffer = new LogBuffer(bounds);
    const model: string[] = [];
    for (let step = 0; step < 60; step += 1) {
      const batch = Array.from({ length: random(30) }, () => 'abc'.repeat(random(60)) + random(1_000));
      model.push(...batch);
      buffer.append(batch.map((text) => line(text)));
      expect(buffer.next).toBe(model.length);
      expect(all(buffer)).toEqual(model.slice(buffer.first));
      expect(buffer.next - buffer.first).toBeLessThanOrEqual(bounds.maxLines);
      expect(buffer.next - buffer.first).toBeGreaterThanOrEqual(Math.min(batch.length, 1));
    }
  }
});

test('all logs together keep within one bound: the log that is looked at and quiet logs lose nothing', () => {
  const store = new LogStore({ totalBytes: 4 << 20 });
  store.select(['looked-at']);
  const text = 'x'.repeat(500);
  store.append('quiet', [line('hello', 1)]);
  store.append(
    'looked-at',
    Array.from({ length: 2_000 }, (_, n) => line(`${n} ${text}`, 2)),
  );
  for (let n = 0; n < 20_000; n += 1) store.append(n % 2 === 0 ? 'loud-a' : 'loud-b', [line(`${n} ${text}`, 3 + n)]);
  expect(store.allocated).toBeLessThanOrEqual(4 << 20);
  expect(store.get('quiet')?.text(0)).toBe('hello');
  expect(store.get('looked-at')?.first).toBe(0);
  expect(store.get('loud-a')?.first).toBeGreaterThan(0);
  expect(store.get('loud-b')?.first).toBeGreaterThan(0);
  expect(store.get('loud-b')?.text(9_999)).toMatch(/^19999 /);
});

test('errors and warnings are counted by the minute as they come, each with its trace once, and stay counted when they fall out', () => {
  const buffer = new LogBuffer({ maxLines: 4, maxBytes: 1 << 20 });
  const minute = 60_000;
  buffer.append([
    logLine(minute, '2026-11-22 11:27:32,618 ERROR a.B [] - failed'),
    logLine(minute, 'java.io.IOException: disk full'),
    logLine(minute, '\tat a.B.c(B.java:1)'),
    logLine(minute, '2026-11-22 11:27:32,618 WARN  a.B [] - slow'),
    logLine(2 * minute, '2026-11-22 11:27:32,618 INFO  a.B [] - fine'),
    logLine(2 * minute, '2026-11-22 11:27:32,618 ERROR a.B [] - failed'),
    logLine(2 * minute, '2026-11-22 11:27:32,618 ERROR a.B [] - failed'),
  ]);
  const counted = { errors: new Uint32Array(4), warnings: new Uint32Array(4) };
  buffer.addTroubles(counted, 0);
  expect(counted).toEqual({ errors: new Uint32Array([0, 1, 2, 0]), warnings: new Uint32Array([0, 1, 0, 0]) });
  // Those of other logs are added, from any minute on.
  buffer.addTroubles(counted, 0);
  expect(counted.errors).toEqual(new Uint32Array([0, 2, 4, 0]));
  const later = { errors: new Uint32Array(2), warnings: new Uint32Array(2) };
  buffer.addTroubles(later, 2);
  expect(later).toEqual({ errors: new Uint32Array([2, 0]), warnings: new Uint32Array([0, 0]) });
});
