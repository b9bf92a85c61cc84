import { memo } from 'react';
import { useFrame } from './base/frame.ts';
import { useLook } from './base/look.ts';
import { textBody, textFacts, textTitle } from '../rows/text.ts';
import { Panel, type PanelProps } from './base/panel.tsx';
import { Rows } from './base/rows.tsx';
import { textOf } from '../state/trail.ts';

/** A text to read: help, the description of a pod or a job. */
export const TextPanel = memo(function TextPanel({ area }: PanelProps) {
  const look = useLook();
  const text = useFrame(({ ui }) => textOf(ui.trail));
  if (text === undefined) return null;
  const { lines, scroll } = textBody(text, area.width - 2, area.height - 2, look);
  return (
    <Panel name="text" area={area} title={textTitle(text)} facts={textFacts(text, look)} scroll={scroll}>
      <Rows lines={lines} />
    </Panel>
  );
});
