import type { Clock } from '../support/clock.ts';
import { Problem, toProblem } from '../support/problem.ts';
import { answerWasLost } from './calls.ts';
import { newId } from './ids.ts';
import { lostResult, recoveredSavepoint, savepointMark, type SavepointFinder, type SavepointMark } from './savepoint-recovery.ts';
import type { FlinkClient, OperationResult, SavepointFormat } from './types.ts';

/** The polling interval of Flink's own client, in milliseconds. Source: `RestClusterClient`, Flink 2.3. */
const firstPollMs = 10;
const mostPollMs = 2_000;
/** Progress comes from statistics that the server caches for seconds: polling faster shows nothing new. */
const progressEveryMs = 2_000;
/** How long to look for a result whose trigger id no server knows: a new leader needs time to recover its jobs. */
const recoveryMs = 30_000;

export interface Progress {
  readonly acknowledged: number;
  readonly subtasks: number;
}

export interface Watching {
  readonly clock: Clock;
  /** Ends the waiting here; the operation itself continues in the cluster. */
  readonly signal: AbortSignal;
  /** Called whenever Flink reports progress. */
  readonly onProgress?: (progress: Progress) => void;
  /** Called with the reason when an answer is missing, and with `undefined` once answers come again. */
  readonly onTrouble?: (problem: Problem | undefined) => void;
  /** Called with the state before a savepoint, before its trigger is sent: with it even a later client can find the result. */
  readonly onMarked?: (mark: SavepointMark) => void;
  /** Called just before a trigger is sent for the first time. */
  readonly onSending?: () => void;
  /** Called when the cluster no longer knows a savepoint. */
  readonly findSavepoint?: SavepointFinder | undefined;
}

export interface SavepointRequest {
  readonly jobId: string;
  readonly directory?: string | undefined;
  readonly format?: SavepointFormat | undefined;
  /** Default: a new id. */
  readonly triggerId?: string | undefined;
}

/** Takes a savepoint and waits for it; `cancelJob` then cancels the job. Rejects with `failed` if Flink reports a failure. */
export async function takeSavepoint(
  client: FlinkClient,
  request: SavepointRequest & { readonly cancelJob?: boolean },
  watching: Watching,
): Promise<{ readonly path: string }> {
  const { jobId, triggerId = newId(), ...rest } = request;
  const mark = await marked(client, jobId, watching);
  await accepted(
    () => client.triggerSavepoint(jobId, { ...rest, triggerId }, { signal: watching.signal }),
    () => client.savepointResult(jobId, triggerId, { signal: watching.signal }),
    watching,
  );
  return awaitSavepoint(client, { jobId, triggerId, mark, directory: request.directory, endsJob: request.cancelJob === true }, watching);
}

/** Stops a job with a savepoint and waits for it. `drain` sends the last watermark first, so that savepoint is not meant for a restart. */
export async function stopWithSavepoint(
  client: FlinkClient,
  request: SavepointRequest & { readonly drain?: boolean },
  watching: Watching,
): Promise<{ readonly path: string }> {
  const { jobId, triggerId = newId(), ...rest } = request;
  const mark = await marked(client, jobId, watching);
  await accepted(
    () => client.triggerStop(jobId, { ...rest, triggerId }, { signal: watching.signal }),
    () => client.savepointResult(jobId, triggerId, { signal: watching.signal }),
    watching,
  );
  return awaitSavepoint(client, { jobId, triggerId, mark, directory: request.directory, endsJob: true }, watching);
}

async function marked(client: FlinkClient, jobId: string, watching: Watching): Promise<SavepointMark> {
  const mark = await savepointMark(client, jobId, watching);
  watching.onMarked?.(mark);
  return mark;
}

/** Takes a checkpoint now and waits for it. */
export async function takeCheckpoint(
  client: FlinkClient,
  request: { readonly jobId: string; readonly full?: boolean; readonly triggerId?: string },
  watching: Watching,
): Promise<{ readonly checkpointId: number }> {
  const { jobId, triggerId = newId(), ...rest } = request;
  await accepted(
    () => client.triggerCheckpoint(jobId, { ...rest, triggerId }, { signal: watching.signal }),
    () => client.checkpointResult(jobId, triggerId, { signal: watching.signal }),
    watching,
  );
  return awaitCheckpoint(client, { jobId, triggerId }, watching);
}

/** Deletes a savepoint's files and waits for it. */
export async function removeSavepoint(client: FlinkClient, path: string, watching: Watching): Promise<void> {
  const triggerId = await client.disposeSavepoint(path, { signal: watching.signal });
  await poll((signal) => client.disposalResult(triggerId, { signal }), watching, {
    failed: (reason) => `The savepoint ${path} could not be disposed: ${reason}`,
    async forgotten() {
      throw new Problem('failed', `The JobManager that disposed of ${path} is gone, and its result with it.`, {
        hint: 'Look whether the files are still there.',
      });
    },
  });
}

/**
 * Waits for a savepoint or a stop that this client or an earlier one triggered. If the server forgot the trigger (a failover, or more than
 * five minutes), looks for the path in the job's checkpoint statistics after `mark`, then with `findSavepoint`. `endsJob`: a stop, or a
 * cancellation with a savepoint, for which a path alone does not prove success. If the result cannot be found, rejects with a problem for
 * which `resultIsLost` is true.
 */
