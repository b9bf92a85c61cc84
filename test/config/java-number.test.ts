import { expect, test } from 'vitest';
import { formatDouble, parseDouble, parseInteger } from '../../src/config/java/java-number.ts';

test.each([
  [1, '1.0'],
  [0, '0.0'],
  [-0, '-0.0'],
  [0.5, '0.5'],
  [1.25, '1.25'],
  [0.001, '0.001'],
  [0.0005, '5.0E-4'],
  [9999999, '9999999.0'],
  [10000000, '1.0E7'],
  [12345678, '1.2345678E7'],
  [100000000.5, '1.000000005E8'],
  [1e-5, '1.0E-5'],
  [1e300, '1.0E300'],
  [0.1 * 3, '0.30000000000000004'],
  [Number.NaN, 'NaN'],
  [Infinity, 'Infinity'],
  [-Infinity, '-Infinity'],
])('%d is printed as Java prints it: %s', (value, text) => {
  expect(formatDouble(value)).toBe(text);
});

test.each([
  ['1', 1],
  [' 2 ', 2],
  ['1d', 1],
  ['1.5f', 1.5],
  ['.5', 0.5],
  ['5.', 5],
  ['1e3', 1000],
  ['-0.25', -0.25],
])('%j is the number %d', (text, value) => {
  expect(parseDouble(text)).toBe(value);
});

test.each(['two', '', '1,5', '1.2.3', '0x10'])('%j is not a number', (text) => {
  expect(parseDouble(text)).toBeUndefined();
});

test.each([
  ['2147483648', 2147483648n],
  ['+7', 7n],
  ['-07', -7n],
  [' 7', undefined],
  ['1.0', undefined],
  ['', undefined],
])('%j as an integer is %s', (text, value) => {
  expect(parseInteger(text)).toBe(value);
});
