/** Smallest, largest, mean and percentiles, as in the statistics of checkpoints. Until there is a value, percentiles are the word `NaN`. */
export function spread(values: readonly number[]): Record<string, unknown> {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number): unknown =>
    sorted.length === 0 ? 'NaN' : sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
  return {
    min: sorted[0] ?? 0,
    max: sorted.at(-1) ?? 0,
    avg: sorted.length === 0 ? 0 : Math.round(sorted.reduce((sum, value) => sum + value, 0) / sorted.length),
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    p999: at(0.999),
  };
}

/** What the subtasks of one vertex have: their percentiles are not computed. */
export const rangeOf = (values: readonly number[]): Record<string, unknown> => ({
  ...spread([]),
  ...Object.fromEntries(Object.entries(spread(values)).filter(([name]) => name === 'min' || name === 'max' || name === 'avg')),
});

/** Nothing is counted under this name any more: zero everywhere, percentiles as well. */
export const NOTHING: Readonly<Record<string, number>> = { min: 0, max: 0, avg: 0, p50: 0, p90: 0, p95: 0, p99: 0, p999: 0 };
