import { removeSavepoint, stopWithSavepoint, takeCheckpoint, takeSavepoint, type Watching } from '../../flink/async-operation.ts';
import { isJobId, newId } from '../../flink/ids.ts';
import type { SavepointFormat } from '../../flink/types.ts';
import { Problem } from '../../support/problem.ts';
import { waitFor, withCluster, type ActionContext, type Connected } from './action.ts';
import type { ParsedLine } from './command-line.ts';
import { resolveJob } from './job-reference.ts';
import { untilEnded } from './wait.ts';

/** `cancel`. Source of the words and of the trap with `-s`: `CliFrontend.cancel`, Flink 2.3. */
export async function cancel(context: ActionContext): Promise<void> {
  const { line } = context;
  if (line.has('withSavepoint')) return cancelWithSavepoint(context);
  const text = line.words[0] ?? missing('Missing JobID. Specify a JobID to cancel a job.');
  await forJob(
    context,
    text,
    (id) => `Cancelling job ${id}.`,
    async (cluster, jobId) => {
      await cluster.client.cancelJob(jobId, { signal: cluster.signal });
      context.say(`Cancelled job ${jobId}.`);
      // Flink returns once the cancellation is accepted.
      const state = line.has('wait') ? await waitFor(context, cluster, { jobId }, () => untilEnded(cluster, jobId)) : undefined;
      context.result({ jobId, state: state ?? 'CANCELLING' });
    },
  );
}

async function cancelWithSavepoint(context: ActionContext): Promise<void> {
  const { line, say } = context;
  say('DEPRECATION WARNING: Cancelling a job with savepoint is deprecated. Use "stop" instead.');
  const { text, directory } = jobBehindOptionalValue(line, 'withSavepoint');
  const format = formatOf(line);
  const words = (id: string) => `Cancelling job ${id} with ${format} savepoint to ${directory ?? 'default savepoint directory'}.`;
  await forJob(context, text, words, async (cluster, jobId) => {
    const triggerId = newId();
    const { path } = await waitFor(context, cluster, { jobId, triggerId }, () =>
      takeSavepoint(cluster.client, { jobId, triggerId, format, cancelJob: true, directory }, watching(context, cluster)),
    );
    say(`Cancelled job ${jobId}. Savepoint stored in ${path}.`);
    const done = { jobId, triggerId, savepoint: path };
    if (line.has('wait')) await waitFor(context, cluster, done, () => untilEnded(cluster, jobId));
    context.result(done);
  });
}

/** `stop`. Source of the words and of the trap with `-p`: `CliFrontend.stop`, Flink 2.3. */
export async function stop(context: ActionContext): Promise<void> {
  const { line, say } = context;
  const { text, directory } = jobBehindOptionalValue(line, 'savepointPath');
  const [drain, format, detached] = [line.has('drain'), formatOf(line), line.has('detached')];
  const words = (id: string) => `${drain ? 'Draining' : 'Suspending'} job "${id}" with a ${format} savepoint.`;
  await forJob(context, text, words, async (cluster, jobId) => {
    const triggerId = newId();
    const request = { triggerId, drain, format, directory };
    if (detached) {
      say(`Triggering stop-with-savepoint in detached mode for job ${jobId}.`);
      await cluster.client.triggerStop(jobId, request, { signal: cluster.signal });
      say(`Successfully trigger stop-with-savepoint in detached mode, triggerId: ${triggerId}`);
      context.result({ jobId, triggerId });
      return;
    }
    say(`Triggering stop-with-savepoint for job ${jobId}.`);
    say('Waiting for response...');
    const { path } = await waitFor(context, cluster, { jobId, triggerId }, () =>
      stopWithSavepoint(cluster.client, { jobId, ...request }, watching(context, cluster)),
    );
    say(`Savepoint completed. Path: ${path}`);
    const done = { jobId, triggerId, savepoint: path };
    const state = line.has('wait') ? await waitFor(context, cluster, done, () => untilEnded(cluster, jobId)) : undefined;
    context.result({ ...done, state });
  });
}

