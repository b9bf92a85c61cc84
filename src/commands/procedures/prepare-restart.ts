import { createJarCache } from '../../flink/jar-cache.ts';
import { isTerminal, type Vertex } from '../../flink/types.ts';
import type { StatePart } from '../../inside/state-mapping.ts';
import { jobLabel } from '../../session/job-words.ts';
import type { Launch } from '../../session/launch.ts';
import type { RestartNote } from '../../session/resume-note.ts';
import type { Job } from '../../session/types.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { isAbort, Problem, withHint } from '../../support/problem.ts';
import { maskShapes } from '../../support/secret-shapes.ts';
import { shellWord } from '../../support/shell-word.ts';
import type { CommandContext } from '../model/types.ts';
import { compareState, found, settleVerdict, storedParts } from './check-state.ts';
import { runRequest, uploadReport } from './launching.ts';
import { fileOf } from './restarting.ts';

/** What the job was started with. Rejects with the reason if that is not known: Flink does not report it. */
export async function knownLaunch({ launches, flink, signal }: CommandContext, job: Job): Promise<Launch> {
  const launch = launches.of(job.id);
  if (launch !== undefined) return launch;
  const jars = await flink.jars({ signal }).catch((error: unknown) => {
    // Only the hint gets shorter.
    if (isAbort(error) || !(error instanceof Problem)) throw error;
    return [];
  });
  const there =
    jars.length === 0
      ? ''
      : ` Uploaded jars: ${jars
          .slice(0, 5)
          .map(({ name }) => oneLine(name, 80))
          .join(', ')}.`;
  throw new Problem(
    'conflict',
    `Which jar and arguments ${jobLabel(job)} was started with is not known: it was not started from this machine with submit, restart, upgrade or bin/flink run.`,
    { hint: `stop-job stops it with a savepoint, and submit JAR -s SAVEPOINT -- ARGS starts it from that.${there}` },
  );
}

/** All ids are new: they name the requests of this restart and of no other. */
export const restartNote = (
  { newId, clock }: Pick<CommandContext, 'newId' | 'clock'>,
  job: Job,
  { before, launch, directory }: Pick<RestartNote, 'before' | 'launch' | 'directory'>,
): RestartNote => ({
  what: 'restart',
  jobId: job.id,
  jobName: job.name,
  triggerId: newId(),
  directory,
  newJobId: newId(),
  launch,
  before,
  begunAt: clock.now(),
});

/** With what a job is started, for a question. */
export function launchLines(launch: Launch): readonly string[] {
  const words = maskShapes(oneLine(launch.arguments.map(shellWord).join(' '), 200));
  const settings = Object.keys(launch.configuration);
  return [
    `${fileOf(launch)}, parallelism ${launch.parallelism}${launch.entryClass === undefined ? '' : `, class ${oneLine(launch.entryClass, 80)}`}, ` +
      (words === '' ? 'without arguments' : `arguments: ${words}`),
    ...(settings.length === 0 ? [] : [`Configuration: ${oneLine(settings.join(', '), 200)}`]),
  ];
}

/**
 * Before anything is stopped: sends the jar if the cluster does not have it, and looks whether the state of the job has a place in its plan.
 * `unchecked`: only sends the jar. Rejects if it has none, and nobody wants to go on.
 */
export async function checkLaunch(context: CommandContext, job: Job, launch: Launch, unchecked: boolean): Promise<void> {
  const file = fileOf(launch);
  const title = `Check ${file} for ${jobLabel(job)}`;
  const untouched = `Job ${jobLabel(job)} was not touched.`;
  const verdict = await context.operations.track({ title, kind: 'other', jobId: job.id }, async (report, signal) => {
    try {
      const sending = { signal, onProgress: uploadReport(context, file, report.progress) };
      const { id: jarId } = await createJarCache(context.flink).ensureKnown(launch.jar, sending);
      if (unchecked) return found({ kind: 'goes-on', text: `${file} is on the cluster; its plan was not compared.` });
      report.progress('comparing its plan with the state of the job');
      const { jobId: _none, ...settings } = runRequest(launch, '', undefined);
      return found(await compareState(context, { file, jarId, settings }, await stateParts(context, job, signal), signal));
    } catch (error) {
      throw error instanceof Problem ? withHint(error, untouched) : error;
    }
  });
  await settleVerdict(context, verdict, { title, action: `Stop ${jobLabel(job)} and start ${file} nevertheless`, untouched });
}

/** The operators in the newest complete checkpoint if that can be read, otherwise the vertices of the job. */
async function stateParts(context: CommandContext, job: Job, signal: AbortSignal): Promise<readonly StatePart[]> {
  const { vertices, state } = await context.flink.job(job.id, { signal });
  if (isTerminal(state)) throw new Problem('conflict', `Job ${jobLabel(job)} is not running: it is ${state}.`);
  const newest = context.store.get().jobs.find(({ id }) => id === job.id)?.checkpoints?.latestCompleted;
  if (newest?.path !== undefined) {
    const stored = await storedParts(context, newest.path, signal);
    if (stored.kind === 'parts') return stored.parts;
  }
  return vertexParts(vertices, newest === undefined ? new Map() : await vertexSizes(context, job, newest.id, signal));
}

const vertexParts = (vertices: readonly Vertex[], bytes: ReadonlyMap<string, number>): readonly StatePart[] =>
  vertices.map(({ id, name, operators: [first], maxParallelism }) => ({
    id,
    name: first ?? name,
    sizeBytes: bytes.get(id),
    maxParallelism: maxParallelism > 0 ? maxParallelism : undefined,
  }));

/** How much state each vertex has in a checkpoint; nothing if Flink has forgotten it by now: then each may have some. */
async function vertexSizes(
  { flink }: CommandContext,
  job: Job,
  checkpointId: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  try {
    const { vertices } = await flink.checkpointDetail(job.id, checkpointId, { signal });
    return new Map(vertices.map(({ vertexId, sizeBytes }) => [vertexId, sizeBytes]));
  } catch (error) {
    if (isAbort(error) || !(error instanceof Problem)) throw error;
    return new Map();
  }
}
