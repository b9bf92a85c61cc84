import * as z from 'zod/mini';
import type { Accumulator, SubtaskAttempt, TaskIo, TimeShares, VertexDetail, VertexTaskManager } from '../vertex-types.ts';
import { flag, maybeNumber, number, text } from './values.ts';

const io = z.pipe(
  z.object({
    'read-bytes': maybeNumber,
    'read-bytes-complete': flag,
    'read-records': maybeNumber,
    'read-records-complete': flag,
    'write-bytes': maybeNumber,
    'write-bytes-complete': flag,
    'write-records': maybeNumber,
    'write-records-complete': flag,
  }),
  z.transform((body): TaskIo => {
    // What is not complete is 0, or the sum without the subtasks that have not reported.
    const known = (value: number | undefined, complete: boolean | undefined): number | undefined =>
      complete === false ? undefined : value;
    return {
      readBytes: known(body['read-bytes'], body['read-bytes-complete']),
      readRecords: known(body['read-records'], body['read-records-complete']),
      writeBytes: known(body['write-bytes'], body['write-bytes-complete']),
      writeRecords: known(body['write-records'], body['write-records-complete']),
    };
  }),
);

const noIo: TaskIo = { readBytes: undefined, readRecords: undefined, writeBytes: undefined, writeRecords: undefined };

/** Flink writes `(unassigned)` for none. */
const assigned = (name: string | undefined): string | undefined => (name === '(unassigned)' ? undefined : name);

/** `endpoint` is new in 1.19; until 1.20 the same is also in `host`. */
const endpointOf = (body: { readonly endpoint?: string | undefined; readonly host?: string | undefined }): string | undefined =>
  assigned(body.endpoint ?? body.host);

const oneAttempt = z.object({
  subtask: number,
  attempt: number,
  status: z.string(),
  host: text,
  endpoint: text,
  'taskmanager-id': text,
  'start-time': number,
  'end-time': number,
  duration: number,
  metrics: z.nullish(io),
  'status-duration': z.nullish(z.record(z.string(), number)),
});

const attemptOf = (body: z.output<typeof oneAttempt>, others: readonly SubtaskAttempt[]): SubtaskAttempt => ({
  subtask: body.subtask,
  attempt: body.attempt,
  state: body.status,
  taskManagerId: assigned(body['taskmanager-id']),
  endpoint: endpointOf(body),
  startTime: body['start-time'],
  endTime: body['end-time'],
  durationMs: body.duration,
  statusMs: body['status-duration'] ?? {},
  io: body.metrics ?? noIo,
  others,
});

/** One of the `subtasks`, and `GET /jobs/:id/vertices/:id/subtasks/:n/attempts/:n`. */
export const subtaskAttempt = z.pipe(
  z.extend(oneAttempt, { 'other-concurrent-attempts': z.nullish(z.array(oneAttempt)) }),
  z.transform((body): SubtaskAttempt =>
    attemptOf(
      body,
      (body['other-concurrent-attempts'] ?? []).map((other) => attemptOf(other, [])),
    ),
  ),
);

/** `GET /jobs/:id/vertices/:id`. */
export const vertexDetail = z.pipe(
  z.object({
    id: z.string(),
    name: z.string(),
    parallelism: number,
    maxParallelism: maybeNumber,
    now: number,
    subtasks: z.array(subtaskAttempt),
  }),
  z.transform((body): VertexDetail => body),
);

const share = (value: number | undefined): number | undefined => (value === undefined || Number.isNaN(value) ? undefined : value);

/** `GET /jobs/:id/vertices/:id/backpressure`: `deprecated` and no subtasks as long as nothing is measured. */
export const vertexTimeShares = z.pipe(
  z.object({
    subtasks: z.nullish(z.array(z.object({ subtask: number, ratio: maybeNumber, idleRatio: maybeNumber, busyRatio: maybeNumber }))),
  }),
  z.transform(
    (body): ReadonlyMap<number, TimeShares> =>
      new Map(
        (body.subtasks ?? []).map((each) => [
          each.subtask,
          { busy: share(each.busyRatio), backPressured: share(each.ratio), idle: share(each.idleRatio) },
        ]),
      ),
  ),
);

const counts = z.record(z.string(), number);

/** `GET /jobs/:id/vertices/:id/taskmanagers`. */
export const vertexTaskManagers = z.pipe(
  z.object({
    taskmanagers: z.array(
      z.object({
        'taskmanager-id': text,
        host: text,
        endpoint: text,
        status: z.string(),
        'start-time': number,
        duration: number,
        metrics: z.nullish(io),
        'status-counts': z.nullish(counts),
      }),
    ),
  }),
  z.transform((body): readonly VertexTaskManager[] =>
    body.taskmanagers.map((one) => ({
      id: assigned(one['taskmanager-id']),
      endpoint: endpointOf(one),
      state: one.status,
      startTime: one['start-time'],
      durationMs: one.duration,
      io: one.metrics ?? noIo,
      counts: one['status-counts'] ?? {},
    })),
  ),
);

const userAccumulators = z.array(
  z.pipe(
    z.object({ name: z.string(), type: text, value: text }),
    z.transform(({ name, type, value }): Accumulator => ({ name, type: type ?? '', value: value ?? '' })),
  ),
);

/** `GET /jobs/:id/vertices/:id/accumulators`. */
export const vertexAccumulators = z.pipe(
  z.object({ 'user-accumulators': userAccumulators }),
  z.transform((body): readonly Accumulator[] => body['user-accumulators']),
);
