import type { Call } from '../../flink/call.ts';
import type { FlinkClient } from '../../flink/types.ts';
import type { VertexCalls } from '../../flink/vertex-types.ts';
import { type Ends, endsOf } from '../job/ends.ts';
import { rateMetrics } from './rates.ts';
import { vertexFacts, type VertexFacts } from './vertex-facts.ts';

export type VertexSubject = { readonly jobId: string; readonly vertexId: string };

/** Where a vertex stands in its job. It does not change while the job runs, and is read once. */
export interface Surroundings {
  /** All vertices of the job, in the order of the data flow. */
  readonly siblings: readonly { readonly id: string; readonly name: string }[];
  readonly ends: Ends;
}

export async function readSurroundings(
  flink: Pick<FlinkClient, 'job'>,
  { jobId, vertexId }: VertexSubject,
  signal: AbortSignal,
): Promise<Surroundings> {
  const { vertices, edges } = await flink.job(jobId, { signal });
  return { siblings: vertices.map(({ id, name }) => ({ id, name })), ends: endsOf(vertexId, edges) };
}

/**
 * Four meters of 60 subtasks fit into two requests, so that a vertex costs five. For more subtasks their rates are counted from what they
 * read and wrote between two answers.
 */
const mostMetered = 60;

type Reader = Pick<VertexCalls, 'vertex' | 'vertexTimeShares' | 'vertexWatermarks' | 'subtaskMetrics'>;

interface Reading extends Pick<Call, 'signal'> {
  readonly metered?: number;
  readonly ends: Ends | Promise<Ends>;
}

/** Reads a vertex in three requests, and two more if it has at most 60 subtasks. */
export async function readVertex(
  flink: Reader,
  { jobId, vertexId }: VertexSubject,
  before: VertexFacts | undefined,
  { signal, metered = mostMetered, ends: wanted }: Reading,
): Promise<VertexFacts> {
  const call = { signal };
  const [detail, shares, watermarks, ends] = await Promise.all([
    flink.vertex(jobId, vertexId, call),
    flink.vertexTimeShares(jobId, vertexId, call),
    flink.vertexWatermarks(jobId, vertexId, call),
    wanted,
  ]);
  const subtasks = detail.subtasks.map(({ subtask }) => subtask);
  const meters =
    subtasks.length <= metered ? await flink.subtaskMetrics(jobId, vertexId, { names: rateMetrics, subtasks }, call) : undefined;
  return vertexFacts({ detail, shares, watermarks, meters, ends }, before);
}
