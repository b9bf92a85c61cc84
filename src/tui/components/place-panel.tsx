import { memo, type FunctionComponent } from 'react';
import type { InspectionOf } from '../../session/inspections/inspection.ts';
import type { Look } from '../look/look.ts';
import { useFrame } from './base/frame.ts';
import type { TableName } from '../state/layout.ts';
import type { Frame } from '../state/ui.ts';
import { useLook } from './base/look.ts';
import type { PanelProps } from './base/panel.tsx';
import { TablePanel } from './table-panel.tsx';

/** What a table says if it has no rows, and what explains its drawings. */
interface Words<Facts> {
  readonly none: (facts: Facts) => string;
  readonly reading: string;
  readonly noMatch: (filter: string) => string;
  readonly legend?: (look: Look) => string;
}

const noLegend = (): string => '';

/** The panel of a table whose rows come from what a place has read. */
export function placePanel<Facts>(
  view: TableName,
  inspected: (frame: Frame) => InspectionOf<unknown, Facts> | undefined,
  { none, reading, noMatch, legend = noLegend }: Words<Facts>,
): FunctionComponent<PanelProps> {
  const isKnown = (frame: Frame): boolean => inspected(frame)?.facts !== undefined;
  const isOld = (frame: Frame): boolean => inspected(frame)?.problem !== undefined;
  const empty = (frame: Frame): string => {
    const found = inspected(frame);
    return found?.problem?.message ?? (found?.facts === undefined ? reading : none(found.facts));
  };
  return memo(function PlacePanel({ area }: PanelProps) {
    return (
      <TablePanel
        view={view}
        area={area}
        known={useFrame(isKnown)}
        legend={legend(useLook())}
        dimmed={useFrame(isOld)}
        empty={useFrame(empty)}
        noMatch={noMatch}
      />
    );
  });
}
