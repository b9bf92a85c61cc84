import type { CheckpointConfiguration } from '../../flink/checkpoint-types.ts';
import type { JobConfiguration } from '../../flink/types.ts';
import { configurationRows } from '../checkpoints/overview.ts';

/** A setting of a job. */
export interface JobSetting {
  /** `execution`: how Flink runs it; `checkpoints`: how they are taken; `user`: what its program registered, Flink's global job parameters. */
  readonly kind: 'execution' | 'checkpoints' | 'user';
  readonly key: string;
  readonly value: string;
}

const yesNo = (value: boolean): string => (value ? 'yes' : 'no');

function executionRows({ executionMode, restartStrategy, parallelism, objectReuse }: JobConfiguration): readonly JobSetting[] {
  const row = (key: string, value: string | undefined): readonly JobSetting[] =>
    value === undefined ? [] : [{ kind: 'execution', key, value }];
  return [
    ...row('execution mode', executionMode),
    ...row('restart strategy', restartStrategy),
    ...row('parallelism', parallelism === undefined ? undefined : parallelism === 'default' ? 'that of the cluster' : String(parallelism)),
    ...row('object reuse', objectReuse === undefined ? undefined : yesNo(objectReuse)),
  ];
}

const userRows = ({ user }: JobConfiguration): readonly JobSetting[] =>
  Object.entries(user)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => ({ kind: 'user', key, value }));

/** How Flink runs a job, and what its program registered. */
export const runSettings = (job: JobConfiguration): readonly JobSetting[] => [...executionRows(job), ...userRows(job)];

/** All settings of a job. `checkpoints` is undefined if it takes none. */
export const jobSettings = (job: JobConfiguration, checkpoints: CheckpointConfiguration | undefined): readonly JobSetting[] => [
  ...executionRows(job),
  ...(checkpoints === undefined
    ? [{ kind: 'checkpoints', key: 'checkpointing', value: 'off' } as const]
    : configurationRows(checkpoints).map(({ label, value }): JobSetting => ({ kind: 'checkpoints', key: label, value }))),
  ...userRows(job),
];
