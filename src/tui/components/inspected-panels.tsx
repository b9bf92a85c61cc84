import { memo } from 'react';
import type { InspectionOf } from '../../session/inspections/inspection.ts';
import type { Subject } from '../../session/inspections/inspections.ts';
import type { TableName } from '../state/layout.ts';
import { subtaskInspected, subtaskMetricsInspected } from '../state/subtask-rows.ts';
import { topInspected, vertexInspected } from '../state/vertex-rows.ts';
import type { Frame } from '../state/ui.ts';
import { useFrame } from './base/frame.ts';
import type { PanelProps } from './base/panel.tsx';
import { TablePanel } from './table-panel.tsx';

/** A table of what the place reads, and its sentences if there is nothing in it. */
interface Inspected {
  readonly view: TableName;
  readonly of: (frame: Frame) => InspectionOf<Subject, unknown> | undefined;
  readonly reading: string;
  readonly none: string;
  /** One of its rows. */
  readonly one: string;
}

function inspectedPanel({ view, of, reading, none, one }: Inspected) {
  const isKnown = (frame: Frame): boolean => of(frame)?.facts !== undefined;
  const isOld = (frame: Frame): boolean => of(frame)?.problem !== undefined;
  const empty = (frame: Frame): string => of(frame)?.problem?.message ?? (isKnown(frame) ? none : reading);
  const noMatch = (filter: string): string => `No ${one} matches ${filter}`;
  return memo(function InspectedPanel({ area }: PanelProps) {
    return (
      <TablePanel view={view} area={area} known={useFrame(isKnown)} dimmed={useFrame(isOld)} empty={useFrame(empty)} noMatch={noMatch} />
    );
  });
}

const ofVertex = (frame: Frame) => vertexInspected(frame, 'vertex');

/** The subtasks of a vertex. */
export const SubtasksPanel = inspectedPanel({
  view: 'subtasks',
  of: ofVertex,
  reading: 'Reading the subtasks.',
  none: 'The vertex has no subtasks.',
  one: 'subtask',
});

/** The same subtasks by their event time. */
export const WatermarksPanel = inspectedPanel({
  view: 'watermarks',
  of: ofVertex,
  reading: 'Reading the watermarks.',
  none: 'The vertex has no subtasks.',
  one: 'subtask',
});

/** The TaskManagers of a vertex. */
export const VertexTaskManagersPanel = inspectedPanel({
  view: 'vertex-taskmanagers',
  of: (frame) => vertexInspected(frame, 'vertex-taskmanagers'),
  reading: 'Reading the TaskManagers.',
  none: 'No TaskManager has a subtask of this vertex.',
  one: 'TaskManager',
});

/** What the code of a vertex adds up. */
export const AccumulatorsPanel = inspectedPanel({
  view: 'accumulators',
  of: (frame) => vertexInspected(frame, 'vertex-accumulators'),
  reading: 'Reading the accumulators.',
  none: 'The code of this vertex has no accumulators.',
  one: 'accumulator',
});

/** The metrics of a vertex over all its subtasks. */
export const MetricsPanel = inspectedPanel({
  view: 'metrics',
  of: (frame) => vertexInspected(frame, 'vertex-metrics'),
  reading: 'Reading the metrics.',
  none: 'The vertex reports no metrics yet.',
  one: 'metric',
});

/** The attempts to run a subtask. */
export const AttemptsPanel = inspectedPanel({
  view: 'attempts',
  of: subtaskInspected,
  reading: 'Reading the subtask.',
  none: 'The subtask was never started.',
  one: 'attempt',
});

/** What a subtask does, beside what its siblings do. */
export const SubtaskFiguresPanel = inspectedPanel({
  view: 'subtask-figures',
  of: subtaskInspected,
  reading: 'Reading the subtask.',
  none: 'Nothing is known of the subtask.',
  one: 'figure',
});

/** The metrics of a subtask. */
export const SubtaskMetricsPanel = inspectedPanel({
  view: 'subtask-metrics',
  of: subtaskMetricsInspected,
  reading: 'Reading the metrics.',
  none: 'The subtask reports no metrics yet.',
  one: 'metric',
});

/** The vertices of a job, ranked. */
export const TopPanel = inspectedPanel({
  view: 'top',
  of: topInspected,
  reading: 'Reading the vertices.',
  none: 'The job has no vertices.',
  one: 'vertex',
});
