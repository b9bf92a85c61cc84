import { jobConfigurationHere } from '../state/inspected.ts';
import { placePanel } from './place-panel.tsx';

/** What the job was configured with. */
export const JobSettingsPanel = placePanel('job-settings', jobConfigurationHere, {
  none: () => 'Flink reports no configuration of this job.',
  reading: 'Reading the configuration of the job.',
  noMatch: (filter) => `No setting matches ${filter}`,
});
