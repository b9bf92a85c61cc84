import { expect, test } from 'vitest';
import { afterFailure } from '../../src/kubernetes/watch/list-watch.ts';
import { Problem, type ProblemKind } from '../../src/support/problem.ts';

/** What follows a row of watches that ended this way: `watch` from where it was, `list` again, or list `at once`. */
function course(...ends: readonly (ProblemKind | 'early')[]): string {
  let tries = { failures: 0, expired: 0 };
  return ends
    .map((end) => {
      const after = afterFailure(tries, end === 'early' ? undefined : new Problem(end, 'It failed.'));
      tries = after.tries;
      return after.soon ? 'at once' : after.relist ? 'list' : 'watch';
    })
    .join(', ');
}

test('a version that is too old to watch from is listed again at once, but only once', () => {
  expect(course('gone', 'gone', 'gone')).toBe('at once, list, list');
});

test('a server that is away is asked to go on from where the watch was, however often it fails', () => {
  expect(course('unreachable', 'unreachable', 'unreachable', 'unreachable')).toBe('watch, watch, watch, watch');
});

test('a server that ends the watch again and again is listed again: perhaps it cannot go on from there', () => {
  expect(course('early', 'unavailable', 'early', 'early')).toContain('list');
  expect(course('early')).toBe('watch');
});
