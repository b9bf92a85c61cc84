import { basename } from 'node:path';
import { createJarCache } from '../../flink/jar-cache.ts';
import { inspectJar } from '../../flink/jar-file.ts';
import type { FlinkClient } from '../../flink/types.ts';
import { arg, option } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { submitForbidden } from '../model/reasons.ts';
import { sessionWithin } from '../model/wait.ts';
import { jarPath } from '../procedures/jar-path.ts';
import { checkSavepoint } from '../procedures/check-state.ts';
import { keepLaunch, runRequest, type Settings, uploadReport } from '../procedures/launching.ts';

/** How long the list of jobs may lag behind an accepted job. */
const listedMs = 30_000;

export const submit = command({
  name: 'submit',
  summary: 'Upload a jar and run it',
  details:
    'The jar is checked here, sent only if the cluster does not have it yet, and its main method runs on the JobManager. What follows -- reaches main unchanged. ' +
    "A savepoint that lies in a folder of the JobManager's pod is read first, and its operators are compared with the plan of the jar, for which main runs once more.",
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
    unchecked: option.flag('Do not compare the plan of the jar with the savepoint'),
    properties: option.properties('Configuration of the job'),
  },
  shell: { kind: 'run' },
  danger: 'change',
  source: 'flink',
  available: (session) => submitForbidden(session) ?? true,
  async run(context, { jar, args, class: entryClass, parallelism, fromSavepoint, allowNonRestoredState, unchecked, properties }) {
    const { flink, front, newId, operations, refresh } = context;
    const path = await jarPath(jar, context);
    await inspectJar(path, entryClass);
    const jobId = newId();
    const settings: Settings = {
      entryClass,
      arguments: args,
      parallelism: parallelism ?? (await defaultParallelism(flink, properties, context.signal)),
      configuration: properties,
      allowNonRestoredState,
    };
    if (fromSavepoint !== undefined && !unchecked) await checkSavepoint(context, path, settings, fromSavepoint);
    await operations.track({ title: `Submit ${basename(path)}`, kind: 'submit', jobId }, async (report, signal) => {
      await createJarCache(flink).run(path, runRequest(settings, jobId, fromSavepoint), {
        signal,
        onProgress: uploadReport(context, basename(path), report.progress),
        onReady: ({ name }) => keepLaunch(context, jobId, { ...settings, jar: { path, name } }),
      });
      refresh();
      // The panel then shows the job before the message does. A job that was too short to be listed was still accepted.
      await sessionWithin({ ...context, signal }, listedMs, ({ jobs }) => jobs.some(({ id }) => id === jobId));
      return { value: undefined, result: jobId };
    });
    front.print([`Job has been submitted with JobID ${jobId}`], 'good');
  },
});

async function defaultParallelism(flink: FlinkClient, properties: Readonly<Record<string, string>>, signal: AbortSignal): Promise<number> {
  const wished = properties['parallelism.default'] ?? (await flink.clusterConfiguration({ signal })).get('parallelism.default');
  const value = Number(wished);
  return Number.isInteger(value) && value > 0 ? value : 1;
}
