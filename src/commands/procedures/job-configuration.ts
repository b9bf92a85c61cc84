import type { JobConfigurationFacts } from '../../session/inspections/job-configuration.ts';
import { jobSettingColumns, jobSettingRows } from '../../session/tables/job-settings.ts';
import { textTable } from '../../session/tables/text-table.ts';
import type { Instant } from '../../support/clock.ts';

/** What a job was configured with, as a table. */
export const jobConfigurationText = (facts: JobConfigurationFacts, now: Instant): readonly string[] =>
  textTable(jobSettingColumns, jobSettingRows(facts), { now, whole: true });

/** The same for programs. */
export function jobConfigurationData({ configuration, checkpoints }: JobConfigurationFacts): unknown {
  const { executionMode, restartStrategy, parallelism, objectReuse, user } = configuration;
  return {
    executionMode: executionMode ?? null,
    restartStrategy: restartStrategy ?? null,
    parallelism: parallelism ?? null,
    objectReuse: objectReuse ?? null,
    user,
    checkpoints: checkpoints ?? null,
  };
}
