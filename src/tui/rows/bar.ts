import type { Glyphs } from '../look/glyphs.ts';

/** `███░`: a bar of `cells` cells; anything that has begun shows at least one full cell, and only something complete is full. */
export function bar(done: number, total: number, cells: number, glyphs: Glyphs): string {
  const share = total <= 0 ? 0 : Math.max(0, Math.min(1, done / total));
  let full = Math.floor(share * cells);
  if (share > 0 && full === 0) full = 1;
  return glyphs.barFull.repeat(full) + glyphs.barEmpty.repeat(cells - full);
}
