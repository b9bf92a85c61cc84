import { pad, width as cells } from '../../support/text-width.ts';
import type { Flame } from './flame.ts';
import { type FlameCell, layoutFlame } from './layout.ts';
import { shortMethod } from './names.ts';

/** More rows that look the same than these are counted: the frames of Flink that start a task are in every sample. */
const mostShared = 4;

/** The flame graph in characters: one row a depth, each frame as wide as its share; `×12` are neighbours that are too narrow. */
export function flameRows(flame: Flame, columns: number): readonly string[] {
  const rows = layoutFlame(flame, columns);
  const apart = rows.findIndex(([first, ...others]) => others.length > 0 || (first?.width ?? 0) < columns);
  const shared = (apart < 0 ? rows.length : apart) - 2;
  const drawn = rows.map((row) => rowText(flame, row));
  if (shared <= mostShared) return drawn;
  return [...drawn.slice(0, 1), `│… ${shared} frames that are in every sample`, ...drawn.slice(1 + shared)];
}

const rowText = (flame: Flame, row: readonly FlameCell[]): string =>
  row
    .reduce((line, { from, width, index, frames }) => {
      const label = frames > 1 ? `×${frames}` : shortMethod(flame.frames[index]?.name ?? '');
      return `${line}${' '.repeat(Math.max(0, from - cells(line)))}│${pad(label, width - 1)}`;
    }, '')
    .trimEnd();
