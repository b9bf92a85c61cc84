import { readJob, verticesAsked } from '../../inside/job/read-job.ts';
import type { JobInside } from '../../inside/job/types.ts';
import type { InspectionKind } from './inspection.ts';

/** A job from the inside. */
export interface JobSubject {
  readonly kind: 'job';
  readonly job: string;
}

/** Its vertices with a past of ten minutes, and the bottleneck. */
export type JobFacts = JobInside;

export const jobInspection: InspectionKind<JobSubject, JobFacts> = {
  idOf: ({ job }) => job,
  read: ({ job }, { flink, signal, before }) => readJob(job, { flink, signal, before, vertices: verticesAsked }),
};