/** `savepoint`. Source of the words: `CliFrontend.savepoint`, Flink 2.3. */
export async function savepoint(context: ActionContext): Promise<void> {
  const { line, say } = context;
  const path = line.value('dispose');
  if (path !== undefined) return dispose(context, path);
  const [text = missing('Missing JobID. Specify a Job ID to trigger a savepoint.'), directory, surplus] = line.words;
  if (surplus !== undefined) say('Provided more arguments than required. Ignoring not needed arguments.');
  const request = { format: formatOf(line), directory };
  await forJob(context, text, undefined, async (cluster, jobId) => {
    const triggerId = newId();
    if (line.has('detached')) {
      say(`Triggering savepoint in detached mode for job ${jobId}.`);
      await cluster.client.triggerSavepoint(jobId, { triggerId, ...request }, { signal: cluster.signal });
      say(`Successfully trigger manual savepoint, triggerId: ${triggerId}`);
      context.result({ jobId, triggerId });
      return;
    }
    say(`Triggering savepoint for job ${jobId}.`);
    say('Waiting for response...');
    const taken = await waitFor(context, cluster, { jobId, triggerId }, () =>
      takeSavepoint(cluster.client, { jobId, triggerId, ...request }, watching(context, cluster)),
    );
    say(`Savepoint completed. Path: ${taken.path}`);
    say('You can resume your program from this savepoint with the run command.');
    context.result({ jobId, triggerId, savepoint: taken.path });
  });
}

async function dispose(context: ActionContext, path: string): Promise<void> {
  const { say } = context;
  await withCluster(context, async (cluster) => {
    say(`Disposing savepoint '${path}'.`);
    say('Waiting for response...');
    await removeSavepoint(cluster.client, path, watching(context, cluster));
    say(`Savepoint '${path}' disposed.`);
    context.result({ disposed: path });
  });
}

/** `checkpoint`. Source of the words: `CliFrontend.checkpoint`, Flink 2.3. */
export async function checkpoint(context: ActionContext): Promise<void> {
  const { line, say } = context;
  const [text = missing('Missing JobID. Specify a Job ID to manipulate a checkpoint.')] = line.words;
  const full = line.has('full');
  await forJob(context, text, undefined, async (cluster, jobId) => {
    const triggerId = newId();
    say(`Triggering checkpoint for job ${jobId}.`);
    say('Waiting for response...');
    const { checkpointId } = await waitFor(context, cluster, { jobId, triggerId }, () =>
      takeCheckpoint(cluster.client, { jobId, triggerId, full }, watching(context, cluster)),
    );
    say(`Checkpoint${full ? '(FULL)' : ''} ${checkpointId} for job ${jobId} completed.`);
    say('You can resume your program from this checkpoint with the run command.');
    context.result({ jobId, triggerId, checkpointId, full });
  });
}

/** `opening` is printed before the cluster is looked up, as Flink does; with a name instead of an id it has to wait for the id. */
async function forJob(
  context: ActionContext,
  text: string,
  opening: ((id: string) => string) | undefined,
  work: (cluster: Connected, jobId: string) => Promise<void>,
): Promise<void> {
  const known = isJobId(text) ? text.toLowerCase() : undefined;
  if (known !== undefined && opening !== undefined) context.say(opening(known));
  await withCluster(context, async (cluster) => {
    const jobId = known ?? (await resolveJob(text, cluster.client, cluster.signal));
    if (known === undefined && opening !== undefined) context.say(opening(jobId));
    await work(cluster, jobId);
  });
}

/** An option with an optional folder swallows the job if that follows it: then its value is the job, and there is no folder. */
function jobBehindOptionalValue(line: ParsedLine, option: string): { readonly text: string; readonly directory: string | undefined } {
  const text = line.words[0];
  if (text !== undefined) return { text, directory: line.value(option) };
  return { text: line.value(option) ?? missing('Missing JobId'), directory: undefined };
}

function formatOf(line: ParsedLine): SavepointFormat {
  const text = line.value('type') ?? 'canonical';
  const format = text.trim().toUpperCase();
  if (format === 'CANONICAL' || format === 'NATIVE') return format;
  throw new Problem('invalid', `"${text}" is not a savepoint format.`, { hint: 'Use canonical or native.' });
}

function missing(complaint: string): never {
  throw new Problem('usage', complaint);
}

/** On a terminal, a long wait reports its progress; trouble is reported once, wherever the output goes. */
function watching({ io, json }: ActionContext, { clock, signal, findSavepoint }: Connected): Watching {
  let troubled = false;
  return {
    clock,
    signal,
    findSavepoint,
    onTrouble(problem) {
      if (problem !== undefined && !troubled) io.stderr(`${problem.message} Waiting for it to come back.\n`);
      troubled = problem !== undefined;
    },
    ...(io.isTty.stdout && !json
      ? { onProgress: ({ acknowledged, subtasks }) => io.stderr(`${acknowledged} of ${subtasks} subtasks are done.\n`) }
      : {}),
  };
}
