import type { Subject } from '../../../session/inspections/inspections.ts';
import type { VertexOfJob } from '../../../session/inspections/vertex.ts';
import type { PlaceRules, Standing, Within } from '../place.ts';

/** A vertex from the inside. */
export interface VertexPlace
  extends Within<'subtasks' | 'vertex-taskmanagers' | 'watermarks' | 'accumulators' | 'metrics' | 'chart' | 'log'>, VertexOfJob {
  readonly kind: 'vertex';
  /** The metric that has a chart for each subtask; undefined: each metric has one over all subtasks. */
  readonly bySubtask: string | undefined;
}

export const vertexRules: PlaceRules<VertexPlace['panel']> & { readonly views: readonly unknown[] } = {
  panels: ['subtasks', 'vertex-taskmanagers', 'watermarks', 'accumulators', 'metrics', 'chart', 'log'],
  main: 'log',
  passing: false,
  views: [
    { title: 'Subtasks', panels: ['subtasks'] },
    { title: 'TaskManagers', panels: ['vertex-taskmanagers'] },
    { title: 'Watermarks', panels: ['watermarks'] },
    { title: 'Accumulators', panels: ['accumulators'] },
    { title: 'Metrics', panels: ['metrics', 'chart'] },
  ],
};

const panelOf = {
  vertex: 'subtasks',
  'vertex-taskmanagers': 'vertex-taskmanagers',
  'vertex-accumulators': 'accumulators',
  'vertex-metrics': 'metrics',
  'metric-by-subtask': 'metrics',
} as const;

/** The place of a vertex, or of a part of it, which is one of its views. */
export function vertexPlace(
  { kind, job, vertex, metric }: VertexOfJob & { readonly kind: keyof typeof panelOf; readonly metric?: string },
  { typing }: Standing,
): VertexPlace {
  const panel = panelOf[kind];
  const view = vertexRules.views?.findIndex(({ panels }) => panels.includes(panel)) ?? 0;
  return { kind: 'vertex', job, vertex, bySubtask: metric, view, panel, zoomed: false, typing };
}

/** What is read for each view: watermarks come with the subtasks. */
const readFor: { readonly [Panel in VertexPlace['panel']]?: 'vertex-taskmanagers' | 'vertex-accumulators' } = {
  'vertex-taskmanagers': 'vertex-taskmanagers',
  accumulators: 'vertex-accumulators',
};

/** What the view on the screen shows. */
export function vertexSubjects({ job, vertex, view, bySubtask }: VertexPlace): readonly Subject[] {
  const panel = vertexRules.views?.[view]?.panels[0] ?? 'subtasks';
  if (panel !== 'metrics') return [{ kind: readFor[panel] ?? 'vertex', job, vertex }];
  return [
    { kind: 'vertex-metrics', job, vertex },
    ...(bySubtask === undefined ? [] : [{ kind: 'metric-by-subtask', job, vertex, metric: bySubtask } as const]),
  ];
}
