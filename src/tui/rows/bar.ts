import type { Glyphs } from '../look/glyphs.ts';

/** `███░`: a bar of `cells` cells; anything that has begun shows at least one full cell, and only something complete is full. */
export function bar(done: number, total: number, cells: number, glyphs: Glyphs): string {
  const share = total <= 0 ? 0 : Math.max(0, Math.min(1, done / total));
  let full = Math.floor(share * cells);
  if (share > 0 && full === 0) full = 1;
  return glyphs.barFull.repeat(full) + glyphs.barEmpty.repeat(cells - full);
}

/**
 * How many of `cells` cells each value takes in a bar that they fill together. What is above 0 has a cell of its own as long as there are
 * enough of them; the rest goes to the largest remainders.
 */
export function sharedCells(values: readonly number[], cells: number): readonly number[] {
  const whole = values.reduce((sum, value) => sum + value, 0);
  if (whole === 0) return values.map(() => 0);
  const exact = values.map((value) => (value / whole) * cells);
  const shares = exact.map((value) => (value > 0 ? Math.max(1, Math.floor(value)) : 0));
  const add = (step: 1 | -1, excess: (value: number, index: number) => number): void => {
    const ranked = shares.map(excess);
    const index = ranked.indexOf(Math.max(...ranked));
    shares[index] = (shares[index] ?? 0) + step;
  };
  const used = (): number => shares.reduce((sum, share) => sum + share, 0);
  while (used() > cells) add(-1, (share) => share);
  while (used() < cells) add(1, (share, index) => (exact[index] ?? 0) - share);
  return shares;
}
