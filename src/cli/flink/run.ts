import { createJarCache } from '../../flink/jar-cache.ts';
import { failureSentence } from '../../flink/failure-text.ts';
import type { JobResult, RunJarRequest } from '../../flink/types.ts';
import { keepLaunch } from '../../commands/procedures/launching.ts';
import type { Launch } from '../../session/launch.ts';
import { inParts } from '../../flink/upload-steps.ts';
import { jsonText } from '../../support/machine-text.ts';
import { Problem } from '../../support/problem.ts';
import { timeLimit } from '../../support/waiting.ts';
import { waitFor, withCluster, type ActionContext, type Connected } from './action.ts';
import { configure, isApplication, type Configured } from './configuration.ts';
import type { ParsedLine } from './command-line.ts';
import { withDefaultLine } from './default-line.ts';
import { jobSettings } from './job-settings.ts';
import { programJar } from './program-jar.ts';
import { programOptions } from './program-options.ts';
import type { ProgramOptions } from '../../cluster/manifests/application-config.ts';
import { untilJob, untilResult } from './wait.ts';

const rule = '-'.repeat(62);

/**
 * `run`: uploads the jar if no identical one is there, and runs its `main` on the JobManager. Attached, it waits for the job's end: Ctrl+C
 * leaves the job alone, or cancels it with `-sae`. Source of the words: `CliFrontend` and `JobSubmittedHandler`, Flink 2.3.
 */
export async function run(context: ActionContext): Promise<void> {
  const { io, services, line } = context;
  const program = programOptions(line);
  for (const warning of oldWords(line, program)) context.say(warning);
  const configured = configure(line, services);
  if (isApplication(configured.target)) {
    if (program.jar === undefined && program.python === undefined)
      throw new Problem('usage', 'Java program should be specified a JAR file.');
    await services.deployApplication(
      { config: withDefaultLine(configured, line), program, json: context.json, trace: line.value('trace'), accepted: line.has('yes') },
      io,
    );
    return;
  }
  const jar = await programJar(program, io.cwd);
  await withCluster(context, (cluster) => submit(context, cluster, configured, program, jar), configured);
}

/** Flink's warnings about options that will be removed. Source: `CliFrontendParser` and `CliFrontend`, Flink 2.3. */
function oldWords(line: ParsedLine, program: ProgramOptions): readonly string[] {
  return [
    ...(line.has('restoreMode') ? ["The option 'restoreMode' is deprecated. Please use 'claimMode' instead."] : []),
    ...(program.savepoint.claimMode === 'LEGACY'
      ? ['Warning: The LEGACY restore mode is deprecated, please use CLAIM or NO_CLAIM mode instead.']
      : []),
  ];
}

async function submit(
  context: ActionContext,
  cluster: Connected,
  configured: Configured,
  program: ProgramOptions,
  path: string,
): Promise<void> {
  const { say, line } = context;
  const { client, signal } = cluster;
  const request = jobSettings(program, configured);
  const { jobId, jar } = await createJarCache(client).run(path, request, {
    signal,
    ...uploadProgress(context),
    onReady: ({ name }) => remember(context, request, { path, name }),
  });
  say(`Job has been submitted with JobID ${jobId}`);
  const submitted = { jobId, jar: { id: jar.id, name: jar.name, uploaded: jar.uploaded } };
  if (program.detached) {
    // A batch job may be over before the first look: any state after the start will do.
    const state = line.has('wait')
      ? await waitFor(context, cluster, submitted, () => untilJob(cluster, jobId, (now) => now !== 'INITIALIZING' && now !== 'CREATED'))
      : undefined;
    context.result({ ...submitted, state });
    return;
  }
  report(context, submitted, await waitFor(context, cluster, submitted, () => resultOrLeave(context, cluster, program, jobId)));
}

