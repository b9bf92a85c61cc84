import type { Accumulator, VertexTaskManager } from '../../flink/vertex-types.ts';
import { type Ends, endsOf, exchangedIo } from '../../inside/job/ends.ts';
import { readSurroundings, readVertex, type Surroundings } from '../../inside/vertex/read-vertex.ts';
import type { VertexFacts } from '../../inside/vertex/vertex-facts.ts';
import type { InspectionKind } from './inspection.ts';

/** A vertex of a job. */
export interface VertexOfJob {
  readonly job: string;
  readonly vertex: string;
}

const idOf = ({ job, vertex }: VertexOfJob): string => `${job} ${vertex}`;

/** A vertex from the inside: its subtasks. */
export interface VertexSubject extends VertexOfJob {
  readonly kind: 'vertex';
}

export interface VertexInside extends Surroundings {
  readonly vertex: VertexFacts;
}

export const vertexInspection: InspectionKind<VertexSubject, VertexInside> = {
  idOf,
  async read({ job, vertex }, { flink, signal, before }) {
    const subject = { jobId: job, vertexId: vertex };
    const around = before === undefined ? readSurroundings(flink, subject, signal) : Promise.resolve(before);
    const ends = around.then((found) => found.ends);
    const [facts, { siblings }] = await Promise.all([readVertex(flink, subject, before?.vertex, { signal, ends }), around]);
    return { vertex: facts, siblings, ends: await ends };
  },
};

/** The TaskManagers that its subtasks run on. */
export interface VertexTaskManagersSubject extends VertexOfJob {
  readonly kind: 'vertex-taskmanagers';
}

export interface VertexTaskManagersFacts {
  readonly workers: readonly VertexTaskManager[];
  /** They do not change while the job runs, and are read once. */
  readonly ends: Ends;
}

export const vertexTaskManagersInspection: InspectionKind<VertexTaskManagersSubject, VertexTaskManagersFacts> = {
  idOf,
  async read({ job, vertex }, { flink, signal, before }) {
    const [workers, ends] = await Promise.all([
      flink.vertexTaskManagers(job, vertex, { signal }),
      before?.ends ?? flink.job(job, { signal }).then(({ edges }) => endsOf(vertex, edges)),
    ]);
    return { ends, workers: workers.map((one) => ({ ...one, io: exchangedIo(one.io, ends) })) };
  },
};

/** What the code of the vertex adds up. */
export interface VertexAccumulatorsSubject extends VertexOfJob {
  readonly kind: 'vertex-accumulators';
}

export const vertexAccumulatorsInspection: InspectionKind<VertexAccumulatorsSubject, readonly Accumulator[]> = {
  idOf,
  read: ({ job, vertex }, { flink, signal }) => flink.vertexAccumulators(job, vertex, { signal }),
};
