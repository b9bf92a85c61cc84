import type { SubtaskSubject } from '../../../session/inspections/subtask.ts';
import type { PlaceRules, Standing, Within } from '../place.ts';

/** A subtask from the inside. */
export interface SubtaskPlace extends Within<'attempts' | 'subtask-figures' | 'log'>, SubtaskSubject {}

export const subtaskRules: PlaceRules<SubtaskPlace['panel']> & { readonly views: readonly unknown[] } = {
  panels: ['attempts', 'subtask-figures', 'log'],
  main: 'log',
  passing: false,
  views: [{ title: 'Overview', panels: ['attempts', 'subtask-figures'] }],
};

export const subtaskPlace = ({ job, vertex, subtask }: SubtaskSubject, { typing }: Standing): SubtaskPlace => ({
  kind: 'subtask',
  job,
  vertex,
  subtask,
  view: 0,
  panel: 'attempts',
  zoomed: false,
  typing,
});
