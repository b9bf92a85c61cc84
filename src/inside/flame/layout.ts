import type { Flame, FlameFrame } from './flame.ts';

/** Some cells of a row: one frame, or neighbours that are narrower than a cell each. */
export interface FlameCell {
  readonly from: number;
  readonly width: number;
  /** The frame; of several, the one with the most samples. */
  readonly index: number;
  /** How many frames it stands for. */
  readonly frames: number;
}

/** Where each frame stands if the root is as wide as the screen: rows by depth, the root first. */
export function layoutFlame(flame: Flame, width: number): readonly (readonly FlameCell[])[] {
  const root = flame.frames[0];
  if (root === undefined || width <= 0) return [];
  const rows: FlameCell[][] = [];
  const narrow = new Map<number, Narrow>();
  const column = (sample: number): number => Math.round((sample / root.total) * width);
  const flush = (depth: number): void => {
    const group = narrow.get(depth);
    narrow.delete(depth);
    if (group === undefined) return;
    const from = column(group.start);
    const cells = column(group.end) - from;
    if (cells > 0) rowAt(rows, depth).push({ from, width: cells, index: group.index, frames: group.frames });
  };
  for (const [index, frame] of flame.frames.entries()) {
    const { depth, start, total } = frame;
    const group = narrow.get(depth);
    if ((total / root.total) * width < 1) {
      narrow.set(depth, joined(flame, group?.end === start ? group : endOf(group, () => flush(depth)), index, frame));
      continue;
    }
    flush(depth);
    const from = column(start);
    rowAt(rows, depth).push({ from, width: column(start + total) - from, index, frames: 1 });
  }
  for (const depth of [...narrow.keys()]) flush(depth);
  return rows;
}

/** Neighbours that are narrower than a cell. */
interface Narrow {
  readonly start: number;
  readonly end: number;
  readonly index: number;
  readonly frames: number;
}

/** A group that does not touch the next frame is complete. */
function endOf(group: Narrow | undefined, flush: () => void): undefined {
  if (group !== undefined) flush();
  return undefined;
}

function joined(flame: Flame, group: Narrow | undefined, index: number, { start, total }: FlameFrame): Narrow {
  if (group === undefined) return { start, end: start + total, index, frames: 1 };
  const widest = (flame.frames[group.index]?.total ?? 0) >= total ? group.index : index;
  return { start: group.start, end: start + total, index: widest, frames: group.frames + 1 };
}

function rowAt(rows: FlameCell[][], depth: number): FlameCell[] {
  while (rows.length <= depth) rows.push([]);
  return rows[depth] ?? [];
}
