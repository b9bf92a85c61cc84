import { readSubtask } from '../../inside/vertex/read-subtask.ts';
import { readSurroundings } from '../../inside/vertex/read-vertex.ts';
import type { Ends } from '../../inside/job/ends.ts';
import type { SubtaskInside } from '../../inside/vertex/subtask.ts';
import type { InspectionKind } from './inspection.ts';
import type { VertexOfJob } from './vertex.ts';

/** A subtask of a vertex. */
export interface SubtaskSubject extends VertexOfJob {
  readonly kind: 'subtask';
  /** From 0. */
  readonly subtask: number;
}

export interface SubtaskShown extends SubtaskInside {
  readonly ends: Ends;
}

/** With the five requests for the subtask itself, a refresh costs the JobManager six. */
const mostBesides = 1;

export const subtaskInspection: InspectionKind<SubtaskSubject, SubtaskShown> = {
  idOf: ({ job, vertex, subtask }) => `${job} ${vertex} ${subtask}`,
  async read({ job, vertex, subtask }, { flink, signal, before }) {
    const which = { jobId: job, vertexId: vertex, subtask };
    const ends = before === undefined ? readSurroundings(flink, which, signal).then((found) => found.ends) : Promise.resolve(before.ends);
    const inside = await readSubtask(flink, which, before, { signal, ends, most: mostBesides });
    return { ...inside, ends: await ends };
  },
};
