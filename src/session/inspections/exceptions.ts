import type { FlinkClient } from '../../flink/types.ts';
import { failuresOf, type FailureFacts } from '../../inside/exceptions/failures.ts';

/** The failures of a job that Flink keeps. */
export interface ExceptionsFacts {
  /** Newest first. */
  readonly failures: readonly FailureFacts[];
  /** Flink keeps more than were asked for. */
  readonly truncated: boolean;
}

/** As many as Flink keeps by default, and some more (16, `web.exception-history-size`). */
const mostFailures = 32;

export async function readExceptions(
  flink: Pick<FlinkClient, 'exceptionHistory'>,
  jobId: string,
  signal: AbortSignal,
): Promise<ExceptionsFacts> {
  const found = await flink.exceptionHistory(jobId, mostFailures, { signal });
  return { failures: failuresOf(found), truncated: found.truncated };
}
