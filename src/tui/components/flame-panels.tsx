import { memo } from 'react';
import { flameFacts, flameLines } from '../rows/flame.ts';
import { flameWords, samplingFact } from '../rows/flame-words.ts';
import { flameInspected, flamePlaceHere, methodsHere, profileInspected, samplesHere, shownFlame } from '../state/flame.ts';
import type { Frame } from '../state/ui.ts';
import { useFrame, useFrameNow } from './base/frame.ts';
import { useLook } from './base/look.ts';
import { Panel, type PanelProps } from './base/panel.tsx';
import { Empty, Rows } from './base/rows.tsx';
import { TablePanel } from './table-panel.tsx';

const inspected = (frame: Frame) => flameInspected(frame) ?? profileInspected(frame);
const isOld = (frame: Frame): boolean => inspected(frame)?.problem !== undefined;
const graphOf = (frame: Frame) => flamePlaceHere(frame)?.graph;

/** The flame graph of a vertex or of a process. */
export const FlamePanel = memo(function FlamePanel({ area }: PanelProps) {
  const look = useLook();
  useFrame(inspected);
  const graph = useFrame(graphOf);
  const sampling = useFrame(samplingFact);
  const frame = useFrameNow();
  const shown = shownFlame(frame);
  const facts = shown === undefined ? [] : [flameFacts(shown, graph?.search, samplesHere(frame)?.at, look)];
  return (
    <Panel
      name="flame"
      area={area}
      title="Flame graph"
      facts={[...(sampling === undefined ? [] : [look.theme.paint('busy', sampling)]), ...facts].join('   ')}
      dimmed={useFrame(isOld)}
      empty={shown === undefined}
      scroll={shown && { top: shown.top, visible: shown.visible, count: shown.rows.length, from: 0 }}
    >
      {shown === undefined ? <Empty sentence={flameWords(frame)} /> : <Rows lines={flameLines(shown, area.width - 2, look)} />}
    </Panel>
  );
});

const hasMethods = (frame: Frame): boolean => methodsHere(frame).length > 0;

/** The methods of the flame graph by their own and their total time. */
export const MethodsPanel = memo(function MethodsPanel({ area }: PanelProps) {
  return (
    <TablePanel
      view="methods"
      area={area}
      known={useFrame(hasMethods)}
      dimmed={useFrame(isOld)}
      empty="There are no samples."
      noMatch={(filter) => `No method matches ${filter}`}
    />
  );
});
