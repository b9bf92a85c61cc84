import { exceptionHere, exceptionsHere } from '../state/inspected.ts';
import { placePanel } from './place-panel.tsx';

/** The failures of the job that Flink keeps. */
export const ExceptionsPanel = placePanel('exceptions', exceptionsHere, {
  none: () => 'Flink keeps no failure of this job.',
  reading: 'Reading the failures of the job.',
  noMatch: (filter) => `No failure matches ${filter}`,
});

/** One of them: when and where, what failed with it, and its stack. */
export const StackPanel = placePanel('stack', exceptionHere, {
  none: () => 'Flink keeps no stack trace.',
  reading: 'Reading the failure.',
  noMatch: (filter) => `No line matches ${filter}`,
});
