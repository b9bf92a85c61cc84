import type { FailureFacts, Where } from '../exceptions/failures.ts';
import { type Run, runOf, type SubtaskFacts, type VertexFacts } from './vertex-facts.ts';

/** Why an attempt failed. */
export interface AttemptFailure {
  /** Of the failure of the job. */
  readonly id: string;
  readonly attempt: number;
  readonly at: number;
  readonly cause: string;
}

/** What Flink answered about a former attempt; `run` undefined: it does not keep it any more. */
export interface FormerAttempt {
  readonly attempt: number;
  readonly run: Run | undefined;
}

/** One attempt to run a subtask: the present one, one that runs beside it (speculative execution), or a former one. */
export interface AttemptFacts {
  readonly kind: 'present' | 'beside' | 'former';
  readonly attempt: number;
  /** Undefined: not read yet, or Flink does not keep it any more. */
  readonly run: Run | undefined;
  readonly failure: AttemptFailure | undefined;
}

/** One subtask from the inside. */
export interface SubtaskInside {
  readonly subtask: number;
  /** Its vertex with all subtasks, which this one is compared with. */
  readonly vertex: VertexFacts;
  /** How much of its buffers is in use, 0 to 1: a full input waits for this subtask, a full output for the next one. */
  readonly buffers: { readonly input: number | undefined; readonly output: number | undefined };
  /** Newest first. */
  readonly attempts: readonly AttemptFacts[];
  /** What was read of former attempts, which do not change. */
  readonly former: readonly FormerAttempt[];
  /** Undefined: not read yet. */
  readonly failures: readonly AttemptFailure[] | undefined;
}

/** As many as Flink keeps (`jobmanager.execution.attempts-history-size`, 2.3). */
const mostAttempts = 16;

/** The numbers of former attempts, newest first. */
export function formerNumbers({ attempt, otherAttempts }: SubtaskFacts): readonly number[] {
  const beside = new Set(otherAttempts.map((other) => other.attempt));
  const newest = Math.max(attempt, ...beside);
  return Array.from({ length: Math.min(newest, mostAttempts - 1) }, (_, nth) => newest - 1 - nth).filter(
    (number) => number !== attempt && !beside.has(number),
  );
}

/** All attempts of a subtask that are known, newest first. */
export function attemptsOf(
  present: SubtaskFacts,
  former: readonly FormerAttempt[],
  failures: readonly AttemptFailure[],
): readonly AttemptFacts[] {
  const failureOf = (attempt: number): AttemptFailure | undefined => failures.find((one) => one.attempt === attempt);
  const running = [runOf(present), ...present.otherAttempts].map((run, nth): AttemptFacts => ({
    kind: nth === 0 ? 'present' : 'beside',
    attempt: run.attempt,
    run,
    failure: failureOf(run.attempt),
  }));
  const earlier = formerNumbers(present).map((attempt): AttemptFacts => ({
    kind: 'former',
    attempt,
    run: former.find((one) => one.attempt === attempt)?.run,
    failure: failureOf(attempt),
  }));
  return [...running, ...earlier].toSorted((a, b) => b.attempt - a.attempt);
}

/** The failures of one subtask, with those that came together with another one. */
export function failuresOfSubtask(failures: readonly FailureFacts[], vertexName: string, subtask: number): readonly AttemptFailure[] {
  return failures.flatMap(({ id, at, cause, where, together }) => {
    const here = (place: Where | undefined, why: string): readonly AttemptFailure[] => {
      const task = place?.task;
      return task?.vertex === vertexName && task.subtask === subtask && task.attempt !== undefined
        ? [{ id, attempt: task.attempt, at, cause: why }]
        : [];
    };
    return [...here(where, cause), ...together.flatMap((group) => group.at.flatMap((place) => here(place, group.cause)))];
  });
}

export const subtaskIn = ({ vertex, subtask }: Pick<SubtaskInside, 'vertex' | 'subtask'>): SubtaskFacts | undefined =>
  vertex.subtasks.find((one) => one.subtask === subtask);

/** The value in the middle; undefined: there is none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 || low === undefined || high === undefined ? high : (low + high) / 2;
}

/** A figure of a subtask, and the median of all subtasks of its vertex. */
export interface SubtaskFigure {
  /** For programs, as `vertex` names it. */
  readonly key: string;
  readonly name: string;
  readonly unit: 'share' | 'records/s' | 'bytes/s' | 'records' | 'bytes' | 'age';
  readonly value: number | undefined;
  readonly median: number | undefined;
}

/** Of the input and of the output. The older names without `Shuffle.Netty` are gone in Flink 2. */
export const bufferMetrics = ['Shuffle.Netty.Input.Buffers.inPoolUsage', 'Shuffle.Netty.Output.Buffers.outPoolUsage'] as const;

/** What is to be known of a subtask, beside what its siblings have. */
export function subtaskFigures(inside: SubtaskInside): readonly SubtaskFigure[] {
  const own = subtaskIn(inside);
  const compared = (
    key: string,
    name: string,
    unit: SubtaskFigure['unit'],
    of: (one: SubtaskFacts) => number | undefined,
  ): SubtaskFigure => ({
    key,
    name,
    unit,
    value: own === undefined ? undefined : of(own),
    median: median(inside.vertex.subtasks.map(of).filter((value) => value !== undefined)),
  });
  return [
    compared('busy', 'busy', 'share', ({ shares }) => shares.busy),
    compared('backPressured', 'back-pressured', 'share', ({ shares }) => shares.backPressured),
    compared('idle', 'idle', 'share', ({ shares }) => shares.idle),
    compared('recordsInPerSecond', 'records in', 'records/s', ({ rates }) => rates.recordsIn),
    compared('recordsOutPerSecond', 'records out', 'records/s', ({ rates }) => rates.recordsOut),
    compared('bytesInPerSecond', 'bytes in', 'bytes/s', ({ rates }) => rates.bytesIn),
    compared('bytesOutPerSecond', 'bytes out', 'bytes/s', ({ rates }) => rates.bytesOut),
    { key: 'inputBuffersInUse', name: 'input buffers in use', unit: 'share', value: inside.buffers.input, median: undefined },
    { key: 'outputBuffersInUse', name: 'output buffers in use', unit: 'share', value: inside.buffers.output, median: undefined },
    compared('watermarkLagMs', 'behind in event time', 'age', ({ lagMs }) => lagMs),
    compared('recordsIn', 'all records in', 'records', ({ io }) => io.readRecords),
    compared('recordsOut', 'all records out', 'records', ({ io }) => io.writeRecords),
    compared('bytesIn', 'all bytes in', 'bytes', ({ io }) => io.readBytes),
    compared('bytesOut', 'all bytes out', 'bytes', ({ io }) => io.writeBytes),
  ];
}
