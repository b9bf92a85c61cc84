import { basename } from 'node:path';
import { cachedName } from '../../flink/jar-cache.ts';
import { inspectJar } from '../../flink/jar-file.ts';
import { jobLabel } from '../../session/job-words.ts';
import type { Launch } from '../../session/launch.ts';
import { Problem } from '../../support/problem.ts';
import { arg, option } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { cancelForbidden, noRunningJob, submitForbidden } from '../model/reasons.ts';
import type { CommandContext } from '../model/types.ts';
import { jarPath } from '../procedures/jar-path.ts';
import { checkLaunch, knownLaunch, launchLines, restartNote } from '../procedures/prepare-restart.ts';
import { restartJob } from '../procedures/restarting.ts';

export const upgrade = command({
  name: 'upgrade',
  summary: 'Stop a job with a savepoint and start a new version from that savepoint',
  details:
    'What is not given stays as it was when the job was started from this machine: the class, the parallelism, the configuration, and the arguments unless some follow -- or --no-arguments is given. ' +
    'The plan of the new jar is compared with the state of the job before anything is stopped. If the new version does not run, resume --back starts the old one from the same savepoint.',
  group: 'jobs',
  examples: ['upgrade orders-enrichment orders-2.jar', 'upgrade 9f13c2 orders-2.jar -p 8 -- --topic orders'],
  args: {
    job: arg.job('Job id, unique prefix or name', 'running'),
    jar: arg.jar('Path of the new jar on this machine'),
    args: arg.afterDashes('Arguments of the main method; default: as before, or none with --no-arguments'),
  },
  options: {
    class: option.text('CLASS', 'Class with the main method; default: as before', { short: 'c' }),
    parallelism: option.integer('N', 'Parallelism; default: as before', { least: 1, most: 32_768 }, { short: 'p' }),
    savepointDir: option.remotePath(
      'DIR',
      'Folder of the savepoint, as the cluster sees it; default: execution.checkpointing.savepoint-dir of the cluster',
    ),
    allowNonRestoredState: option.flag('Drop state that has no place in the new version', { short: 'n' }),
    noArguments: option.flag('Start the new version without arguments'),
    unchecked: option.flag('Do not compare the plan of the jar with the state of the job'),
    properties: option.properties('Configuration of the job, in addition to what it had before'),
  },
  shell: { kind: 'run' },
  danger: 'confirm',
  source: 'flink',
  available: (session) => cancelForbidden(session) ?? submitForbidden(session) ?? noRunningJob(session) ?? true,
  async confirmation(_session, given, context) {
    const { before, launch } = await launches(context, given);
    return {
      title: 'Upgrade a job',
      lines: [
        `This takes a savepoint of ${jobLabel(given.job)}, stops it, and starts ${basename(launch.jar.path)} from the savepoint instead of ${basename(before.jar.path)}. If the savepoint fails, the job keeps running.`,
        ...launchLines(launch),
        ...(launch.allowNonRestoredState ? ['State that has no place in the new version is dropped.'] : []),
      ],
      jobs: [given.job],
      action: 'Upgrade the job',
    };
  },
  async run(context, given) {
    const { job, savepointDir: directory, unchecked } = given;
    const { before, launch } = await launches(context, given);
    await checkLaunch(context, job, launch, unchecked);
    const jobId = await restartJob(context, restartNote(context, job, { before, launch, directory }));
    context.front.print([`Job ${jobLabel(job)} is upgraded to ${basename(launch.jar.path)}, and runs with JobID ${jobId}.`], 'good');
  },
});

interface Given {
  readonly job: Parameters<typeof knownLaunch>[1];
  readonly jar: string;
  readonly args: readonly string[];
  readonly noArguments: boolean;
  readonly class: string | undefined;
  readonly parallelism: number | undefined;
  readonly allowNonRestoredState: boolean;
  readonly properties: Readonly<Record<string, string>>;
}

/** What runs, and what is to be started: the new jar is read here, and not sent yet. */
async function launches(context: CommandContext, given: Given): Promise<{ readonly before: Launch; readonly launch: Launch }> {
  if (given.noArguments && given.args.length > 0)
    throw new Problem('usage', 'The new version cannot have arguments and start without arguments.', {
      hint: 'Leave out --no-arguments, or the words after --.',
    });
  const before = await knownLaunch(context, given.job);
  const path = await jarPath(given.jar, context);
  const entryClass = given.class ?? before.entryClass;
  await inspectJar(path, entryClass);
  return {
    before,
    launch: {
      jar: { path, name: await cachedName(path, context.signal) },
      entryClass,
      arguments: given.noArguments || given.args.length > 0 ? given.args : before.arguments,
      parallelism: given.parallelism ?? before.parallelism,
      configuration: { ...before.configuration, ...given.properties },
      allowNonRestoredState: given.allowNonRestoredState,
    },
  };
}
