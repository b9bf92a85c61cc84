import { memo } from 'react';
import { inspectionOf } from '../../session/inspections/inspections.ts';
import { bottleneckFact } from '../rows/vertices.ts';
import { graphLines } from '../rows/graph.ts';
import { shownGraph } from '../state/graph.ts';
import { nearest } from '../state/trail.ts';
import type { Frame } from '../state/ui.ts';
import { useFrame, useFrameNow } from './base/frame.ts';
import { useLook } from './base/look.ts';
import { Panel, type PanelProps } from './base/panel.tsx';
import { Empty, Rows } from './base/rows.tsx';

const inspected = ({ session, ui }: Frame) => {
  const subject = nearest(ui.trail, 'job');
  return subject === undefined ? undefined : inspectionOf(session, subject);
};
const factsOf = (frame: Frame) => inspected(frame)?.facts;
/** The table has the sentence as well. */
const standsAlone = ({ layout }: Frame): boolean => layout.panels.every(({ name }) => name !== 'vertices');
const problemOf = (frame: Frame): string | undefined => inspected(frame)?.problem?.message;

/** The graph of the job. */
export const GraphPanel = memo(function GraphPanel({ area }: PanelProps) {
  const look = useLook();
  const facts = useFrame(factsOf);
  const problem = useFrame(problemOf);
  const alone = useFrame(standsAlone);
  const selected = useFrame(({ ui }) => ui.lists.vertices.selected);
  useFrame(({ ui }) => ui.graph);
  const shown = facts === undefined ? undefined : shownGraph(useFrameNow());
  return (
    <Panel
      name="graph"
      area={area}
      title="Graph"
      facts={facts === undefined || !alone ? '' : bottleneckFact(facts, look)}
      dimmed={problem !== undefined}
    >
      {shown === undefined ? <Empty sentence={problem ?? 'Reading the job.'} /> : <Rows lines={graphLines(shown, selected, look)} />}
    </Panel>
  );
});
