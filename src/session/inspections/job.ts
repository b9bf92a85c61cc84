import type { JobDetail } from '../../flink/types.ts';
import type { InspectionKind } from './inspection.ts';

/** A job from the inside. */
export interface JobSubject {
  readonly kind: 'job';
  readonly job: string;
}

export interface JobFacts {
  readonly detail: JobDetail;
}

export const jobInspection: InspectionKind<JobSubject, JobFacts> = {
  idOf: ({ job }) => job,
  read: async ({ job }, { flink, signal }) => ({ detail: await flink.job(job, { signal }) }),
};
