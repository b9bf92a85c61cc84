import { isTerminal, type JobResult, type JobState } from '../../flink/types.ts';
import { Problem } from '../../support/problem.ts';
import type { Connected } from './action.ts';

const pollMs = 500;

/** The result of a job once it has ended; polls at the intervals of Flink's own client. */
export async function untilResult({ client, clock, signal }: Connected, jobId: string): Promise<JobResult> {
  for (let wait = 20; ; wait = Math.min(wait * 2, 2_000)) {
    const result = await patiently(() => client.executionResult(jobId, { signal }));
    if (result !== undefined) return result;
    await clock.sleep(wait, signal);
  }
}

/** The state of a job once it fulfils `condition`. Rejects with `not-found` if the job is gone. */
export async function untilJob(
  { client, clock, signal }: Connected,
  jobId: string,
  condition: (state: JobState) => boolean,
): Promise<JobState> {
  for (;;) {
    const jobs = await patiently(() => client.jobs({ signal }));
    const job = jobs?.find(({ id }) => id === jobId);
    if (jobs !== undefined && job === undefined) throw new Problem('not-found', `Job ${jobId} is not known to this cluster any more.`);
    if (job !== undefined && condition(job.state)) return job.state;
    await clock.sleep(pollMs, signal);
  }
}

/** The state in which a job ended. */
export const untilEnded = (cluster: Connected, jobId: string): Promise<JobState> => untilJob(cluster, jobId, isTerminal);

/** Waits out a connection that is lost for a while: the result is undefined then. */
async function patiently<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Problem && (error.kind === 'unreachable' || error.kind === 'unavailable')) return undefined;
    throw error;
  }
}
