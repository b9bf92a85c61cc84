import { arg, option } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { jobLabel } from '../../session/job-words.ts';
import { withEachJob } from '../procedures/each-job.ts';
import { stopWithSavepoint } from '../procedures/savepoints.ts';
import { cancelForbidden, noRunningJob } from '../model/reasons.ts';

export const stopJob = command({
  name: 'stop-job',
  summary: 'Stop jobs with a savepoint',
  details:
    'The job takes a savepoint and finishes; its state is in the savepoint, whose path is printed and kept with the operations. cancel ends a job without one.',
  group: 'jobs',
  examples: ['stop-job orders-enrichment', 'stop-job 9f13c2 --savepoint-dir s3://savepoints --drain'],
  args: { job: arg.jobs('Job ids, unique prefixes or names', 'running') },
  options: {
    savepointDir: option.remotePath(
      'DIR',
      'Folder of the savepoint, as the cluster sees it; default: execution.checkpointing.savepoint-dir of the cluster',
    ),
    drain: option.flag('Send the end of all streams first: windows and timers fire. Only for a job that will not be resumed'),
    native: option.flag('The native format: faster, but cannot be restored into another state backend'),
  },
  shell: { kind: 'run' },
  danger: 'confirm',
  source: 'flink',
  available: (session) => cancelForbidden(session) ?? noRunningJob(session) ?? true,
  confirmation: (_session, { job: jobs, drain }) => ({
    title: jobs.length === 1 ? 'Stop a job with a savepoint' : `Stop ${jobs.length} jobs with savepoints`,
    lines: [
      jobs.length === 1
        ? `This takes a savepoint of ${jobs.map(jobLabel).join(', ')} and stops it. If the savepoint fails, the job keeps running.`
        : `This takes a savepoint of each of these and stops it: ${jobs.map(jobLabel).join(', ')}. A job whose savepoint fails keeps running.`,
      ...(drain ? ['--drain fires windows and timers first: a job that continues from this savepoint has wrong results.'] : []),
    ],
    jobs,
    action: jobs.length === 1 ? 'Take a savepoint and stop the job' : `Take savepoints and stop the ${jobs.length} jobs`,
  }),
  run: (context, { job: jobs, savepointDir, drain, native }) =>
    withEachJob(jobs, context.signal, async (job) => {
      const path = await stopWithSavepoint(context, job, { directory: savepointDir, drain, format: native ? 'NATIVE' : 'CANONICAL' });
      context.front.print([`Job ${jobLabel(job)} is stopped. Savepoint: ${path}`], 'good');
    }),
});
