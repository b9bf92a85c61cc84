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

/** From this share on a frame is in nearly all samples: a profile of a process always has some of other threads. */
const nearlyAll = 0.9;

/** The last frame that is in nearly all samples of `index`: above it there is little to choose. */
export function partingOf({ frames }: Flame, index: number): number {
  const least = (frames[index]?.total ?? 0) * nearlyAll;
  let last = index;
  for (let called = last + 1; called < (frames[last]?.end ?? 0);) {
    if ((frames[called]?.total ?? 0) >= least) last = called++;
    else called = frames[called]?.end ?? called + 1;
  }
  return last;
}
