import { arg, option } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { jobLabel } from '../../session/job-words.ts';
import { noRunningJob } from '../model/reasons.ts';
import { withEachJob } from '../procedures/each-job.ts';
import { takeSavepoint } from '../procedures/savepoints.ts';

export const savepoint = command({
  name: 'savepoint',
  summary: 'Take savepoints of running jobs',
  details: 'Their paths are printed and kept with the operations; submit -s starts a job from one of them.',
  group: 'jobs',
  examples: ['savepoint orders-enrichment', 'savepoint 9f13c2 4bd1c5 s3://savepoints'],
  args: {
    job: arg.jobsAndFolder(
      'Job ids, unique prefixes or names, followed by the folder of the savepoints, as the cluster sees it (default: execution.checkpointing.savepoint-dir of the cluster)',
    ),
  },
  options: { native: option.flag('The native format: faster, but cannot be restored into another state backend') },
  shell: { kind: 'run' },
  danger: 'change',
  source: 'flink',
  available: (session) => noRunningJob(session) ?? true,
  run: (context, { job: { jobs, directory }, native }) =>
    withEachJob(jobs, context.signal, async (job) => {
      const path = await takeSavepoint(context, job, { directory, format: native ? 'NATIVE' : 'CANONICAL' });
      context.front.print([`Savepoint of ${jobLabel(job)}: ${path}`], 'good');
    }),
});