export async function awaitSavepoint(
  client: FlinkClient,
  operation: {
    readonly jobId: string;
    readonly triggerId: string;
    readonly mark: SavepointMark;
    readonly directory?: string | undefined;
    readonly endsJob: boolean;
  },
  watching: Watching,
): Promise<{ readonly path: string }> {
  const { jobId, triggerId } = operation;
  return poll((signal) => client.savepointResult(jobId, triggerId, { signal }), watching, {
    failed: (reason) => `The savepoint of job ${jobId} failed: ${reason}`,
    forgotten: () => recoveredSavepoint(client, operation, watching, recoveryMs),
    progress: (signal) => savepointProgress(client, jobId, true, signal),
  });
}

/** Waits for a checkpoint that was triggered earlier. */
export async function awaitCheckpoint(
  client: FlinkClient,
  operation: { readonly jobId: string; readonly triggerId: string },
  watching: Watching,
): Promise<{ readonly checkpointId: number }> {
  const { jobId, triggerId } = operation;
  return poll((signal) => client.checkpointResult(jobId, triggerId, { signal }), watching, {
    failed: (reason) => `The checkpoint of job ${jobId} failed: ${reason}`,
    async forgotten() {
      throw lostResult(`The cluster no longer knows the checkpoint of job ${jobId} that was asked for.`, "Look at the job's checkpoints.");
    },
    progress: (signal) => savepointProgress(client, jobId, false, signal),
  });
}

/**
 * Sends a trigger until it is known to be accepted. A trigger that was never sent is an ordinary failure. After a lost answer, asks the
 * server for the trigger id and sends the trigger again only if it is unknown. An operation that may have begun is never abandoned, except
 * through `signal`.
 */
async function accepted(
  trigger: () => Promise<void>,
  ask: () => Promise<unknown>,
  { clock, signal, onTrouble, onSending }: Watching,
): Promise<void> {
  onSending?.();
  try {
    return await trigger();
  } catch (error) {
    if (!answerWasLost(error)) throw error;
    onTrouble?.(toProblem(error));
  }
  for (let told = false; !told;) {
    await clock.sleep(mostPollMs, signal);
    told = await isKnown(ask, trigger);
  }
  onTrouble?.(undefined);
}

async function isKnown(ask: () => Promise<unknown>, trigger: () => Promise<void>): Promise<boolean> {
  try {
    await ask().catch((error: unknown) => {
      if (error instanceof Problem && error.kind === 'not-found') return trigger();
      throw error;
    });
    return true;
  } catch (error) {
    if (error instanceof Problem && (error.kind === 'unreachable' || error.kind === 'unavailable')) return false;
    throw error;
  }
}

async function savepointProgress(
  client: FlinkClient,
  jobId: string,
  isSavepoint: boolean,
  signal: AbortSignal,
): Promise<Progress | undefined> {
  const statistics = await client.checkpoints(jobId, { signal });
  const running = statistics?.history.find((entry) => entry.status === 'IN_PROGRESS' && entry.isSavepoint === isSavepoint);
  return running && { acknowledged: running.acknowledged, subtasks: running.subtasks };
}

interface Polling<T> {
  readonly failed: (reason: string) => string;
  /** The server does not know the operation, or no longer does. */
  readonly forgotten: () => Promise<T>;
  readonly progress?: (signal: AbortSignal) => Promise<Progress | undefined>;
}

/** Polls until the operation has ended. Waits out a lost connection: only `signal` ends the wait. */
async function poll<T>(ask: (signal: AbortSignal) => Promise<OperationResult<T>>, watching: Watching, polling: Polling<T>): Promise<T> {
  const { clock, signal } = watching;
  let wait = firstPollMs;
  let progressAt = clock.monotonic() + progressEveryMs;
  let trouble = false;
  for (;;) {
    try {
      const result = await ask(signal);
      if (trouble) watching.onTrouble?.(undefined);
      trouble = false;
      if (result.state === 'completed') return result.value;
      if (result.state === 'failed') throw new Failed(polling.failed(result.reason), result.stackTrace);
    } catch (error) {
      if (error instanceof Failed) throw error.problem;
      if (!(error instanceof Problem)) throw error;
      if (error.kind === 'not-found') return polling.forgotten();
      if (error.kind !== 'unreachable' && error.kind !== 'unavailable') throw error;
      trouble = true;
      watching.onTrouble?.(error);
      wait = mostPollMs;
    }
    if (polling.progress !== undefined && watching.onProgress !== undefined && clock.monotonic() >= progressAt) {
      progressAt = clock.monotonic() + progressEveryMs;
      await tellProgress(polling.progress, watching.onProgress, signal);
    }
    await clock.sleep(wait, signal);
    wait = Math.min(wait * 2, mostPollMs);
  }
}

class Failed extends Error {
  readonly problem: Problem;
  constructor(message: string, stackTrace: string) {
    super(message);
    this.problem = new Problem('failed', message, { cause: stackTrace });
  }
}

async function tellProgress(
  ask: (signal: AbortSignal) => Promise<Progress | undefined>,
  tell: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    const progress = await ask(signal);
    if (progress !== undefined) tell(progress);
  } catch (error) {
    // Progress is optional: the request for the result reports any trouble.
    signal.throwIfAborted();
    if (!(error instanceof Problem)) throw error;
  }
}
