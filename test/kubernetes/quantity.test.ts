import { expect, test } from 'vitest';
import { parseQuantity } from '../../src/kubernetes/model/quantity.ts';

test.each([
  ['1', 1],
  ['0.5', 0.5],
  ['.5', 0.5],
  ['500m', 0.5],
  ['1728Mi', 1_811_939_328],
  ['2Gi', 2_147_483_648],
  ['64Ki', 65_536],
  ['1G', 1e9],
  ['1k', 1000],
  ['100n', 1e-7],
  ['5u', 5e-6],
  ['1e3', 1000],
  ['1E3', 1000],
  ['2E', 2e18],
  ['1Ei', 2 ** 60],
  ['-1', -1],
  ['+2', 2],
  ['1.', 1],
])('quantity %s is %d', (text, expected) => {
  expect(parseQuantity(text)).toBeCloseTo(expected, 12);
});

test.each(['', 'x', '1KiB', '1 Gi', 'Mi', '1mi', undefined])('%s is not a quantity', (text) => {
  expect(parseQuantity(text)).toBeUndefined();
});

test('a quantity that is a number already stays one', () => {
  expect(parseQuantity(3)).toBe(3);
  expect(parseQuantity(Number.NaN)).toBeUndefined();
});
