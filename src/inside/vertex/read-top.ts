import type { FlinkClient } from '../../flink/types.ts';
import { endsOf } from '../job/ends.ts';
import {
  loadMetrics,
  sourceLoadMetrics,
  loadOf,
  longestState,
  nextQuestions,
  type Question,
  type TopVertex,
  topVertices,
  withLongest,
} from './top.ts';

/** All vertices of a job, each as far as it is known. */
export interface TopFacts {
  /** The clock of the JobManager. */
  readonly now: number;
  readonly vertices: readonly TopVertex[];
  /** How many requests this answer took. */
  readonly requests: number;
}

type TopClient = Pick<FlinkClient, 'job' | 'aggregatedMetrics' | 'vertex'>;

/** Reads the job in one request, and of its vertices what is unknown or oldest in at most `most` more. */
export async function readTop(
  flink: TopClient,
  jobId: string,
  before: TopFacts | undefined,
  { signal, most }: { readonly signal: AbortSignal | undefined; readonly most: number },
): Promise<TopFacts> {
  const job = await flink.job(jobId, { signal });
  const vertices = topVertices(job.vertices, before?.vertices ?? []);
  const questions = nextQuestions(vertices, most);
  const answer = async ({ kind, vertexId }: Question): Promise<(one: TopVertex) => TopVertex> => {
    if (kind === 'load') {
      const ends = endsOf(vertexId, job.edges);
      const names = ends.reads ? loadMetrics : sourceLoadMetrics;
      const load = loadOf(await flink.aggregatedMetrics(jobId, vertexId, names, { signal }), job.now, ends);
      return (one) => ({ ...one, load });
    }
    const detail = await flink.vertex(jobId, vertexId, { signal });
    return (one) => withLongest(one, longestState(detail.subtasks, detail.now));
  };
  const answers = await Promise.all(questions.map(async (question) => ({ vertexId: question.vertexId, change: await answer(question) })));
  return {
    now: job.now,
    requests: 1 + questions.length,
    vertices: vertices.map((vertex) =>
      answers.filter(({ vertexId }) => vertexId === vertex.id).reduce((known, { change }) => change(known), vertex),
    ),
  };
}
