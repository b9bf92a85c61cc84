import type { Job } from '../../session/types.ts';
import { Problem, sentence } from '../../support/problem.ts';

/**
 * Does the same to each of several jobs, at the same time: one that fails does not keep the others from it. Rejects with what failed, once all
 * have ended.
 */
export async function withEachJob(jobs: readonly Job[], signal: AbortSignal, act: (job: Job) => Promise<void>): Promise<void> {
  const [only, ...others] = jobs;
  // The problem of one job is that of the command.
  if (only !== undefined && others.length === 0) return await act(only);
  const results = await Promise.allSettled(jobs.map(act));
  signal.throwIfAborted();
  const failed = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  if (failed.length === 0) return;
  throw new Problem('failed', `${failed.length} of ${jobs.length} jobs failed: ${failed.map(sentence).join(' ')}`, { cause: failed[0] });
}
