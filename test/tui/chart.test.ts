import { expect, test } from 'vitest';
import { formatRate } from '../../src/support/format.ts';
import { width } from '../../src/support/text-width.ts';
import { createLook } from '../../src/tui/look/look.ts';
import { chartGrid, comparedCharts } from '../../src/tui/rows/metric-charts.ts';
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

test('a metric of several subtasks has one scale, so that their charts can be compared', () => {
  const series = [10, 1_000].map((value, nth) => ({
    name: String(nth),
    value,
    readAt: 20,
    past: [0, value].map((each, at) => ({ at, value: each })),
  }));
  const [first, second] = comparedCharts(series);
  const look = createLook({ theme: 'dark', depth: 'none', ascii: true, motion: false });
  const drawn = chartGrid(
    [first, second].filter((chart) => chart !== undefined),
    { width: 80, height: 5 },
    look,
  );
  expect(drawn[1]).toMatch(/^ 1000 \| +1000 \|/);
});

test('charts stand beside each other, as few as fit below each other, and none leaves its room', () => {
  const look = createLook({ theme: 'dark', depth: 'none', ascii: true, motion: false });
  const charts = Array.from({ length: 9 }, (_, nth) => ({
    title: `metric${nth}`,
    by: 'max',
    value: nth,
    points: [1, nth],
    spanMs: 12_000,
  }));
  const titlesIn = (count: number, room: { width: number; height: number }): number => {
    const lines = chartGrid(charts.slice(0, count), room, look);
    expect(lines.length).toBeLessThanOrEqual(room.height);
    for (const line of lines) expect(width(line)).toBeLessThanOrEqual(room.width);
    return lines.join('\n').split('metric').length - 1;
  };
  expect(titlesIn(1, { width: 118, height: 10 })).toBe(1);
  expect(titlesIn(9, { width: 118, height: 10 })).toBe(6);
  expect(titlesIn(9, { width: 78, height: 16 })).toBe(6);
  expect(titlesIn(9, { width: 30, height: 4 })).toBe(1);
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
