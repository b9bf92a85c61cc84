import { arg, option } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { jobLabel } from '../../session/job-words.ts';
import { stopWithSavepoint } from '../procedures/savepoints.ts';
import { cancelForbidden, noRunningJob } from '../model/reasons.ts';

export const stopJob = command({
  name: 'stop-job',
  summary: 'Stop a job with a savepoint',
  details:
    'The job takes a savepoint and finishes; its state is in the savepoint, whose path is printed and kept with the operations. cancel ends a job without one.',
  group: 'jobs',
  examples: ['stop-job orders-enrichment', 'stop-job 9f13c2 --savepoint-dir s3://savepoints --drain'],
  args: { job: arg.job('Job id, unique prefix or name', 'running') },
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
  confirmation: (_session, { job, drain }) => ({
    title: 'Stop a job with a savepoint',
    lines: [
      `This takes a savepoint of ${jobLabel(job)} and stops it. If the savepoint fails, the job keeps running.`,
      ...(drain ? ['--drain fires windows and timers first: a job that continues from this savepoint has wrong results.'] : []),
    ],
    jobs: [job],
    action: 'Take a savepoint and stop the job',
  }),
  async run(context, { job, savepointDir, drain, native }) {
    const path = await stopWithSavepoint(context, job, { directory: savepointDir, drain, format: native ? 'NATIVE' : 'CANONICAL' });
    context.front.print([`Job ${jobLabel(job)} is stopped. Savepoint: ${path}`], 'good');
  },
});
