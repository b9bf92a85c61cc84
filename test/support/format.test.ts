import { expect, test } from 'vitest';
import {
  formatAge,
  formatBytes,
  formatCount,
  formatCpu,
  formatDateTime,
  formatDuration,
  formatLapse,
  formatMemory,
  formatPercent,
  formatRate,
  formatSpan,
  formatStamp,
  formatTime,
} from '../../src/support/format.ts';

const s = 1000;
const m = 60 * s;
const h = 60 * m;
const d = 24 * h;

test.each([
  [-5, '0s'],
  [0, '0s'],
  [999, '0s'],
  [40 * s, '40s'],
  [59_999, '59s'],
  [m, '1m'],
  [12 * m + 30 * s, '12m'],
  [2 * h, '2h'],
  [47 * h, '47h'],
  [2 * d, '2d'],
  [400 * d, '400d'],
  [Number.NaN, '-'],
  [Number.POSITIVE_INFINITY, '-'],
  [-9e18, '-'],
  [undefined, '-'],
])('an age of %s ms is %s', (ms, text) => expect(formatAge(ms)).toBe(text));

test.each([
  [0, '0s'],
  [350, '350ms'],
  [4_250, '4.2s'],
  [5 * s, '5s'],
  [41 * s, '41s'],
  [200 * s, '3m 20s'],
  [3 * m, '3m'],
  [2 * h + 14 * m + 3 * s, '2h 14m'],
  [d, '1d'],
  [5 * d + 3 * h, '5d 3h'],
  [d + 5 * m, '1d'],
  [Number.NaN, '-'],
])('a duration of %d ms is %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

test.each([
  [0, '0 s'],
  [44 * s, '44 s'],
  [90 * s, '90 s'],
  [3 * m, '3 min'],
  [3 * h, '3 h'],
  [3 * d, '3 d'],
  [Number.NaN, '-'],
])('in a sentence %d ms are %s', (ms, text) => expect(formatSpan(ms)).toBe(text));

test.each([
  [0, '0B'],
  [512, '512B'],
  [1536, '1.5Ki'],
  [1728 * 2 ** 20, '1728Mi'],
  [20 * 2 ** 30, '20Gi'],
  [12.4 * 2 ** 20, '12Mi'],
])('a memory of %d bytes is %s', (bytes, text) => expect(formatMemory(bytes)).toBe(text));

test.each([
  [999, '999 B'],
  [12_000, '12 kB'],
  [12_400_000, '12.4 MB'],
  [999_960, '1.0 MB'],
  [3.1e9, '3.1 GB'],
  [250e6, '250 MB'],
])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test.each([
  [0, '0'],
  [999, '999'],
  [18_204, '18,204'],
  [1_000_000, '1,000,000'],
  [-1234, '-1,234'],
  [-0.4, '0'],
])('the count %d is %s', (value, text) => expect(formatCount(value)).toBe(text));

test.each([
  [940, '940'],
  [999.9, '1k'],
  [1200, '1.2k'],
  [18_300, '18k'],
  [3_400_000, '3.4M'],
  [0, '0'],
])('the rate %d is %s', (value, text) => expect(formatRate(value)).toBe(text));

test.each([
  [0, '0'],
  [0.25, '250m'],
  [0.9999, '1'],
  [1.5, '1.5'],
  [12.2, '12'],
])('%d cores are %s', (value, text) => expect(formatCpu(value)).toBe(text));

test('a share is whole percent', () => expect(formatPercent(0.966)).toBe('97%'));

test('stamps are local and exact', () => {
  const at = new Date(2026, 10, 22, 11, 34, 16, 221).getTime();
  expect(formatStamp(at)).toBe('11:34:16.221');
  expect(formatStamp(at + 1000)).toBe('11:34:17.221');
  expect(formatStamp(at + 1.5)).toBe('11:34:16.222');
  expect(formatTime(at)).toBe('11:34:16');
  expect(formatDateTime(at)).toMatch(/^2026-11-22 11:34:16 [+-]\d\d:\d\d$/);
});

test.each([
  [0, '+0.000', '+0'],
  [221, '+0.221', '+0'],
  [-72_030, '-1:12.030', '-1:12'],
  [3_783_221, '+1:03:03.221', '+1:03:03'],
  [Number.NaN, '-', '-'],
])('%d ms later is %s, or %s', (ms, exact, short) => {
  expect([formatLapse(ms, true), formatLapse(ms, false)]).toEqual([exact, short]);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 9e18])('there is no moment %d: a dash stands for it', (at) => {
  expect([formatTime(at), formatDateTime(at)]).toEqual(['-', '-']);
});
