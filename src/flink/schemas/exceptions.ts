import * as z from 'zod/mini';
import type { ExceptionHistory, FailureRecord } from '../exception-types.ts';
import { flag, number, text } from './values.ts';

const recordShape = {
  exceptionName: z.string(),
  stacktrace: z.string(),
  timestamp: number,
  taskName: text,
  taskManagerId: text,
  endpoint: text,
  /** What `endpoint` was called before 1.19. */
  location: text,
  failureLabels: z.nullish(z.record(z.string(), z.string())),
};

const failureRecord = z.object(recordShape);

const recordOf = (body: z.output<typeof failureRecord>): FailureRecord => ({
  exceptionName: body.exceptionName,
  stacktrace: body.stacktrace,
  at: body.timestamp,
  taskName: body.taskName,
  taskManagerId: body.taskManagerId,
  endpoint: body.endpoint ?? body.location,
  labels: body.failureLabels ?? {},
});

/** `GET /jobs/:id/exceptions`: the history, which exists since 1.13. What 1.20 has beside it is in it as well. */
export const exceptionHistory = z.pipe(
  z.object({
    exceptionHistory: z.object({
      truncated: flag,
      entries: z.array(z.object({ ...recordShape, concurrentExceptions: z.nullish(z.array(failureRecord)) })),
    }),
  }),
  z.transform(({ exceptionHistory: { truncated, entries } }): ExceptionHistory => ({
    failures: entries
      .map((entry) => ({ ...recordOf(entry), concurrent: (entry.concurrentExceptions ?? []).map(recordOf) }))
      .toSorted((a, b) => b.at - a.at),
    truncated: truncated === true,
  })),
);
