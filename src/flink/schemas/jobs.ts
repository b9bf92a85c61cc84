import * as z from 'zod/mini';
import type { JobConfiguration, JobException, JobOverview, JobResult } from '../types.ts';
import { flag, maybeNumber, number, text } from './values.ts';

const count = z.record(z.string(), number);

/** `GET /jobs/overview`; newest first, as servers before 2.1 do not sort. */
export const jobsOverview = z.pipe(
  z.object({
    jobs: z.array(
      z.object({
        jid: z.string(),
        name: z.string(),
        state: z.string(),
        'start-time': number,
        'end-time': number,
        duration: number,
        'last-modification': number,
        tasks: count,
      }),
    ),
  }),
  z.transform((body): readonly JobOverview[] =>
    body.jobs
      .map((job) => {
        const { total = 0, ...byState } = job.tasks;
        return {
          id: job.jid,
          name: job.name,
          state: job.state,
          startTime: job['start-time'],
          endTime: job['end-time'],
          durationMs: job.duration,
          lastModification: job['last-modification'],
          tasks: { total, byState },
        };
      })
      .toSorted((a, b) => b.startTime - a.startTime),
  ),
);

/** `ExecutionConfig.PARALLELISM_DEFAULT`, Flink 2.3. */
const defaultParallelism = -1;

/** `GET /jobs/:id/config`: Flink's settings, and those of the user. */
export const jobConfiguration = z.pipe(
  z.object({
    'execution-config': z.nullish(
      z.object({
        'execution-mode': text,
        'restart-strategy': text,
        'job-parallelism': maybeNumber,
        'object-reuse-mode': flag,
        'user-config': z.nullish(z.record(z.string(), z.unknown())),
      }),
    ),
  }),
  z.transform(({ 'execution-config': found }): JobConfiguration => {
    const parallelism = found?.['job-parallelism'];
    return {
      executionMode: found?.['execution-mode'],
      restartStrategy: found?.['restart-strategy'],
      parallelism: parallelism === defaultParallelism ? 'default' : parallelism,
      objectReuse: found?.['object-reuse-mode'],
      user: Object.fromEntries(Object.entries(found?.['user-config'] ?? {}).map(([key, value]) => [key, String(value)])),
    };
  }),
);

/**
 * `GET /jobs/:id/exceptions`: `exceptionHistory` since 1.13. When the job gives up, the entry is that of the restart strategy and names no
 * task; the failure that led to it is among the `concurrentExceptions` (since 1.14).
 */
export const jobExceptions = z.pipe(
  z.object({
    exceptionHistory: z.object({
      entries: z.array(
        z.object({
          exceptionName: z.string(),
          stacktrace: z.string(),
          timestamp: number,
          taskName: text,
          taskManagerId: text,
          concurrentExceptions: z.nullish(z.array(z.object({ taskName: text, taskManagerId: text }))),
        }),
      ),
    }),
  }),
  z.transform((body): readonly JobException[] =>
    body.exceptionHistory.entries
      .map((entry) => {
        const { taskName, taskManagerId } =
          entry.taskManagerId === undefined
            ? (entry.concurrentExceptions?.find((other) => other.taskManagerId !== undefined) ?? entry)
            : entry;
        return { name: entry.exceptionName, stacktrace: entry.stacktrace, at: entry.timestamp, taskName, taskManagerId };
      })
      .toSorted((a, b) => b.at - a.at),
  ),
);

/** `GET /jobs/:id/accumulators`: names and their printed values. */
export const accumulators = z.pipe(
  z.object({ 'user-task-accumulators': z.array(z.object({ name: z.string(), value: z.nullish(z.string()) })) }),
  z.transform((body): Readonly<Record<string, string>> =>
    Object.fromEntries(body['user-task-accumulators'].map(({ name, value }) => [name, value ?? ''])),
  ),
);

/** `GET /jobs/:id/execution-result`. Its accumulators are serialised Java objects, so only their names are useful. */
export const executionResult = z.pipe(
  z.object({
    status: z.object({ id: z.string() }),
    'job-execution-result': z.nullish(
      z.object({
        id: z.string(),
        'application-status': z.string(),
        'net-runtime': number,
        'accumulator-results': z.nullish(z.record(z.string(), z.unknown())),
        'failure-cause': z.nullish(z.object({ 'stack-trace': z.string() })),
      }),
    ),
  }),
  z.transform((body): JobResult | undefined => {
    const result = body['job-execution-result'];
    if (body.status.id !== 'COMPLETED' || result === undefined || result === null) return undefined;
    return {
      id: result.id,
      status: result['application-status'],
      netRuntimeMs: result['net-runtime'],
      failure: result['failure-cause']?.['stack-trace'],
      accumulators: Object.fromEntries(Object.keys(result['accumulator-results'] ?? {}).map((name) => [name, ''])),
    };
  }),
);
