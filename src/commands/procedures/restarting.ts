import { basename } from 'node:path';
import { awaitSavepoint, stopWithSavepoint, type Watching } from '../../flink/async-operation.ts';
import { createJarCache } from '../../flink/jar-cache.ts';
import { isTerminal, type JobDetail } from '../../flink/types.ts';
import { watchJob } from '../../flink/watch-job.ts';
import { shortCause } from '../../causes/root-cause.ts';
import { idPrefix, jobLabel } from '../../session/job-words.ts';
import type { Launch } from '../../session/launch.ts';
import type { RestartNote } from '../../session/resume-note.ts';
import { formatSpan } from '../../support/format.ts';
import { isAbort, Problem } from '../../support/problem.ts';
import type { CommandContext } from '../model/types.ts';
import { keepLaunch, runRequest, uploadReport } from './launching.ts';

/** How long a job may take until all its tasks run, in milliseconds: large state is read first, and TaskManagers may have to start. */
const startMs = 300_000;
/** Flink kills tasks that do not react to a cancellation after three minutes: `TaskManagerOptions.TASK_CANCELLATION_TIMEOUT`, Flink 2.3. */
const cancelMs = 200_000;
/** How long to wait before a request without an answer is sent again, in milliseconds. */
const againMs = 2_000;

/** The file name of the jar of a launch. */
export const fileOf = ({ jar }: Launch): string => basename(jar.path);

export const isUpgrade = ({ launch, before }: Pick<RestartNote, 'launch' | 'before'>): boolean => launch.jar.name !== before.jar.name;

const labelOf = ({ jobId, jobName }: RestartNote): string => jobLabel({ id: jobId, name: jobName });

const titleOf = (note: RestartNote): string =>
  isUpgrade(note) ? `Upgrade ${labelOf(note)} to ${fileOf(note.launch)}` : `Restart ${labelOf(note)}`;

const resultOf = ({ newJobId, savepoint }: RestartNote): string => `job ${newJobId} from ${savepoint ?? ''}`;

/** The id of the new job, from the result of a restart. */
export const restartedAs = (result: string): string | undefined => /^job (\S+) from /.exec(result)?.[1];

/** What the steps of a restart work with. */
interface Steps {
  readonly context: CommandContext;
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
  readonly note: (note: RestartNote) => void;
}

type Step = (steps: Steps, note: RestartNote) => Promise<RestartNote>;

/**
 * Stops a job with a savepoint and starts it from it, as an operation; resolves with the id of the new job. Each step looks first at what is
 * done already, so that a restart that was left at any point can be run again: `id` is its operation. A lost connection is waited out.
 */
export function restartJob(context: CommandContext, begin: RestartNote, id?: string): Promise<string> {
  return context.operations.track(
    { title: titleOf(begin), kind: 'restart', jobId: begin.jobId, resume: begin, ...(id === undefined ? {} : { id }) },
    async (report, signal) => {
      const steps: Steps = { context, signal, progress: report.progress, note: report.note };
      let note = begin;
      for (const step of [stopped, abandoned, started, running]) note = await step(steps, note);
      return { value: note.newJobId, result: resultOf(note) };
    },
  );
}

/** The path is on disk and on the screen before anything is started from it. */
const stopped: Step = async (steps, note) => {
  if (note.savepoint !== undefined) return note;
  const { context } = steps;
  steps.progress('stopping it with a savepoint');
  const state = await stateOf(steps, note.jobId);
  const path = await (state === undefined || isTerminal(state) ? foundSavepoint(steps, note) : takenSavepoint(steps, note));
  const next = { ...note, savepoint: path };
  steps.note(next);
  context.front.print([`Job ${labelOf(note)} is stopped. Savepoint: ${path}`], 'event');
  return next;
};

/** Sent with the trigger id of the note: the same request again is the same stop. */
async function takenSavepoint(steps: Steps, note: RestartNote): Promise<string> {
  const { jobId, triggerId, directory } = note;
  const { path } = await stopWithSavepoint(
    steps.context.flink,
    { jobId, triggerId, directory, format: 'CANONICAL', drain: false },
    {
      ...watching(steps),
      onMarked({ lastCheckpointId }) {
        if (lastCheckpointId !== undefined) steps.note({ ...note, lastCheckpointId });
      },
    },
  );
  return path;
}

/** The job has ended: its savepoint is what an earlier try asked for. */
async function foundSavepoint(steps: Steps, { jobId, triggerId, lastCheckpointId, directory, begunAt }: RestartNote): Promise<string> {
  const mark = { lastCheckpointId, triggeredAt: begunAt };
  const { path } = await awaitSavepoint(steps.context.flink, { jobId, triggerId, mark, directory, endsJob: true }, watching(steps));
  return path;
}

const watching = ({ context, signal, progress }: Steps): Watching => ({
  clock: context.clock,
  signal,
  findSavepoint: context.cluster.findSavepoint,
  onProgress: ({ acknowledged, subtasks }) => progress(`savepoint: ${acknowledged}/${subtasks} subtasks`),
  onTrouble: (problem) => progress(problem === undefined ? '' : `no answer, asking again: ${problem.message}`),
});

