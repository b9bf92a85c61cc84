import type { FlinkClient } from '../../flink/types.ts';
import { Problem } from '../../support/problem.ts';
import { failuresOf, mostFailures } from '../exceptions/failures.ts';
import { type Ends, exchangedRates } from '../job/ends.ts';
import { noSubtask } from './no-subtask.ts';
import { meteredRates, rateMetrics, type Rates } from './rates.ts';
import { readVertex, type VertexSubject } from './read-vertex.ts';
import {
  attemptsOf,
  bufferMetrics,
  failuresOfSubtask,
  formerNumbers,
  type FormerAttempt,
  subtaskIn,
  type SubtaskInside,
} from './subtask.ts';
import { runOf, type SubtaskFacts, type VertexFacts } from './vertex-facts.ts';

export interface SubtaskOfVertex extends VertexSubject {
  readonly subtask: number;
}

type Reader = Pick<
  FlinkClient,
  'vertex' | 'vertexTimeShares' | 'vertexWatermarks' | 'subtaskMetrics' | 'subtaskAttempt' | 'exceptionHistory'
>;

interface Reading {
  readonly signal: AbortSignal;
  readonly ends: Ends | Promise<Ends>;
  /** How many requests may be about failures and former attempts. */
  readonly most: number;
}

/** Four meters of 25 subtasks fit into one request. */
const mostMetered = 25;

/** Reads a subtask in at most five requests, and in some more what is not known yet of its failures and its former attempts. */
export async function readSubtask(
  flink: Reader,
  which: SubtaskOfVertex,
  before: SubtaskInside | undefined,
  { signal, ends, most }: Reading,
): Promise<SubtaskInside> {
  const { jobId, vertexId, subtask } = which;
  const names = [...bufferMetrics, ...rateMetrics];
  const [whole, measured, counted] = await Promise.all([
    readVertex(flink, which, before?.vertex, { signal, metered: mostMetered, ends }),
    flink.subtaskMetrics(jobId, vertexId, { names, subtasks: [subtask] }, { signal }),
    ends,
  ]);
  const vertex = withRates(whole, subtask, exchangedRates(meteredRates(measured, subtask), counted));
  const present = subtaskIn({ vertex, subtask });
  if (present === undefined) throw noSubtask(vertex, subtask);
  const asksFailures = most > 0 && (before?.failures === undefined || mayHaveFailed(present, before));
  const failures = asksFailures
    ? failuresOfSubtask(failuresOf(await flink.exceptionHistory(jobId, mostFailures, { signal })), vertex.name, subtask)
    : before?.failures;
  const former = await readFormer(flink, which, { present, known: before?.former ?? [], most: most - (asksFailures ? 1 : 0), signal });
  return {
    subtask,
    vertex,
    buffers: { input: measured.get(bufferMetrics[0])?.get(subtask), output: measured.get(bufferMetrics[1])?.get(subtask) },
    attempts: attemptsOf(present, former, failures ?? []),
    former,
    failures,
  };
}

/** Flink's own rates of this subtask are known, whatever is known of the others. */
const withRates = (vertex: VertexFacts, subtask: number, rates: Rates): VertexFacts => ({
  ...vertex,
  subtasks: vertex.subtasks.map((one) => (one.subtask === subtask ? { ...one, rates } : one)),
});

/** Flink reports a failure at the latest when the next attempt begins. */
const mayHaveFailed = (present: SubtaskFacts, before: SubtaskInside): boolean =>
  present.state === 'FAILED' || present.attempt !== subtaskIn(before)?.attempt;

interface Former {
  readonly present: SubtaskFacts;
  readonly known: readonly FormerAttempt[];
  readonly most: number;
  readonly signal: AbortSignal;
}

/** Former attempts do not change: each is read once, the newest first. */
async function readFormer(
  flink: Reader,
  { jobId, vertexId, subtask }: SubtaskOfVertex,
  { present, known, most, signal }: Former,
): Promise<readonly FormerAttempt[]> {
  const numbers = formerNumbers(present);
  const missing = numbers.filter((number) => known.every(({ attempt }) => attempt !== number)).slice(0, Math.max(0, most));
  const read = await Promise.all(
    missing.map(async (attempt): Promise<FormerAttempt> => {
      try {
        return { attempt, run: runOf(await flink.subtaskAttempt(jobId, vertexId, { subtask, attempt }, { signal })) };
      } catch (error) {
        if (error instanceof Problem && error.kind === 'not-found') return { attempt, run: undefined };
        throw error;
      }
    }),
  );
  return [...known.filter(({ attempt }) => numbers.includes(attempt)), ...read];
}
