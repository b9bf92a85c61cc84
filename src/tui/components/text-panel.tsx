import { memo } from 'react';
import { useFrame } from './base/frame.ts';
import { useLook } from './base/look.ts';
import { fileFacts, textBody, textFacts, textTitle } from '../rows/text.ts';
import { Panel, placeKind, type PanelProps } from './base/panel.tsx';
import { Rows } from './base/rows.tsx';
import { logFileInspected } from '../state/process-facts.ts';
import { textOf } from '../state/trail.ts';

/** A text to read: help, the description of a pod or a job, a log file. */
export const TextPanel = memo(function TextPanel({ area }: PanelProps) {
  const look = useLook();
  const text = useFrame(({ ui }) => textOf(ui.trail));
  const file = useFrame(logFileInspected);
  const isFile = useFrame(placeKind) === 'log-file';
  if (text === undefined) return null;
  const { facts, problem } = file ?? {};
  const empty = isFile ? (problem?.message ?? (facts === undefined ? 'Reading the file.' : 'The file is empty.')) : '';
  const { lines, scroll } = textBody(text, { width: area.width - 2, height: area.height - 2, empty }, look);
  const more = facts === undefined ? [] : fileFacts(facts);
  return (
    <Panel
      name="text"
      area={area}
      title={textTitle(text)}
      facts={textFacts(text, look, more)}
      scroll={scroll}
      dimmed={problem !== undefined}
    >
      <Rows lines={lines} />
    </Panel>
  );
});
