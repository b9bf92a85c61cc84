import { describe, expect, test } from 'vitest';
import { plain } from '../../src/support/text-width.ts';
import { ascii, unicode } from '../../src/tui/look/glyphs.ts';
import { createLook } from '../../src/tui/look/look.ts';
import { sharedCells } from '../../src/tui/rows/bar.ts';
import { acknowledgementCells, checkpointCells, phaseLegend } from '../../src/tui/rows/checkpoints.ts';
import { random } from '../support/random.ts';
import { checkpoint } from './checkpoint-fixtures.ts';

const plainLook = { theme: 'mono', depth: 'none', motion: false } as const;

describe('a bar of several values', () => {
  const seeds = Array.from({ length: 40 }, (_, seed) => seed);

  test.each(seeds)('is filled exactly, and each value that is there is seen (%s)', (seed) => {
    const next = random(seed);
    const values = Array.from({ length: 1 + next(5) }, () => (next(3) === 0 ? 0 : 1 + next(10) ** next(7)));
    const cells = 5 + next(30);
    const shares = sharedCells(values, cells);
    const whole = values.reduce((sum, value) => sum + value, 0);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBe(whole === 0 ? 0 : cells);
    for (const [index, value] of values.entries()) {
      const share = shares[index] ?? 0;
      expect(share > 0).toBe(value > 0);
      // What the smallest ones get is taken from the others: at most a cell each, besides rounding.
      expect(Math.abs(share - (value / Math.max(1e-9, whole)) * cells)).toBeLessThanOrEqual(values.length);
    }
  });

  test('with fewer cells than values shows the largest ones', () => {
    expect(sharedCells([1, 50, 49], 2)).toEqual([0, 1, 1]);
  });
});

describe('the phases of a checkpoint', () => {
  const split = { 'start delay': 300, alignment: 100, sync: 50, async: 50, other: 0 };

  test.each([
    ['as one bar', false, '······░░█▒'],
    ['in ASCII as well', true, '......==#+'],
  ])('are drawn %s', (_, asAscii, wanted) => {
    const look = createLook({ ...plainLook, ascii: asAscii });
    expect(plain(checkpointCells(look).PHASES?.(checkpoint(1, { split }), 'start delay 60%', 10) ?? '')).toBe(wanted);
  });

  test('that are not known are a dash, as those of a subtask that has not acknowledged', () => {
    const look = createLook({ ...plainLook, ascii: false });
    expect(checkpointCells(look).PHASES?.(checkpoint(1, { split: undefined }), '-', 10)).toBe('-');
    expect(acknowledgementCells(look).PHASES?.({ state: 'pending', subtask: 1 }, '-', 10)).toBe('-');
  });

  test('have a legend with a sign each, and no two have the same', () => {
    expect(plain(phaseLegend(createLook({ ...plainLook, ascii: true })))).toBe('. start delay  = alignment  # sync  + async  - other');
    for (const { phases } of [unicode, ascii]) expect(new Set(Object.values(phases)).size).toBe(5);
  });
});
