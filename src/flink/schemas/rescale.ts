import * as z from 'zod/mini';
import type { ParallelismBounds, Rescale, RescaleSettings } from '../rescale-types.ts';
import { maybeNumber, number, text } from './values.ts';

/** `GET` and `PUT /jobs/:id/resource-requirements`, by vertex. */
export const resourceRequirements = z.pipe(
  z.record(z.string(), z.object({ parallelism: z.object({ lowerBound: number, upperBound: number }) })),
  z.transform(
    (body): ReadonlyMap<string, ParallelismBounds> =>
      new Map(
        Object.entries(body).map(([vertex, { parallelism }]) => [vertex, { least: parallelism.lowerBound, most: parallelism.upperBound }]),
      ),
  ),
);

/** `GET /jobs/:id/rescales/history`: a bare list, newest first. A rescale that has not ended has no end and no state. */
export const rescales = z.pipe(
  z.array(
    z.object({
      rescaleUuid: z.string(),
      startTimestampInMillis: number,
      endTimestampInMillis: maybeNumber,
      triggerCause: text,
      terminalState: text,
      terminatedReason: text,
    }),
  ),
  z.transform((body): readonly Rescale[] =>
    body.map((entry) => ({
      id: entry.rescaleUuid,
      startedAt: entry.startTimestampInMillis,
      endedAt: entry.endTimestampInMillis,
      trigger: entry.triggerCause,
      state: entry.terminalState,
      reason: entry.terminatedReason,
    })),
  ),
);

/** `GET /jobs/:id/rescales/config`. */
export const rescaleSettings = z.pipe(
  z.object({
    rescaleHistoryMax: maybeNumber,
    executingCooldownTimeoutInMillis: maybeNumber,
    executingResourceStabilizationTimeoutInMillis: maybeNumber,
  }),
  z.transform((body): RescaleSettings => ({
    historySize: body.rescaleHistoryMax,
    cooldownMs: body.executingCooldownTimeoutInMillis,
    stabilizationMs: body.executingResourceStabilizationTimeoutInMillis,
  })),
);
