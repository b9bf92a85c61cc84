import { isTerminal } from '../../flink/types.ts';
import { arg } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { jobLabel } from '../../session/job-words.ts';
import { cancelForbidden, noRunningJob } from '../model/reasons.ts';
import { sessionWithin } from '../model/wait.ts';

/**
 * After three minutes, tasks that do not react are killed along with their TaskManager. Source:
 * `TaskManagerOptions.TASK_CANCELLATION_TIMEOUT`, Flink 2.3.
 */
const patienceMs = 200_000;

export const cancel = command({
  name: 'cancel',
  summary: 'Cancel a job without a savepoint',
  details: 'stop-job ends a job with a savepoint.',
  group: 'jobs',
  examples: ['cancel 9f13c2', 'cancel orders-enrichment'],
  args: { job: arg.job('Job id, unique prefix or name', 'running') },
  shell: { kind: 'run' },
  danger: 'confirm',
  source: 'flink',
  available: (session) => cancelForbidden(session) ?? noRunningJob(session) ?? true,
  confirmation: (_session, { job }) => ({
    title: 'Cancel a job',
    lines: [
      `This cancels ${jobLabel(job)}. What it did since its last checkpoint is lost; checkpoints are deleted unless the job keeps them.`,
    ],
    jobs: [job],
    action: 'Cancel the job, without a savepoint',
    alternatives: [{ label: 'Stop it with a savepoint instead: its state is kept', commandLine: `stop-job ${job.id}` }],
  }),
  async run(context, { job }) {
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
  },
});
