import { memo } from 'react';
import { useFrame } from './base/frame.ts';
import { jobTrouble, noJobs } from '../rows/jobs.ts';
import { isStale } from '../rows/staleness.ts';
import type { Frame } from '../state/ui.ts';
import type { PanelProps } from './base/panel.tsx';
import { TablePanel } from './table-panel.tsx';

const isKnown = ({ session }: Frame): boolean => session.jobsKnown;
const noMatch = (filter: string): string => `No job matches ${filter}`;

/** The jobs of the cluster: state, how many of their tasks run, and how old their last checkpoint is. */
export const JobsPanel = memo(function JobsPanel({ area }: PanelProps) {
  return (
    <TablePanel
      view="jobs"
      area={area}
      known={useFrame(isKnown)}
      trouble={useFrame(jobTrouble)}
      dimmed={useFrame(isStale('flink'))}
      empty={useFrame(noJobs)}
      noMatch={noMatch}
    />
  );
});
