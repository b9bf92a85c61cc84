import { jobLabel } from '../../session/job-words.ts';
import { arg, option } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { cancelForbidden, noRunningJob, submitForbidden } from '../model/reasons.ts';
import { checkLaunch, knownLaunch, launchLines, restartNote } from '../procedures/prepare-restart.ts';
import { restartJob } from '../procedures/restarting.ts';

export const restart = command({
  name: 'restart',
  summary: 'Stop a job with a savepoint and start it again from that savepoint',
  details:
    'The jar, the class, the arguments and the configuration are those that the job was started with from this machine. The plan of the jar is compared with the state of the job before anything is stopped. ' +
    'If it is interrupted or fails on the way, resume continues it.',
  group: 'jobs',
  examples: ['restart orders-enrichment', 'restart 9f13c2 -p 8'],
  args: { job: arg.job('Job id, unique prefix or name', 'running') },
  options: {
    parallelism: option.integer('N', 'Parallelism; default: the one it was started with', { least: 1, most: 32_768 }, { short: 'p' }),
    savepointDir: option.remotePath(
      'DIR',
      'Folder of the savepoint, as the cluster sees it; default: execution.checkpointing.savepoint-dir of the cluster',
    ),
    unchecked: option.flag('Do not compare the plan of the jar with the state of the job'),
  },
  shell: { kind: 'run' },
  danger: 'confirm',
  source: 'flink',
  available: (session) => cancelForbidden(session) ?? submitForbidden(session) ?? noRunningJob(session) ?? true,
  async confirmation(_session, { job, parallelism }, context) {
    const launch = await knownLaunch(context, job);
    return {
      title: 'Restart a job',
      lines: [
        `This takes a savepoint of ${jobLabel(job)}, stops it, and starts it from the savepoint. If the savepoint fails, the job keeps running.`,
        ...launchLines({ ...launch, parallelism: parallelism ?? launch.parallelism }),
      ],
      jobs: [job],
      action: 'Restart the job',
    };
  },
  async run(context, { job, parallelism, savepointDir, unchecked }) {
    const before = await knownLaunch(context, job);
    const launch = { ...before, parallelism: parallelism ?? before.parallelism, allowNonRestoredState: false };
    await checkLaunch(context, job, launch, unchecked);
    const jobId = await restartJob(context, restartNote(context, job, { before, launch, directory: savepointDir }));
    context.front.print([`Job ${jobLabel(job)} runs again, with JobID ${jobId}.`], 'good');
  },
});
