import type { Glyphs } from '../look/glyphs.ts';

/** The last values (0 to 1), oldest first, one cell each; a value that is not known is a blank. */
export function sparkline(values: readonly (number | undefined)[], cells: number, { sparks }: Pick<Glyphs, 'sparks'>): string {
  const last = values.slice(Math.max(0, values.length - cells));
  const signs = last.map((value) => {
    if (value === undefined) return ' ';
    const level = Math.min(sparks.length - 1, Math.floor(Math.max(0, value) * sparks.length));
    return sparks[level] ?? ' ';
  });
  return signs.join('').padStart(cells);
}

/** Counts from 0 to 1, by their number of digits, so that what is rare is seen beside what is not; where nothing happened is nothing. */
export function sharesOf(counts: readonly number[]): readonly (number | undefined)[] {
  const most = Math.log1p(Math.max(...counts));
  return counts.map((count) => (count === 0 ? undefined : Math.log1p(count) / most));
}
