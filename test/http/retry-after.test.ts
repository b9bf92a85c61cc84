import { expect, test } from 'vitest';
import { retryAfterOf } from '../../src/http/retry-after.ts';

test.each([
  ['0', 0],
  ['7', 7_000],
  ['86400', 86_400_000],
  ['9'.repeat(24), 1e27],
])('Retry-After: %s is a time in seconds', (value, ms) => {
  expect(retryAfterOf(value)).toBe(ms);
});

test.each([undefined, '', '-1', 'NaN', 'Infinity', '1.5', '1e9', '0x10', 'Wed, 21 Oct 2026 07:28:00 GMT'])(
  'Retry-After: %s says nothing',
  (value) => {
    expect(retryAfterOf(value)).toBeUndefined();
  },
);
