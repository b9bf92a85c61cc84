import { isTerminal, type FlinkClient, type JobDetail } from '../../flink/types.ts';
import type { AggregatedMetric } from '../../flink/vertex-types.ts';
import { findBottleneck, suspects } from './bottleneck.ts';
import { loadMetrics, nextVertices } from './figures.ts';
import type { JobInside, VertexInside } from './types.ts';

/** The calls that it needs of the client. */
type JobReader = Pick<FlinkClient, 'job' | 'aggregatedMetrics'>;

export interface JobLook {
  readonly flink: JobReader;
  readonly signal: AbortSignal;
  /** What was known of the job before. */
  readonly before: JobInside | undefined;
  /**
   * How many vertices are asked for their busiest subtask. Everything else comes with one request, so a look costs one more than this.
   */
  readonly vertices: number;
}

/** With the one for the job itself and two that others may need, six requests: the most that an open job may cost. */
export const verticesAsked = 4;

/** Those behind a back-pressured vertex first, then those that were not asked for the longest time. */
function worthAsking(vertices: readonly VertexInside[], detail: JobDetail, most: number): readonly VertexInside[] {
  if (isTerminal(detail.state)) return [];
  const running = vertices.filter(({ vertex }) => vertex.state === 'RUNNING');
  const first = suspects(running, detail.edges);
  const others = running
    .filter((each) => !first.includes(each))
    .toSorted((a, b) => (a.askedAt ?? Number.NEGATIVE_INFINITY) - (b.askedAt ?? Number.NEGATIVE_INFINITY));
  return [...first, ...others].slice(0, most);
}

/** Looks at the inside of a job once. Rejects with a `Problem`. */
export async function readJob(id: string, { flink, signal, before, vertices: most }: JobLook): Promise<JobInside> {
  const detail = await flink.job(id, { signal });
  const known = before?.vertices ?? [];
  const asked = worthAsking(nextVertices(known, detail, new Map()), detail, most);
  const answers = await Promise.all(
    asked.map(async ({ vertex }): Promise<readonly [string, readonly AggregatedMetric[]]> => [
      vertex.id,
      await flink.aggregatedMetrics(id, vertex.id, loadMetrics, { signal }),
    ]),
  );
  const vertices = nextVertices(known, detail, new Map(answers));
  const { vertices: _vertices, ...job } = detail;
  return { job, vertices, bottleneck: findBottleneck(detail, vertices) };
}
