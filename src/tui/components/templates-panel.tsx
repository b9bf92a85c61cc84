import { memo } from 'react';
import { templatesFact } from '../rows/templates.ts';
import { templatesInspected } from '../state/template-rows.ts';
import type { Frame } from '../state/ui.ts';
import { useFrame } from './base/frame.ts';
import type { PanelProps } from './base/panel.tsx';
import { TablePanel } from './table-panel.tsx';

const isKnown = (frame: Frame): boolean => templatesInspected(frame)?.facts !== undefined;
const empty = (frame: Frame): string => {
  const inspection = templatesInspected(frame);
  return inspection?.problem?.message ?? (inspection?.facts === undefined ? 'Reading the logs.' : 'The logs have no lines yet.');
};
const noMatch = (filter: string): string => `No template matches ${filter}`;

/** The messages of logs by what they have in common. */
export const TemplatesPanel = memo(function TemplatesPanel({ area }: PanelProps) {
  return (
    <TablePanel
      view="templates"
      area={area}
      known={useFrame(isKnown)}
      trouble={useFrame(templatesFact)}
      empty={useFrame(empty)}
      noMatch={noMatch}
    />
  );
});
