import { arg, option, optional } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { jobLabel } from '../../session/job-words.ts';
import { noRunningJob } from '../model/reasons.ts';
import { takeSavepoint } from '../procedures/savepoints.ts';

export const savepoint = command({
  name: 'savepoint',
  summary: 'Take a savepoint of a running job',
  details: 'Its path is printed and kept with the operations; submit -s starts a job from it.',
  group: 'jobs',
  examples: ['savepoint orders-enrichment', 'savepoint 9f13c2 s3://savepoints'],
  args: {
    job: arg.job('Job id, unique prefix or name', 'running'),
    directory: optional(
      arg.remotePath('Folder of the savepoint, as the cluster sees it; default: execution.checkpointing.savepoint-dir of the cluster'),
    ),
  },
  options: { native: option.flag('The native format: faster, but cannot be restored into another state backend') },
  shell: { kind: 'run' },
  danger: 'change',
  source: 'flink',
  available: (session) => noRunningJob(session) ?? true,
  async run(context, { job, directory, native }) {
    const path = await takeSavepoint(context, job, { directory, format: native ? 'NATIVE' : 'CANONICAL' });
    context.front.print([`Savepoint of ${jobLabel(job)}: ${path}`], 'good');
  },
});
