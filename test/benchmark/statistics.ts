/** The value at `share` (0..1) of the sorted sample. */
export function percentile(sample: readonly number[], share: number): number {
  const sorted = sample.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (sample: readonly number[]): number => percentile(sample, 0.5);

/** One figure of the report. `target`: its upper limit (with `atLeast`, its lower limit); absent: for information only. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target?: number;
  readonly atLeast?: boolean;
  /** Details of the sample: `median of 9, 131-162`. */
  readonly note?: string;
}

export const meets = (figure: Figure): boolean => !missesBy(figure, 1);

/**
 * True if the target is missed by more than `factor` times; a target of zero (no line lost) has no multiple. A figure that could not be
 * measured misses its target.
 */
export function missesBy({ value, target, atLeast }: Figure, factor: number): boolean {
  if (target === undefined || factor === Number.POSITIVE_INFINITY) return false;
  return !(atLeast === true ? value * factor >= target : value <= target * factor);
}
