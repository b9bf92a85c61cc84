import { standingIn, withPlace } from '../state/trail.ts';
import type { App } from './app.ts';
import { nothingSelected } from './panels.ts';
import { enterSubject } from './place.ts';

/** Into the selected checkpoint. */
export function enterCheckpoint(app: App): void {
  const { selected } = app.ui.lists.checkpoints;
  const place = standingIn(app.ui.trail);
  if (selected === undefined || !('job' in place)) nothingSelected(app, 'checkpoints');
  else enterSubject(app, { kind: 'checkpoint', job: place.job, id: Number(selected), vertex: undefined });
}

/** Shows the subtasks of the selected operator. */
export function lookIntoOperator(app: App): void {
  const { selected } = app.ui.lists.operators;
  if (selected === undefined) return nothingSelected(app, 'operators');
  app.update((ui) => ({
    ...ui,
    trail: withPlace(ui.trail, 'checkpoint', (place) => ({ ...place, vertex: selected, panel: 'acknowledgements' })),
  }));
}
