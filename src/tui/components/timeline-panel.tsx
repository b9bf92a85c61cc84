import { memo } from 'react';
import type { PanelProps } from './base/panel.tsx';
import { TablePanel } from './table-panel.tsx';

const noMatch = (filter: string): string => `Nothing matches ${filter}`;

/** What happened to the cluster, newest first. */
export const TimelinePanel = memo(function TimelinePanel({ area }: PanelProps) {
  return <TablePanel view="timeline" area={area} known empty="Nothing happened yet." noMatch={noMatch} />;
});
