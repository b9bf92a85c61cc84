import type { VertexOfJob } from '../../../session/inspections/vertex.ts';
import type { PlaceRules, Standing, Within } from '../place.ts';

/** A vertex from the inside. */
export interface VertexPlace extends Within<'subtasks' | 'vertex-taskmanagers' | 'watermarks' | 'accumulators' | 'log'>, VertexOfJob {
  readonly kind: 'vertex';
}

export const vertexRules: PlaceRules<VertexPlace['panel']> & { readonly views: readonly unknown[] } = {
  panels: ['subtasks', 'vertex-taskmanagers', 'watermarks', 'accumulators', 'log'],
  main: 'log',
  passing: false,
  views: [
    { title: 'Subtasks', panels: ['subtasks'] },
    { title: 'TaskManagers', panels: ['vertex-taskmanagers'] },
    { title: 'Watermarks', panels: ['watermarks'] },
    { title: 'Accumulators', panels: ['accumulators'] },
  ],
};

const panelOf = { vertex: 'subtasks', 'vertex-taskmanagers': 'vertex-taskmanagers', 'vertex-accumulators': 'accumulators' } as const;

/** The place of a vertex, or of a part of it, which is one of its views. */
export function vertexPlace(
  { kind, job, vertex }: VertexOfJob & { readonly kind: keyof typeof panelOf },
  { typing }: Standing,
): VertexPlace {
  const panel = panelOf[kind];
  const view = vertexRules.views?.findIndex(({ panels }) => panels.includes(panel)) ?? 0;
  return { kind: 'vertex', job, vertex, view, panel, zoomed: false, typing };
}

/** What is read for the view that is shown: watermarks come with the subtasks. */
export const vertexSubject = ({ job, vertex, view }: VertexPlace) => {
  const panel = vertexRules.views?.[view]?.panels[0];
  const kind =
    panel === 'vertex-taskmanagers' ? 'vertex-taskmanagers' : panel === 'accumulators' ? 'vertex-accumulators' : ('vertex' as const);
  return { kind, job, vertex } as const;
};
