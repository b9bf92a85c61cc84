import { type Flame, type FlameFrame, stackOf } from './flame.ts';

/** The way from below the root down to a frame: the same frame of the next sample is found by it. */
export type FramePath = readonly PathStep[];

interface PathStep {
  readonly name: string;
  /** How many frames before it have the same name and caller: a profiler tells compiled code from interpreted code. */
  readonly before: number;
}

export const pathOf = (flame: Flame, index: number): FramePath =>
  stackOf(flame, index)
    .slice(1)
    .map((frame) => ({ name: frame.name, before: namesakesBefore(flame, frame) }));

function namesakesBefore({ frames }: Flame, { name, parent, start }: FlameFrame): number {
  let before = 0;
  for (let index = parent + 1; ;) {
    const frame = frames[index];
    if (frame === undefined || frame.start >= start) return before;
    if (frame.name === name) before += 1;
    index = frame.end;
  }
}

/** The frame with this path; if it is gone, the nearest of its callers that is still there. */
export function frameAt(flame: Flame, path: FramePath): number {
  let found = 0;
  for (const step of path) {
    const next = calledFrom(flame, found, step);
    if (next === undefined) break;
    found = next;
  }
  return found;
}

function calledFrom({ frames }: Flame, caller: number, { name, before }: PathStep): number | undefined {
  const end = frames[caller]?.end ?? 0;
  let left = before;
  for (let index = caller + 1; index < end; index = frames[index]?.end ?? end) {
    if (frames[index]?.name !== name) continue;
    if (left === 0) return index;
    left -= 1;
  }
  return undefined;
}

/** Whether a frame with this path was called from the one with the path `caller`, or is that one. */
export const isBelow = (path: FramePath, caller: FramePath): boolean =>
  caller.every(({ name, before }, depth) => path[depth]?.name === name && path[depth].before === before);