/** `drey restart` and `upgrade` start the job again with the same. */
function remember({ io, services }: ActionContext, request: RunJarRequest, jar: Launch['jar']): void {
  const { jobId, entryClass, arguments: words = [], parallelism = 1, configuration = {}, allowNonRestoredState = false } = request;
  keepLaunch({ launches: services.launches, front: { print: (lines) => io.stderr(`${lines.join('\n')}\n`) } }, jobId, {
    jar,
    entryClass,
    arguments: words,
    parallelism,
    configuration,
    allowNonRestoredState,
  });
}

async function resultOrLeave(context: ActionContext, cluster: Connected, program: ProgramOptions, jobId: string): Promise<JobResult> {
  try {
    return await untilResult(cluster, jobId);
  } catch (error) {
    if (context.io.signal.aborted) await leave(context, cluster, program, jobId);
    if (!(error instanceof Problem) || error.kind !== 'not-found') throw error;
    throw new Problem('failed', `Job ${jobId} is gone: the cluster does not know it any more.`, {
      hint: 'Without high availability a JobManager that was replaced has forgotten its jobs.',
      cause: error,
    });
  }
}

/** Interrupted while attached. */
async function leave({ io }: ActionContext, { client, clock }: Connected, program: ProgramOptions, jobId: string): Promise<void> {
  if (!program.shutdownOnAttachedExit) {
    io.stderr(`Job ${jobId} keeps running without this command.\n`);
    return;
  }
  using patience = timeLimit(10_000, undefined, clock);
  try {
    await client.cancelJob(jobId, { signal: patience.signal });
    io.stderr(`Job ${jobId} is being cancelled, as -sae asks for.\n`);
  } catch (error) {
    io.stderr(`Job ${jobId} could not be cancelled: ${error instanceof Problem ? error.message : 'the cluster did not answer.'}\n`);
  }
}

function report(context: ActionContext, submitted: { readonly jobId: string }, result: JobResult): void {
  const { say } = context;
  const { jobId } = submitted;
  if (result.status === 'CANCELED') throw new Problem('failed', `Job ${jobId} was cancelled.`);
  if (result.status !== 'SUCCEEDED')
    throw new Problem('failed', `Job ${jobId} failed: ${failureSentence(result.failure ?? 'Flink gives no reason.')}`, {
      cause: result.failure,
    });
  say('Program execution finished');
  say(`Job with JobID ${jobId} has finished.`);
  say(`Job Runtime: ${result.netRuntimeMs} ms`);
  const accumulators = Object.entries(result.accumulators);
  if (accumulators.length > 0) {
    say('Accumulator Results: ');
    for (const [name, value] of accumulators) say(`- ${name}: ${value}`);
  }
  say('');
  context.result({ ...submitted, state: 'FINISHED', netRuntimeMs: result.netRuntimeMs, accumulators: result.accumulators });
}

/** `info`: the plan as the JobManager computes it. Flink's own client computes it from the program; the frame around it is the same. */
export async function info(context: ActionContext): Promise<void> {
  const program = programOptions(context.line);
  const configured = configure(context.line, context.services);
  const jar = await programJar(program, context.io.cwd);
  await withCluster(
    context,
    async ({ client, signal }) => {
      const cached = await createJarCache(client).ensure(jar, { signal, ...uploadProgress(context) });
      const { jobId: _none, ...settings } = jobSettings(program, configured);
      const plan = await client.jarPlan(cached.id, settings, { signal });
      if (context.json) return context.result({ plan });
      context.say('----------------------- Execution Plan -----------------------');
      for (const row of jsonText(plan).trimEnd().split('\n')) context.say(row);
      context.say(rule);
      context.say('');
      context.say('No description provided.');
    },
    configured,
  );
}

/** A jar of a few megabytes takes a while through a port-forward: on a terminal, every tenth of it is reported. */
function uploadProgress({ io }: ActionContext): { readonly onProgress?: (sent: number, total: number) => void } {
  if (!io.isTty.stdout) return {};
  return {
    onProgress: inParts(10, (sent, total) =>
      io.stderr(`Uploading: ${total === 0 ? 100 : Math.floor((sent * 10) / total) * 10} % of ${(total / 1024 / 1024).toFixed(1)} MiB\n`),
    ),
  };
}
