import type { Subject } from '../../../session/inspections/inspections.ts';
import type { SubtaskSubject } from '../../../session/inspections/subtask.ts';
import type { PlaceRules, Standing, Within } from '../place.ts';

/** A subtask from the inside. */
export interface SubtaskPlace extends Within<'attempts' | 'subtask-figures' | 'subtask-metrics' | 'chart' | 'log'>, SubtaskSubject {}

export const subtaskRules: PlaceRules<SubtaskPlace['panel']> & { readonly views: readonly unknown[] } = {
  panels: ['attempts', 'subtask-figures', 'subtask-metrics', 'chart', 'log'],
  main: 'log',
  passing: false,
  views: [
    { title: 'Overview', panels: ['attempts', 'subtask-figures'] },
    { title: 'Metrics', panels: ['subtask-metrics', 'chart'] },
  ],
};

export const subtaskPlace = (
  { job, vertex, subtask, kind }: Omit<SubtaskSubject, 'kind'> & { readonly kind: 'subtask' | 'subtask-metrics' },
  { typing }: Standing,
): SubtaskPlace => ({
  kind: 'subtask',
  job,
  vertex,
  subtask,
  ...(kind === 'subtask' ? { view: 0, panel: 'attempts' } : { view: 1, panel: 'subtask-metrics' }),
  zoomed: false,
  typing,
});

/** What the view on the screen shows. */
export const subtaskSubject = ({ job, vertex, subtask, view }: SubtaskPlace): Subject => ({
  kind: view === 0 ? 'subtask' : 'subtask-metrics',
  job,
  vertex,
  subtask,
});
