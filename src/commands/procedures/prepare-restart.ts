import { createJarCache } from '../../flink/jar-cache.ts';
import { isTerminal } from '../../flink/types.ts';
import { mapState, plannedVertices, type StatePart } from '../../inside/state-mapping.ts';
import { jobLabel } from '../../session/job-words.ts';
import type { Launch } from '../../session/launch.ts';
import type { RestartNote } from '../../session/resume-note.ts';
import type { Job } from '../../session/types.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatBytes } from '../../support/format.ts';
import { isAbort, Problem, withHint } from '../../support/problem.ts';
import { maskShapes } from '../../support/secret-shapes.ts';
import { shellWord } from '../../support/shell-word.ts';
import type { CommandContext } from '../model/types.ts';
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
    `Which jar and arguments ${jobLabel(job)} was started with is not known: it was not started from this machine with submit, restart or upgrade.`,
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
 * Before anything is stopped: sends the jar if the cluster does not have it, lets the cluster make its plan, for which `main` runs, and looks
 * whether the state of the job has a place in it. Rejects if not; resolves with what was found. `unchecked`: only sends the jar.
 */
export function checkLaunch(context: CommandContext, job: Job, launch: Launch, unchecked: boolean): Promise<string> {
  const { flink, operations } = context;
  const file = fileOf(launch);
  return operations.track({ title: `Check ${file} for ${jobLabel(job)}`, kind: 'other', jobId: job.id }, async (report, signal) => {
    const told = (text: string) => ({ value: text, result: text });
    try {
      const sending = { signal, onProgress: uploadReport(context, file, report.progress) };
      const jar = await createJarCache(flink).ensureKnown(launch.jar, sending);
      if (unchecked) return told(`${file} is on the cluster; its plan was not compared.`);
      report.progress('comparing its plan with the state of the job');
      const { jobId: _none, ...settings } = runRequest(launch, '', undefined);
      const vertices = plannedVertices(await flink.jarPlan(jar.id, settings, { signal }));
      if (vertices === undefined)
        return told(`Whether the state has a place in the plan of ${file} is not known: the plan cannot be read.`);
      const { unplaced, tooWide } = mapState(await stateParts(context, job, signal), vertices);
      if (unplaced.length > 0 && !launch.allowNonRestoredState) throw noPlace(file, unplaced);
      const [wide] = tooWide;
      if (wide !== undefined)
        throw new Problem(
          'conflict',
          `The state of ${nameOf(wide.part)} can be divided among ${wide.part.maxParallelism} subtasks at most, and the plan of ${file} has ${wide.parallelism}.`,
          { hint: 'Give a smaller parallelism with -p.' },
        );
      return told(
        unplaced.length === 0
          ? `The plan of ${file} has a place for the state of every vertex.`
          : `The plan of ${file} has no vertex for ${sizes(unplaced)}; what has no place is dropped.`,
      );
    } catch (error) {
      throw error instanceof Problem ? withHint(error, `Job ${jobLabel(job)} was not touched.`) : error;
    }
  });
}

const nameOf = ({ name }: StatePart): string => oneLine(name, 60);

const sizes = (parts: readonly StatePart[]): string =>
  parts
    .map(
      (part) => `${nameOf(part)} (${part.sizeBytes === undefined ? 'state of unknown size' : `${formatBytes(part.sizeBytes)} of state`})`,
    )
    .join(', ');

const noPlace = (file: string, unplaced: readonly StatePart[]): Problem =>
  new Problem('conflict', `The plan of ${file} has no vertex with the id of ${sizes(unplaced)}: a savepoint may not start it.`, {
    hint: 'Give the operator the uid that it had. --allow-non-restored-state drops that state; --unchecked leaves it to Flink, if the operator is now chained to another one.',
  });

/** The vertices of the job, with the size of their state in the newest complete checkpoint. */
async function stateParts({ flink, store }: CommandContext, job: Job, signal: AbortSignal): Promise<readonly StatePart[]> {
  const { vertices, state } = await flink.job(job.id, { signal });
  if (isTerminal(state)) throw new Problem('conflict', `Job ${jobLabel(job)} is not running: it is ${state}.`);
  const newest = store.get().jobs.find(({ id }) => id === job.id)?.checkpoints?.latestCompleted;
  const detail =
    newest === undefined
      ? undefined
      : await flink.checkpointDetail(job.id, newest.id, { signal }).catch((error: unknown) => {
          // Forgotten by now: without its sizes every vertex may have state.
          if (isAbort(error) || !(error instanceof Problem)) throw error;
          return undefined;
        });
  const bytes = new Map(detail?.vertices.map(({ vertexId, sizeBytes }) => [vertexId, sizeBytes]));
  return vertices.map(({ id, name, maxParallelism }) => ({
    id,
    name,
    sizeBytes: bytes.get(id),
    maxParallelism: maxParallelism > 0 ? maxParallelism : undefined,
  }));
}
