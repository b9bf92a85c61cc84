import type { Flame } from './flame.ts';
import { methodOf } from './names.ts';

/** How often a method was sampled, in the whole flame graph or below one frame. */
export interface MethodSamples {
  readonly method: string;
  /** On top of the stack. */
  readonly own: number;
  /** Anywhere on the stack; a method that calls itself counts once. */
  readonly total: number;
}

/** The methods at and below the frame `root`, those with the most own samples first. */
export function methodsOf(flame: Flame, root = 0): readonly MethodSamples[] {
  const found = new Map<string, { own: number; total: number; openUntil: number }>();
  const end = flame.frames[root]?.end ?? 0;
  for (let index = root; index < end; index += 1) {
    const frame = flame.frames[index];
    if (frame === undefined || frame.depth === 0) continue;
    const method = methodOf(frame.name);
    const known = found.get(method) ?? { own: 0, total: 0, openUntil: 0 };
    known.own += frame.own;
    if (index >= known.openUntil) {
      known.total += frame.total;
      known.openUntil = frame.end;
    }
    found.set(method, known);
  }
  return [...found]
    .map(([method, { own, total }]) => ({ method, own, total }))
    .toSorted((a, b) => b.own - a.own || b.total - a.total || (a.method < b.method ? -1 : 1));
}

/** The frame of a method with the most samples, at or below `root`; undefined: it is not there. */
export function widestOf(flame: Flame, method: string, root: number): number | undefined {
  let widest: number | undefined;
  for (let index = root; index < (flame.frames[root]?.end ?? 0); index += 1) {
    const frame = flame.frames[index];
    if (frame === undefined || methodOf(frame.name) !== method) continue;
    if (widest === undefined || frame.total > (flame.frames[widest]?.total ?? 0)) widest = index;
  }
  return widest;
}
