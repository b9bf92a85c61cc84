import { readTop, type TopFacts } from '../../inside/vertex/read-top.ts';
import type { InspectionKind } from './inspection.ts';

/** The vertices of a job, to be ranked. */
export interface TopSubject {
  readonly kind: 'top';
  readonly job: string;
}

/** With the request for the job itself, a refresh costs the JobManager six. */
const mostQuestions = 5;

export const topInspection: InspectionKind<TopSubject, TopFacts> = {
  idOf: ({ job }) => job,
  read: ({ job }, { flink, signal, before }) => readTop(flink, job, before, { signal, most: mostQuestions }),
};
