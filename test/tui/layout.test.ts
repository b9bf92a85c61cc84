import { describe, expect, test } from 'vitest';
import { layout, panelAt, tableRoom, views, type Area, type Layout, type LayoutWish, type Size } from '../../src/tui/state/layout.ts';

const wish: LayoutWish = { view: 'pods', text: false, zoomed: undefined };
const names = (columns: number, rows: number, over: Partial<LayoutWish> = {}) =>
  layout({ columns, rows }, { ...wish, ...over }).panels.map(({ name }) => name);

describe('what has room', () => {
  test('60x15 and 80x24: one table, the log, and the others as tabs', () => {
    for (const [columns, rows] of [
      [60, 15],
      [80, 24],
      [100, 50],
    ] as const) {
      expect(layout({ columns, rows }, wish)).toMatchObject({ kind: 'tabs', tabs: { y: 1 } });
      expect(names(columns, rows, { view: 'jobs' })).toEqual(['jobs', 'log']);
    }
  });

  test('120x40: pods and jobs side by side, the log below', () => {
    const { panels, kind } = layout({ columns: 120, rows: 40 }, wish);
    expect(kind).toBe('columns');
    expect(panels.map(({ name, area }) => [name, area.width, area.height])).toEqual([
      ['pods', 61, 10],
      ['jobs', 59, 10],
      ['log', 120, 26],
    ]);
    expect(names(120, 40, { view: 'operations' })).toEqual(['pods', 'operations', 'log']);
  });

  test('200x50: operations and the timeline stand beside them', () => {
    expect(names(200, 50)).toEqual(['pods', 'jobs', 'operations', 'timeline', 'log']);
  });

  test('a text takes the place of the log; on a small screen of the table too', () => {
    expect(names(120, 40, { text: true })).toEqual(['pods', 'jobs', 'text']);
    expect(names(80, 24, { text: true })).toEqual(['text']);
  });

  test('panels of a place stand one below the other, or side by side if they are short, and on a small screen one at a time', () => {
    const within = { title: 'Memory', panels: ['figures', 'slots'] } as const;
    const areas = (columns: number, rows: number, beside: boolean) =>
      layout({ columns, rows }, { ...wish, within: { ...within, beside } }).panels.map(({ name, area: { x, y, width, height } }) => [
        name,
        `${width}x${height} at ${x},${y}`,
      ]);
    expect(areas(120, 40, false)).toEqual([
      ['figures', '120x12 at 0,3'],
      ['slots', '120x12 at 0,15'],
      ['log', '120x10 at 0,27'],
    ]);
    expect(areas(120, 40, true)).toEqual([
      ['figures', '66x24 at 0,3'],
      ['slots', '54x24 at 66,3'],
      ['log', '120x10 at 0,27'],
    ]);
    expect(areas(80, 24, true)).toEqual([['figures', '80x18 at 0,3']]);
  });

  test('a zoomed panel has all the room', () => {
    expect(layout({ columns: 120, rows: 40 }, { ...wish, zoomed: 'jobs' }).panels).toEqual([
      { name: 'jobs', area: { x: 0, y: 1, width: 120, height: 36 } },
    ]);
  });

  test('tables have the rows that they need, and no more than the log can spare', () => {
    const tables = (columns: number, rows: number, needed: number): number =>
      layout({ columns, rows }, { ...wish, rows: needed }).panels[0]?.area.height ?? 0;
    expect([tables(120, 40, 3), tables(120, 40, 12), tables(120, 40, 212)]).toEqual([10, 15, 16]);
    expect([tables(300, 80, 4), tables(300, 80, 30), tables(300, 80, 212)]).toEqual([14, 33, 34]);
    expect(tables(80, 24, 212)).toBe(8);
  });

  test('one object more or less does not move the panels', () => {
    expect([4, 5, 8, 9, 8, 4, 3].reduce((seen: number[], needed) => [...seen, tableRoom(seen.at(-1) ?? 0, needed)], [])).toEqual([
      4, 8, 8, 12, 12, 12, 12,
    ]);
    expect(tableRoom(40, 3)).toBe(4);
  });

  test('below 60x15 nothing but a sentence', () => {
    expect(layout({ columns: 59, rows: 40 }, wish).kind).toBe('tiny');
    expect(layout({ columns: 120, rows: 14 }, wish).kind).toBe('tiny');
  });
});

/** Every cell of the screen belongs to one area, unless it is too small for any. */
function expectFilled(found: Layout, { columns, rows }: Size): void {
  if (found.kind === 'tiny') return;
  const areas: Area[] = [
    found.header,
    ...(found.tabs === undefined ? [] : [found.tabs]),
    ...found.panels.map(({ area }) => area),
    found.problem,
    found.command,
    found.hints,
  ];
  let cells = 0;
  for (const area of areas) {
    expect(
      area.x >= 0 && area.y >= 0 && area.x + area.width <= columns && area.y + area.height <= rows,
      `${columns}x${rows} ${JSON.stringify(area)}`,
    ).toBe(true);
    cells += area.width * area.height;
  }
  const overlap = areas.some((a, index) =>
    areas.slice(index + 1).some((b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height),
  );
  expect([overlap, cells], `${columns}x${rows}`).toEqual([false, columns * rows]);
}

test('from 20x5 to 250x80, every cell belongs to one area and none lies outside', () => {
  for (let columns = 20; columns <= 250; columns += 7) {
    for (let rows = 5; rows <= 80; rows += 3) {
      for (const view of views) {
        for (const zoomed of [undefined, 'log' as const]) {
          const size = { columns, rows };
          const found = layout(size, { view, text: false, zoomed });
          expectFilled(found, size);
        }
      }
    }
  }
});

test('the panel under a cell', () => {
  const found = layout({ columns: 120, rows: 40 }, wish);
  expect(panelAt(found, 3, 3)).toBe('pods');
  expect(panelAt(found, 100, 3)).toBe('jobs');
  expect(panelAt(found, 100, 20)).toBe('log');
  expect(panelAt(found, 3, 39)).toBeUndefined();
});
