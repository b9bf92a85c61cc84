import { jobSettings, type JobSetting } from '../../inside/job/configuration.ts';
import { oneLine } from '../../support/foreign-text.ts';
import type { JobConfigurationFacts } from '../inspections/job-configuration.ts';
import type { Column } from './column.ts';

export const jobSettingRows = ({ configuration, checkpoints }: JobConfigurationFacts): readonly JobSetting[] =>
  jobSettings(configuration, checkpoints);

export const jobSettingColumns: readonly Column<JobSetting>[] = [
  { title: 'KEY', min: 20, max: 60, drop: 0, text: ({ key }) => oneLine(key) },
  { title: 'VALUE', min: 16, max: 200, drop: 0, text: ({ value }) => oneLine(value, 1_000) },
  { title: 'KIND', min: 11, max: 11, drop: 1, text: ({ kind }) => kind },
];

/** A key of the user may be called like one of Flink's. */
export const jobSettingId = ({ kind, key }: JobSetting): string => `${kind} ${key}`;
