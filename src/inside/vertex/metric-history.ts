import type { AggregatedMetric } from '../../flink/vertex-types.ts';

/** Values that are kept of each metric: three minutes at Flink's own interval of 3 s. */
export const pastKept = 60;

/** A metric over all subtasks, and its last values, oldest first. */
export interface MetricInside extends AggregatedMetric {
  readonly past: readonly Omit<AggregatedMetric, 'name'>[];
}

/** The metrics with what was read of each before; one that was not reported has a gap. */
export function withPast(metrics: readonly AggregatedMetric[], before: readonly MetricInside[]): readonly MetricInside[] {
  const earlier = new Map(before.map(({ name, past }) => [name, past]));
  return metrics.map((metric) => {
    const { name, ...point } = metric;
    return { ...metric, past: [...(earlier.get(name) ?? []), point].slice(-pastKept) };
  });
}
