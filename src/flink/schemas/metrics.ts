import * as z from 'zod/mini';
import type { AggregatedMetric } from '../vertex-types.ts';
import { maybeNumber } from './values.ts';

/** Every `/metrics` without `get=`: the names. */
export const metricNames = z.pipe(
  z.array(z.object({ id: z.string() })),
  z.transform((rows): readonly string[] => rows.map(({ id }) => id).toSorted()),
);

/** A gauge that a task cannot measure is NaN, and so is every sum with it. */
const figure = z.pipe(
  maybeNumber,
  z.transform((value) => (Number.isNaN(value) ? undefined : value)),
);

/** `GET /jobs/:id/vertices/:id/subtasks/metrics?get=`. */
export const aggregatedMetrics = z.pipe(
  z.array(z.object({ id: z.string(), min: figure, max: figure, avg: figure, sum: figure, skew: figure })),
  z.transform((rows): readonly AggregatedMetric[] => rows.map(({ id, ...values }) => ({ name: id, ...values }))),
);
