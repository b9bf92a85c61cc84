import { arg, option } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { jobLabel } from '../../session/job-words.ts';
import { noRunningJob } from '../model/reasons.ts';
import { takeCheckpoint } from '../procedures/savepoints.ts';

export const checkpoint = command({
  name: 'checkpoint',
  summary: 'Take a checkpoint of a job now',
  group: 'jobs',
  examples: ['checkpoint orders-enrichment', 'checkpoint 9f13c2 --full'],
  args: { job: arg.job('Job id, unique prefix or name', 'running') },
  options: { full: option.flag('A full checkpoint, even if the job is configured for incremental ones') },
  shell: { kind: 'run' },
  danger: 'change',
  source: 'flink',
  available: (session) => noRunningJob(session) ?? true,
  async run(context, { job, full }) {
    const number = await takeCheckpoint(context, job, full);
    context.front.print([`${full ? 'Full checkpoint' : 'Checkpoint'} ${number} of ${jobLabel(job)} is complete.`], 'good');
  },
});
