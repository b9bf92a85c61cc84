import { memo } from 'react';
import { inspectionOf } from '../../session/inspections/inspections.ts';
import { useFrame } from './base/frame.ts';
import { nearest } from '../state/trail.ts';
import type { Frame } from '../state/ui.ts';
import type { PanelProps } from './base/panel.tsx';
import { TablePanel } from './table-panel.tsx';
import { bottleneckFact } from '../rows/vertices.ts';

const inspected = ({ session, ui }: Frame) => {
  const subject = nearest(ui.trail, 'job');
  return subject === undefined ? undefined : inspectionOf(session, subject);
};
const isKnown = (frame: Frame): boolean => inspected(frame)?.facts !== undefined;
const isOld = (frame: Frame): boolean => inspected(frame)?.problem !== undefined;
const empty = (frame: Frame): string =>
  inspected(frame)?.problem?.message ?? (isKnown(frame) ? 'The job has no vertices.' : 'Reading the job.');
const bottleneck = (frame: Frame): string => {
  const facts = inspected(frame)?.facts;
  return facts === undefined ? '' : bottleneckFact(facts, frame.look);
};
const noMatch = (filter: string): string => `No vertex matches ${filter}`;

/** The vertices of the job. */
export const VerticesPanel = memo(function VerticesPanel({ area }: PanelProps) {
  return (
    <TablePanel
      view="vertices"
      area={area}
      known={useFrame(isKnown)}
      trouble={useFrame(bottleneck)}
      dimmed={useFrame(isOld)}
      empty={useFrame(empty)}
      noMatch={noMatch}
    />
  );
});
