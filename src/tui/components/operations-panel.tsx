import { memo } from 'react';
import { useFrame } from './base/frame.ts';
import { operationTrouble } from '../rows/operations.ts';
import type { PanelProps } from './base/panel.tsx';
import { TablePanel } from './table-panel.tsx';

const none = 'No operations yet. Savepoints, submits and stops started here appear here.';
const noMatch = (filter: string): string => `No operation matches ${filter}`;

/** Operations started here, newest first. */
export const OperationsPanel = memo(function OperationsPanel({ area }: PanelProps) {
  return <TablePanel view="operations" area={area} known trouble={useFrame(operationTrouble)} empty={none} noMatch={noMatch} />;
});
