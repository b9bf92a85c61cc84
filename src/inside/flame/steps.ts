import type { Flame } from './flame.ts';
import { cellOf, type FlameCell } from './layout.ts';

/** `in`: to what the frame called, `out`: to what called it, and to its neighbours in the row. */
export type FlameStep = 'in' | 'out' | 'left' | 'right';

/** The frame that a step leads to from `index`, among those that can be seen; itself if there is none. */
export function stepFrom(flame: Flame, rows: readonly (readonly FlameCell[])[], index: number, step: FlameStep): number {
  const here = cellOf(flame, rows, index);
  const depth = flame.frames[index]?.depth ?? 0;
  if (here === undefined) return index;
  switch (step) {
    case 'left':
      return rows[depth]?.findLast(({ from }) => from < here.from)?.index ?? index;
    case 'right':
      return rows[depth]?.find(({ from }) => from > here.from)?.index ?? index;
    case 'out':
      return rows[depth - 1]?.findLast(({ from }) => from <= here.from)?.index ?? index;
    case 'in':
      return widestBelow(rows[depth + 1], here)?.index ?? index;
  }
}

function widestBelow(row: readonly FlameCell[] | undefined, { from, width }: FlameCell): FlameCell | undefined {
  const below = (row ?? []).filter((cell) => cell.from >= from && cell.from + cell.width <= from + width);
  return below.reduce<FlameCell | undefined>(
    (widest, cell) => (widest === undefined || cell.width > widest.width ? cell : widest),
    undefined,
  );
}

/** The last frame that is in all samples of `index`: above it there is nothing to choose. */
export function partingOf(flame: Flame, index: number): number {
  let last = index;
  // A frame stands right behind its caller if it is the first one that was called from it.
  while (flame.frames[last + 1]?.parent === last && flame.frames[last + 1]?.total === flame.frames[last]?.total) last += 1;
  return last;
}
