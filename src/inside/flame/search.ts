import type { Flame } from './flame.ts';

/** The frames whose name matches, and the samples in which at least one of them was on the stack. */
export interface FlameHits {
  readonly frames: ReadonlySet<number>;
  readonly samples: number;
}

export function searchFlame(flame: Flame, matches: (name: string) => boolean): FlameHits {
  const frames = new Set<number>();
  let samples = 0;
  let countedUntil = 0;
  flame.frames.forEach(({ name, total, end }, index) => {
    if (!matches(name)) return;
    frames.add(index);
    if (index < countedUntil) return;
    samples += total;
    countedUntil = end;
  });
  return { frames, samples };
}
