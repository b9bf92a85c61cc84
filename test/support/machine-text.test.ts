import { expect, test } from 'vitest';
import { isoTime } from '../../src/support/machine-text.ts';

test('a moment is printed in UTC, and what is none is absent, whatever a server says', () => {
  expect(isoTime(0)).toBe('1970-01-01T00:00:00.000Z');
  expect(isoTime(1_800_000_000_000)).toBe('2027-01-15T08:00:00.000Z');
  for (const none of [undefined, -1, Number.NaN, 1e300, Number.POSITIVE_INFINITY]) expect(isoTime(none)).toBeUndefined();
});
