import { expect, test } from 'vitest';
import { formatRate } from '../../src/support/format.ts';
import { width } from '../../src/support/text-width.ts';
import { chartLines, chartRange } from '../../src/tui/rows/chart.ts';

const form = { width: 14, height: 5, ascii: true, format: formatRate };

test('a chart rises from the left to its newest value, beside its scale', () => {
  expect(chartLines([0, 250, 500, 750, 1_000], form)).toEqual([
    ' 1k |        *',
    '    |       *',
    '500 |      *',
    '    |     *',
    '  0 |    *',
  ]);
});

test('a jump is one line, and a value that is not known is a gap', () => {
  expect(chartLines([0, 1_000, undefined, 1_000], form)).toEqual([
    ' 1k |      * *',
    '    |      *',
    '500 |      *',
    '    |      *',
    '  0 |     *',
  ]);
});

test('braille characters show two points a cell and four heights a line', () => {
  expect(chartLines([0, 1, 2, 3, 4, 5, 6, 7], { width: 9, height: 2, ascii: false, format: String })).toEqual(['7 ┤    ⡠⠊', '0 ┤  ⡠⠊']);
});

test('a chart that has no room for its scale is still a chart', () => {
  expect(chartLines([0, 1_000, 0], { ...form, width: 6, height: 2 })).toEqual(['    *', '   * *']);
});

test.each([1, 7, 40, 200])('no line of a chart is wider than the %i cells it has, whatever the values', (columns) => {
  for (const ascii of [true, false])
    for (const points of [[], [undefined], [5], [-3, 1e18], Array.from({ length: 500 }, (_, index) => Math.sin(index))]) {
      const lines = chartLines(points, { width: columns, height: 7, ascii, format: formatRate });
      expect(lines).toHaveLength(7);
      expect(Math.max(...lines.map(width))).toBeLessThanOrEqual(columns);
    }
});

test.each([
  [[3, 97], { low: 0, high: 100 }],
  [[900, 940], { low: 900, high: 940 }],
  [[0, 0], { low: 0, high: 1 }],
  [[40, 40], { low: 20, high: 60 }],
  [[], { low: 0, high: 1 }],
])('the scale of %j ends at round numbers', (values, range) => {
  expect(chartRange(values)).toEqual(range);
});
