import { isTerminal } from '../../flink/types.ts';
import { arg } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { jobLabel } from '../../session/job-words.ts';
import type { Job } from '../../session/types.ts';
import type { CommandContext } from '../model/types.ts';
import { withEachJob } from '../procedures/each-job.ts';
import { cancelForbidden, noRunningJob } from '../model/reasons.ts';
import { sessionWithin } from '../model/wait.ts';

/**
 * After three minutes, tasks that do not react are killed along with their TaskManager. Source:
 * `TaskManagerOptions.TASK_CANCELLATION_TIMEOUT`, Flink 2.3.
 */
const patienceMs = 200_000;

export const cancel = command({
  name: 'cancel',
  summary: 'Cancel jobs without a savepoint',
  details: 'stop-job ends a job with a savepoint.',
  group: 'jobs',
  examples: ['cancel 9f13c2', 'cancel orders-enrichment', 'cancel 9f13c2 4bd1c5'],
  args: { job: arg.jobs('Job ids, unique prefixes or names', 'running') },
  shell: { kind: 'run' },
  danger: 'confirm',
  source: 'flink',
  available: (session) => cancelForbidden(session) ?? noRunningJob(session) ?? true,
  confirmation: (_session, { job: jobs }) => ({
    title: jobs.length === 1 ? 'Cancel a job' : `Cancel ${jobs.length} jobs`,
    lines: [
      `This cancels ${jobs.map(jobLabel).join(', ')}. What ${jobs.length === 1 ? 'it' : 'they'} did since the last checkpoint is lost; checkpoints are deleted unless the job keeps them.`,
    ],
    jobs,
    action: jobs.length === 1 ? 'Cancel the job, without a savepoint' : `Cancel the ${jobs.length} jobs, without savepoints`,
    alternatives: [
      {
        label:
          jobs.length === 1
            ? 'Stop it with a savepoint instead: its state is kept'
            : 'Stop them with savepoints instead: their state is kept',
        commandLine: `stop-job ${jobs.map(({ id }) => id).join(' ')}`,
      },
    ],
  }),
  run: (context, { job: jobs }) => withEachJob(jobs, context.signal, (job) => cancelJob(context, job)),
});

async function cancelJob(context: CommandContext, job: Job): Promise<void> {
  const state = await context.operations.track(
    { title: `Cancel ${jobLabel(job)}`, kind: 'cancel', jobId: job.id },
    async (_report, signal) => {
      await context.flink.cancelJob(job.id, { signal });
      context.refresh();
      // A job that the server has forgotten meanwhile has ended, too.
      await sessionWithin({ ...context, signal }, patienceMs, ({ jobs }) => {
        const now = jobs.find(({ id }) => id === job.id);
        return now === undefined || isTerminal(now.state);
      });
      const last = context.store.get().jobs.find(({ id }) => id === job.id)?.state ?? 'CANCELED';
      return { value: last, result: last };
    },
  );
  context.front.print(
    [isTerminal(state) ? `Job ${jobLabel(job)} is ${state}.` : `Job ${jobLabel(job)} was requested to cancel, and is still ${state}.`],
    state === 'CANCELED' ? 'good' : 'warn',
  );
}
