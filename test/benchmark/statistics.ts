/** Value at `share` (0..1) of the sorted sample. */
export function percentile(sample: readonly number[], share: number): number {
  const sorted = sample.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (sample: readonly number[]): number => percentile(sample, 0.5);

/** One figure of the report. `target`: what it should not exceed (or, with `atLeast`, not stay below); absent: for information. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target?: number;
  readonly atLeast?: boolean;
  /** More about the sample: `median of 9, 131-162`. */
  readonly note?: string;
}

export const meets = ({ value, target, atLeast }: Figure): boolean => target === undefined || (atLeast === true ? value >= target : value <= target);
