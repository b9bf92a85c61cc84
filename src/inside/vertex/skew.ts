/**
 * How unevenly work is spread over subtasks: the average distance to the average, in percent of the average, at most 100. Undefined: there is
 * nothing to compare. Source: `DoubleAccumulator.DoubleDataSkew`, Flink 2.3.
 */
export function skewPercent(values: readonly number[]): number | undefined {
  if (values.length < 2) return undefined;
  const average = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (average === 0) return undefined;
  const distance = values.reduce((sum, value) => sum + Math.abs(value - average), 0) / values.length;
  return Math.min(100, (distance / average) * 100);
}

/** How far a value is from the average of all, as a factor: 2 = twice the average. */
export const timesAverage = (value: number | undefined, average: number | undefined): number | undefined =>
  value === undefined || average === undefined || average === 0 ? undefined : value / average;