/** Two versions at the same time would both read the input: the one that is given up must have ended. */
const abandoned: Step = async (steps, note) => {
  const { context, signal, progress } = steps;
  const { abandons } = note;
  if (abandons === undefined) return note;
  const state = await stateOf(steps, abandons);
  if (state !== undefined && !isTerminal(state)) {
    progress(`cancelling job ${idPrefix(abandons)}`);
    await answered(steps, () => context.flink.cancelJob(abandons, { signal }));
    const ended = await watchJob(context.flink, abandons, { ...watching(steps), patienceMs: cancelMs }, (job) =>
      job === undefined || isTerminal(job.state) ? true : undefined,
    );
    if (ended === undefined)
      throw new Problem('unavailable', `Job ${abandons} was requested to cancel, and has not ended after ${formatSpan(cancelMs)}.`, {
        hint: `${goOn(note)} continues it.`,
      });
  }
  const { abandons: _ended, ...next } = note;
  steps.note(next);
  return next;
};

/** The id of the new job is known before it is sent: if the server has it, it was sent. One that failed gets another id, as Flink refuses its own. */
const started: Step = async (steps, note) => {
  const { context, signal } = steps;
  const file = fileOf(note.launch);
  let next = note;
  await answered(steps, async () => {
    const state = await stateOf(steps, next.newJobId);
    if (state === 'FAILED' || state === 'CANCELED') {
      next = { ...note, newJobId: context.newId() };
      steps.note(next);
    } else if (state !== undefined) return;
    steps.progress(`starting ${file}`);
    keepLaunch(context, next.newJobId, note.launch);
    try {
      await createJarCache(context.flink).runKnown(note.launch.jar, runRequest(note.launch, next.newJobId, note.savepoint), {
        signal,
        onProgress: uploadReport(context, file, steps.progress),
      });
    } catch (error) {
      if (!(error instanceof Problem) || isSilent(error)) throw error;
      throw notRunning(next, `was not started: ${error.message}`, error);
    }
  });
  context.refresh();
  return next;
};

const running: Step = async (steps, note) => {
  const { context, progress } = steps;
  progress(`waiting until ${fileOf(note.launch)} runs`);
  const end = await watchJob(context.flink, note.newJobId, { ...watching(steps), patienceMs: startMs }, (job) => outcome(job));
  context.refresh();
  if (end === 'runs') return note;
  const why = await lastFailure(steps, note.newJobId);
  const what = end === undefined ? `does not run after ${formatSpan(startMs)}` : `is ${end}`;
  throw notRunning(note, why === undefined ? what : `${what}: ${why}`);
};

type Outcome = 'runs' | 'FAILED' | 'CANCELED';

function outcome(job: JobDetail | undefined): Outcome | undefined {
  if (job === undefined) return undefined;
  if (job.state === 'FAILED') return 'FAILED';
  if (job.state === 'CANCELED') return 'CANCELED';
  const runs =
    job.state === 'RUNNING' &&
    job.vertices.every(({ tasks, parallelism }) => (tasks['RUNNING'] ?? 0) + (tasks['FINISHED'] ?? 0) >= parallelism);
  return runs || job.state === 'FINISHED' ? 'runs' : undefined;
}

/** The job is stopped, and what it was to be started with does not run: how to go on from the savepoint. */
function notRunning(note: RestartNote, what: string, cause?: unknown): Problem {
  const back = isUpgrade(note) ? ` ${goOn(note)} --back starts ${fileOf(note.before)} from it again.` : '';
  return new Problem('failed', `Job ${labelOf(note)} is stopped, and ${fileOf(note.launch)} ${what}`, {
    hint: `Its savepoint is ${note.savepoint}. ${goOn(note)} tries once more.${back}`,
    cause,
  });
}

const goOn = ({ jobId }: RestartNote): string => `resume ${idPrefix(jobId)}`;

async function lastFailure({ context, signal }: Steps, jobId: string): Promise<string | undefined> {
  try {
    const [last] = await context.flink.exceptions(jobId, { signal });
    return last === undefined ? undefined : shortCause(last);
  } catch (error) {
    // That it does not run is known without its reason.
    if (isAbort(error) || !(error instanceof Problem)) throw error;
    return undefined;
  }
}

/** Undefined: the server does not know the job. */
async function stateOf(steps: Steps, jobId: string): Promise<string | undefined> {
  const jobs = await answered(steps, () => steps.context.flink.jobs({ signal: steps.signal }));
  return jobs.find(({ id }) => id === jobId)?.state;
}

const isSilent = ({ kind }: Problem): boolean => kind === 'unreachable' || kind === 'unavailable';

/** The answer, however long the connection is away: only the signal ends it. `ask` must be harmless if it is repeated. */
async function answered<T>({ context, signal, progress }: Steps, ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Problem) || !isSilent(error)) throw error;
      progress(`no answer, asking again: ${error.message}`);
      await context.clock.sleep(againMs, signal);
    }
  }
}
