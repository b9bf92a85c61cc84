import { pad } from '../../support/text-width.ts';
import type { Glyphs } from '../glyphs.ts';

/** `███░ 5/12`: a bar of `cells` cells; something that has begun shows at least one full cell, and only what is complete is full. */
export function bar(done: number, total: number, cells: number, glyphs: Glyphs): string {
  const share = total <= 0 ? 0 : Math.max(0, Math.min(1, done / total));
  let full = Math.floor(share * cells);
  if (share > 0 && full === 0) full = 1;
  return glyphs.barFull.repeat(full) + glyphs.barEmpty.repeat(cells - full);
}

/** `████ 8/8`. */
export function countedBar(done: number, total: number, glyphs: Glyphs): string {
  return `${bar(done, total, 4, glyphs)} ${done}/${total}`;
}

/** The last values as a line of small bars, from 0 to `most`; blanks before the first value. */
export function sparkline(values: readonly number[], cells: number, most: number, glyphs: Glyphs): string {
  const shown = values.slice(-cells).map((value) => {
    const step = most <= 0 ? 0 : Math.round((Math.max(0, Math.min(most, value)) / most) * (glyphs.sparks.length - 1));
    return glyphs.sparks[step] ?? ' ';
  });
  return pad(shown.join(''), cells, 'start');
}
