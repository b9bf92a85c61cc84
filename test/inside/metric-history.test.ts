import { expect, test } from 'vitest';
import { type MetricInside, pastKept, withPast } from '../../src/inside/vertex/metric-history.ts';

const metric = (max: number) => ({ name: 'busyTimeMsPerSecond', min: 0, max, avg: 1, sum: 2, skew: 0 });

test('a metric keeps its last values, oldest first, and no more than fit', () => {
  let known: readonly MetricInside[] = [];
  for (let nth = 1; nth <= pastKept + 5; nth += 1) known = withPast([metric(nth)], known);
  expect(known[0]?.max).toBe(pastKept + 5);
  expect(known[0]?.past).toHaveLength(pastKept);
  expect(known[0]?.past[0]?.max).toBe(6);
  expect(known[0]?.past.at(-1)?.max).toBe(pastKept + 5);
});

test('a metric that is not reported any more is forgotten', () => {
  expect(withPast([], withPast([metric(1)], []))).toEqual([]);
});
