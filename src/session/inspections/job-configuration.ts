import type { CheckpointConfiguration } from '../../flink/checkpoint-types.ts';
import type { FlinkClient, JobConfiguration } from '../../flink/types.ts';
import type { InspectionKind } from './inspection.ts';

/** What a job was configured with. */
export interface JobConfigurationSubject {
  readonly kind: 'job-configuration';
  readonly job: string;
}

export interface JobConfigurationFacts {
  /** With secrets masked. */
  readonly configuration: JobConfiguration;
  /** Undefined: the job takes none, as a batch job. */
  readonly checkpoints: CheckpointConfiguration | undefined;
}

export async function readJobConfiguration(
  flink: Pick<FlinkClient, 'jobConfiguration' | 'checkpointConfiguration'>,
  job: string,
  signal: AbortSignal,
): Promise<JobConfigurationFacts> {
  // What knows secrets is loaded when somebody looks at a configuration: the first frame does without.
  const [{ withoutSecrets }, configuration, checkpoints] = await Promise.all([
    import('../../inside/job/secrets.ts'),
    flink.jobConfiguration(job, { signal }),
    flink.checkpointConfiguration(job, { signal }),
  ]);
  return { configuration: withoutSecrets(configuration), checkpoints };
}

export const jobConfigurationInspection: InspectionKind<JobConfigurationSubject, JobConfigurationFacts> = {
  idOf: ({ job }) => job,
  // It is fixed when the job is submitted: two requests, once.
  read: async ({ job }, { flink, signal, before }) => before ?? (await readJobConfiguration(flink, job, signal)),
};
