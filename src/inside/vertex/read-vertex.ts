import type { Call } from '../../flink/call.ts';
import type { VertexCalls } from '../../flink/vertex-types.ts';
import { rateMetrics } from './rates.ts';
import { vertexFacts, type VertexFacts } from './vertex-facts.ts';

export type VertexSubject = { readonly jobId: string; readonly vertexId: string };

/**
 * Four meters of 60 subtasks fit into two requests, so that a vertex costs five. For more subtasks their rates are counted from what they
 * read and wrote between two answers.
 */
const mostMetered = 60;

/** Reads a vertex in three requests, and two more if it has at most 60 subtasks. */
export async function readVertex(
  flink: Pick<VertexCalls, 'vertex' | 'vertexTimeShares' | 'vertexWatermarks' | 'subtaskMetrics'>,
  { jobId, vertexId }: VertexSubject,
  before: VertexFacts | undefined,
  { signal, metered = mostMetered }: Pick<Call, 'signal'> & { readonly metered?: number },
): Promise<VertexFacts> {
  const call = { signal };
  const [detail, shares, watermarks] = await Promise.all([
    flink.vertex(jobId, vertexId, call),
    flink.vertexTimeShares(jobId, vertexId, call),
    flink.vertexWatermarks(jobId, vertexId, call),
  ]);
  const subtasks = detail.subtasks.map(({ subtask }) => subtask);
  const meters =
    subtasks.length <= metered ? await flink.subtaskMetrics(jobId, vertexId, { names: rateMetrics, subtasks }, call) : undefined;
  return vertexFacts({ detail, shares, watermarks, meters }, before);
}
