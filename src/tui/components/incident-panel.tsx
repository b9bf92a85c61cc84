import { memo } from 'react';
import { cardFact } from '../rows/incident.ts';
import { useFrame } from './base/frame.ts';
import type { PanelProps } from './base/panel.tsx';
import { TablePanel } from './table-panel.tsx';

const noMatch = (filter: string): string => `No line matches ${filter}`;

/** What is wrong and why, what is done about it, and what happened around it. */
export const IncidentPanel = memo(function IncidentPanel({ area }: PanelProps) {
  return <TablePanel view="incident" area={area} known trouble={useFrame(cardFact)} empty="" noMatch={noMatch} />;
});
