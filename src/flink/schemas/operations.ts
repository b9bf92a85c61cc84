import * as z from 'zod/mini';
import { failureSentence } from '../failure-text.ts';
import type { OperationResult } from '../types.ts';
import { number } from './values.ts';

/** The answer of every route that starts an asynchronous operation. */
export const trigger = z.pipe(
  z.object({ 'request-id': z.string() }),
  z.transform((body) => body['request-id']),
);

const status = z.object({ id: z.string() });
const cause = z.nullish(z.object({ 'stack-trace': z.string() }));

/** The result of an operation that ended. `COMPLETED` covers success and failure: the field of the failure decides. */
function outcome<T>(id: string, failure: { readonly 'stack-trace': string } | null | undefined, value: () => T): OperationResult<T> {
  if (id !== 'COMPLETED') return { state: 'in-progress' };
  if (failure === null || failure === undefined) return { state: 'completed', value: value() };
  return { state: 'failed', reason: failureSentence(failure['stack-trace']), stackTrace: failure['stack-trace'] };
}

const ended = (body: { readonly status: { readonly id: string } }, failure: unknown): boolean =>
  body.status.id === 'COMPLETED' && (failure === null || failure === undefined);

/** `GET /jobs/:id/savepoints/:trigger`; also used for a stop. */
export const savepointResult = z.pipe(
  z.object({ status, operation: z.nullish(z.object({ location: z.nullish(z.string()), 'failure-cause': cause })) }).check(
    z.refine((body) => !ended(body, body.operation?.['failure-cause']) || typeof body.operation?.location === 'string', {
      path: ['operation', 'location'],
    }),
  ),
  z.transform((body) => outcome(body.status.id, body.operation?.['failure-cause'], () => ({ path: body.operation?.location ?? '' }))),
);

/** `GET /jobs/:id/checkpoints/:trigger`. Its failure has another field name than the others'. */
export const checkpointResult = z.pipe(
  z.object({ status, operation: z.nullish(z.object({ checkpointId: z.nullish(number), failureCause: cause })) }).check(
    z.refine((body) => !ended(body, body.operation?.failureCause) || typeof body.operation?.checkpointId === 'number', {
      path: ['operation', 'checkpointId'],
    }),
  ),
  z.transform((body) =>
    outcome(body.status.id, body.operation?.failureCause, () => ({ checkpointId: body.operation?.checkpointId ?? -1 })),
  ),
);

/** `GET /savepoint-disposal/:trigger`. */
export const disposalResult = z.pipe(
  z.object({ status, operation: z.nullish(z.object({ 'failure-cause': cause })) }),
  z.transform((body) => outcome(body.status.id, body.operation?.['failure-cause'], () => undefined)),
);
