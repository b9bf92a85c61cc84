import type { Flame, FlameFrame } from './flame.ts';

/** Some cells of a row: one frame, or neighbours that are narrower than a cell each. */
export interface FlameCell {
  readonly from: number;
  readonly width: number;
  /** The frame; of several, the one with the most samples. */
  readonly index: number;
  /** How many frames it stands for, and the first of them. */
  readonly frames: number;
  readonly first: number;
}

/**
 * Where each frame stands if the frame `root` is as wide as the screen: rows by depth. First its callers, which are in all of its samples and
 * so are as wide as it is, then the root and what was called from it.
 */
export function layoutFlame(flame: Flame, width: number, root = 0): readonly (readonly FlameCell[])[] {
  const top = flame.frames[root];
  if (top === undefined || width <= 0) return [];
  const rows: FlameCell[][] = callersOf(flame, top).map((index) => [{ from: 0, width, index, frames: 1, first: index }]);
  const narrow = new Map<number, Narrow>();
  const column = (sample: number): number => Math.round(((sample - top.start) / top.total) * width);
  const flush = (depth: number): void => {
    const group = narrow.get(depth);
    narrow.delete(depth);
    if (group === undefined) return;
    const from = column(group.start);
    const cells = column(group.end) - from;
    if (cells > 0) rowAt(rows, depth).push({ from, width: cells, index: group.index, frames: group.frames, first: group.first });
  };
  for (let index = root; index < top.end; index += 1) {
    const frame = flame.frames[index];
    if (frame === undefined) continue;
    const { depth, start, total } = frame;
    const group = narrow.get(depth);
    if ((total / top.total) * width < 1) {
      narrow.set(depth, joined(flame, group?.end === start ? group : endOf(group, () => flush(depth)), index, frame));
      continue;
    }
    flush(depth);
    const from = column(start);
    rowAt(rows, depth).push({ from, width: column(start + total) - from, index, frames: 1, first: index });
  }
  for (const depth of [...narrow.keys()]) flush(depth);
  return rows;
}

/** Neighbours that are narrower than a cell. */
interface Narrow extends Pick<FlameCell, 'index' | 'frames' | 'first'> {
  readonly start: number;
  readonly end: number;
}

/** A group that does not touch the next frame is complete. */
function endOf(group: Narrow | undefined, flush: () => void): undefined {
  if (group !== undefined) flush();
  return undefined;
}

function joined(flame: Flame, group: Narrow | undefined, index: number, { start, total }: FlameFrame): Narrow {
  if (group === undefined) return { start, end: start + total, index, frames: 1, first: index };
  const widest = (flame.frames[group.index]?.total ?? 0) >= total ? group.index : index;
  return { ...group, end: start + total, index: widest, frames: group.frames + 1 };
}

function rowAt(rows: FlameCell[][], depth: number): FlameCell[] {
  while (rows.length <= depth) rows.push([]);
  return rows[depth] ?? [];
}

function callersOf(flame: Flame, frame: FlameFrame): readonly number[] {
  const callers: number[] = [];
  for (let index = frame.parent; index >= 0; index = flame.frames[index]?.parent ?? -1) callers.push(index);
  return callers.toReversed();
}

/** The cell that has this frame, alone or among its neighbours; the one before it if it is too narrow to be seen. */
export function cellOf(flame: Flame, rows: readonly (readonly FlameCell[])[], index: number): FlameCell | undefined {
  const row = rows[flame.frames[index]?.depth ?? -1];
  return row?.findLast(({ first }) => first <= index) ?? row?.[0];
}
