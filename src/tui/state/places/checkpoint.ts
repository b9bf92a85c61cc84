import type { CheckpointSubject } from '../../../session/inspections/checkpoints.ts';
import type { PlaceRules, Standing, Within } from '../place.ts';

/** A checkpoint from the inside: what held it up, its operators, and the subtasks of one of them. */
export interface CheckpointPlace extends Within<'phases' | 'operators' | 'acknowledgements' | 'log'>, CheckpointSubject {}

export const checkpointRules: PlaceRules<CheckpointPlace['panel']> = {
  panels: ['operators', 'acknowledgements', 'phases', 'log'],
  main: 'log',
  passing: false,
  views: [{ title: 'Checkpoint', panels: ['phases', 'operators', 'acknowledgements'] }],
};

export const checkpointPlace = ({ job, id, vertex }: CheckpointSubject, { typing }: Standing): CheckpointPlace => ({
  kind: 'checkpoint',
  job,
  id,
  vertex,
  view: 0,
  panel: 'operators',
  zoomed: false,
  typing,
});
