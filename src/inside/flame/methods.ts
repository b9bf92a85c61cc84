import type { Flame } from './flame.ts';
import { methodOf } from './names.ts';

/** How often a method was sampled. */
export interface MethodSamples {
  readonly method: string;
  /** On top of the stack. */
  readonly own: number;
  /** Anywhere on the stack; a method that calls itself counts once. */
  readonly total: number;
}

/** Those with the most own samples first. */
export function methodsOf(flame: Flame): readonly MethodSamples[] {
  const found = new Map<string, { own: number; total: number; openUntil: number }>();
  for (const [index, frame] of flame.frames.entries()) {
    if (frame.depth === 0) continue;
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
