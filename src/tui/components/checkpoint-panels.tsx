import { memo } from 'react';
import { useFrame } from './base/frame.ts';
import { useLook } from './base/look.ts';
import { phaseLegend, phaseLines } from '../rows/checkpoints.ts';
import { checkpointHere, checkpointsHere, operatorHere } from '../state/inspected.ts';
import { Panel, type PanelProps } from './base/panel.tsx';
import { Empty, Rows } from './base/rows.tsx';
import { placePanel } from './place-panel.tsx';

/** The checkpoints of the job that Flink keeps. */
export const CheckpointsPanel = placePanel('checkpoints', checkpointsHere, {
  none: ({ on }) => (on ? 'The job has not taken a checkpoint yet.' : 'Checkpointing is off.'),
  reading: 'Reading the checkpoints of the job.',
  noMatch: (filter) => `No checkpoint matches ${filter}`,
  legend: phaseLegend,
});

/** What is known of all of them. */
export const CheckpointFactsPanel = placePanel('checkpoint-facts', checkpointsHere, {
  none: () => 'Nothing is known of them.',
  reading: 'Reading the checkpoints of the job.',
  noMatch: (filter) => `Nothing matches ${filter}`,
});

/** The operators of a checkpoint: what has not acknowledged first, then the slowest. */
export const OperatorsPanel = placePanel('operators', checkpointHere, {
  none: () => 'No operator takes part in it.',
  reading: 'Reading the checkpoint.',
  noMatch: (filter) => `No operator matches ${filter}`,
});

/** The subtasks of one of them. */
export const AcknowledgementsPanel = placePanel('acknowledgements', operatorHere, {
  none: () => 'Flink reports nothing about its subtasks.',
  reading: 'Reading the subtasks.',
  noMatch: (filter) => `No subtask matches ${filter}`,
  legend: phaseLegend,
});

/** What held the checkpoint up, in words and as bars. */
export const PhasesPanel = memo(function PhasesPanel({ area }: PanelProps) {
  const look = useLook();
  const facts = useFrame((frame) => checkpointHere(frame)?.facts);
  const problem = useFrame((frame) => checkpointHere(frame)?.problem?.message);
  return (
    <Panel name="phases" area={area} title="What held it up" dimmed={problem !== undefined}>
      {facts === undefined ? (
        <Empty sentence={problem ?? 'Reading the checkpoint.'} />
      ) : (
        <Rows lines={phaseLines(facts, area.width - 2, look)} />
      )}
    </Panel>
  );
});
