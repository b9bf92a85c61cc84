import * as z from 'zod/mini';
import type { AggregatedMetric } from '../vertex-types.ts';
import { maybeNumber } from './values.ts';

/** Every `/metrics` without `get=`: the names. */
export const metricNames = z.pipe(
  z.array(z.object({ id: z.string() })),
  z.transform((rows): readonly string[] => rows.map(({ id }) => id).toSorted()),
);

/** `GET /jobs/:id/vertices/:id/subtasks/metrics?get=`. */
export const aggregatedMetrics = z.pipe(
  z.array(z.object({ id: z.string(), min: maybeNumber, max: maybeNumber, avg: maybeNumber, sum: maybeNumber, skew: maybeNumber })),
  z.transform((rows): readonly AggregatedMetric[] => rows.map(({ id, ...values }) => ({ name: id, ...values }))),
);
