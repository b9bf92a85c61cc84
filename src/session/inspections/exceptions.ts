import type { FlinkClient } from '../../flink/types.ts';
import { failuresOf, mostFailures, type FailureFacts } from '../../inside/exceptions/failures.ts';
import { Problem } from '../../support/problem.ts';
import type { InspectionKind } from './inspection.ts';

/** The failures of a job that Flink keeps. */
export interface ExceptionsSubject {
  readonly kind: 'exceptions';
  readonly job: string;
}

export interface ExceptionsFacts {
  /** Newest first. */
  readonly failures: readonly FailureFacts[];
  /** Flink keeps more than were asked for. */
  readonly truncated: boolean;
}

export async function readExceptions(
  flink: Pick<FlinkClient, 'exceptionHistory'>,
  jobId: string,
  signal: AbortSignal,
): Promise<ExceptionsFacts> {
  const found = await flink.exceptionHistory(jobId, mostFailures, { signal });
  return { failures: failuresOf(found), truncated: found.truncated };
}

export const exceptionsInspection: InspectionKind<ExceptionsSubject, ExceptionsFacts> = {
  idOf: ({ job }) => job,
  read: ({ job }, { flink, signal }) => readExceptions(flink, job, signal),
};

/** One of them. */
export interface ExceptionSubject {
  readonly kind: 'exception';
  readonly job: string;
  readonly id: string;
}

export const exceptionInspection: InspectionKind<ExceptionSubject, FailureFacts> = {
  idOf: ({ job, id }) => `${job} ${id}`,
  async read({ job, id }, { flink, signal, before }) {
    const { failures } = await readExceptions(flink, job, signal);
    const found = failures.find((failure) => failure.id === id) ?? before;
    if (found === undefined)
      throw new Problem('not-found', 'Flink does not keep this failure any more.', {
        hint: 'It keeps the newest ones only: web.exception-history-size.',
      });
    return found;
  },
};
