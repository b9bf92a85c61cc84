import { access } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createJarCache } from '../../flink/jar-cache.ts';
import { inspectJar } from '../../flink/jar-file.ts';
import type { FlinkClient, RunJarRequest } from '../../flink/types.ts';
import { inParts } from '../../flink/upload-steps.ts';
import { formatBytes, formatPercent } from '../../support/format.ts';
import { arg, option } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { userPath } from '../line/jar-files.ts';
import { submitForbidden } from '../model/reasons.ts';
import type { CommandContext } from '../model/types.ts';
import { sessionWithin } from '../model/wait.ts';

/** How long the list of jobs may lag behind an accepted job. */
const listedMs = 30_000;

/** Without a panel to show it, lines report the upload of a jar of at least this many bytes. */
const worthLines = 4_000_000;

const howFar = (sent: number, total: number): string => `${formatBytes(sent)} of ${formatBytes(total)}, ${formatPercent(sent / total)}`;

export const submit = command({
  name: 'submit',
  summary: 'Upload a jar and run it',
  details:
    'The jar is checked here, sent only when the cluster does not have it yet, and its main method runs on the JobManager. What follows -- reaches main unchanged.',
  group: 'jobs',
  examples: [
    'submit ./examples/streaming/TopSpeedWindowing.jar',
    'submit job.jar -c com.example.Main -p 4 -- --input "a, b"',
    'submit job.jar -s s3://savepoints/savepoint-9f13c2 -n',
  ],
  args: { jar: arg.jar('Path of a local jar'), args: arg.afterDashes('Arguments of the main method') },
  options: {
    class: option.text('CLASS', 'Class with the main method; default: the one in the manifest of the jar', { short: 'c' }),
    parallelism: option.integer(
      'N',
      'Parallelism; default: parallelism.default of the cluster',
      { least: 1, most: 32_768 },
      { short: 'p' },
    ),
    fromSavepoint: option.savepoint('SAVEPOINT', 'Path of a savepoint or checkpoint to start from', { short: 's' }),
    allowNonRestoredState: option.flag('Start even if the savepoint holds state that the job no longer has', { short: 'n' }),
    properties: option.properties('Configuration of the job'),
  },
  shell: { kind: 'run' },
  danger: 'change',
  source: 'flink',
  available: (session) => submitForbidden(session) ?? true,
  async run(context, { jar, args, class: entryClass, parallelism, fromSavepoint, allowNonRestoredState, properties }) {
    const { flink, front, newId, operations, refresh } = context;
    const path = await jarPath(jar, context);
    await inspectJar(path, entryClass);
    const jobId = newId();
    await operations.track({ title: `Submit ${basename(path)}`, kind: 'submit', jobId }, async (report, signal) => {
      const request: RunJarRequest = {
        jobId,
        // Always sent: without it, some versions run main() with 1 instead of the cluster's default.
        parallelism: parallelism ?? (await defaultParallelism(flink, properties, signal)),
        entryClass,
        arguments: args.length === 0 ? undefined : args,
        savepointPath: fromSavepoint,
        allowNonRestoredState: allowNonRestoredState ? true : undefined,
        configuration: Object.keys(properties).length === 0 ? undefined : properties,
      };
      const inLines = inParts(4, (sent, total) => {
        if (context.mode === 'line' && total >= worthLines) front.print([`${basename(path)}: ${howFar(sent, total)}`], 'event');
      });
      const onProgress = (sent: number, total: number): void => {
        report.progress(sent < total ? howFar(sent, total) : 'uploaded, starting the job');
        inLines(sent, total);
      };
      await createJarCache(flink).run(path, request, { signal, onProgress });
      refresh();
      // The panel then shows the job before the message does. A job that was too short to be listed was still accepted.
      await sessionWithin({ ...context, signal }, listedMs, ({ jobs }) => jobs.some(({ id }) => id === jobId));
      return { value: undefined, result: jobId };
    });
    front.print([`Job has been submitted with JobID ${jobId}`], 'good');
  },
});

/** The jar that the user means: a path, or the name of an example if there is no such file. */
async function jarPath(word: string, { cwd, home, sandbox }: CommandContext): Promise<string> {
  const path = userPath(word, { cwd, home });
  if (sandbox === undefined || /[/\\]/.test(word) || (await exists(path))) return path;
  const example = join(sandbox.examples, word);
  return (await exists(example)) ? example : path;
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    // Missing or unreadable: `inspectJar` says which.
    return false;
  }
}

async function defaultParallelism(flink: FlinkClient, properties: Readonly<Record<string, string>>, signal: AbortSignal): Promise<number> {
  const wished = properties['parallelism.default'] ?? (await flink.clusterConfiguration({ signal })).get('parallelism.default');
  const value = Number(wished);
  return Number.isInteger(value) && value > 0 ? value : 1;
}
