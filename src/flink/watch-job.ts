import type { Clock } from '../support/clock.ts';
import { Problem } from '../support/problem.ts';
import type { FlinkClient, JobDetail } from './types.ts';

/** How often to look, in milliseconds: tasks change their states within seconds. */
const everyMs = 1_000;

export interface JobWatch {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** How long to wait, in milliseconds; time without answers does not count. */
  readonly patienceMs: number;
  /** Called with the reason when an answer is missing, and with `undefined` once answers come again. */
  readonly onTrouble?: (problem: Problem | undefined) => void;
}

/**
 * Looks at a job until `settled` gives something; undefined if it does not in time. A lost connection is waited out. `settled` gets undefined
 * if the server does not know the job, as a new leader does for a moment.
 */
export async function watchJob<T>(
  client: Pick<FlinkClient, 'job'>,
  id: string,
  { clock, signal, patienceMs, onTrouble }: JobWatch,
  settled: (job: JobDetail | undefined) => T | undefined,
): Promise<T | undefined> {
  let waited = 0;
  let trouble = false;
  for (;;) {
    const asked = clock.monotonic();
    const answer = await look(client, id, signal);
    const silent = answer instanceof Problem;
    if (silent || trouble) onTrouble?.(silent ? answer : undefined);
    trouble = silent;
    if (!silent) {
      const result = settled(answer);
      if (result !== undefined) return result;
      if (waited >= patienceMs) return undefined;
    }
    await clock.sleep(everyMs, signal);
    if (!silent) waited += clock.monotonic() - asked;
  }
}

/** The job; undefined: the server does not know it; a problem: no answer now. */
async function look(client: Pick<FlinkClient, 'job'>, id: string, signal: AbortSignal): Promise<JobDetail | Problem | undefined> {
  try {
    return await client.job(id, { signal });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Problem)) throw error;
    if (error.kind === 'not-found') return undefined;
    if (error.kind === 'unreachable' || error.kind === 'unavailable') return error;
    throw error;
  }
}
