import { checkpointsHere } from '../state/inspected.ts';
import { standingIn, withPlace } from '../state/trail.ts';
import type { App } from './app.ts';
import { openLog } from './failure.ts';
import { nothingSelected } from './panels.ts';
import { enterSubject } from './place.ts';

/** Into the selected checkpoint. */
export function enterCheckpoint(app: App): void {
  const { selected } = app.ui.lists.checkpoints;
  const place = standingIn(app.ui.trail);
  if (selected === undefined || !('job' in place)) nothingSelected(app, 'checkpoints');
  else enterSubject(app, { kind: 'checkpoint', job: place.job, id: Number(selected), vertex: undefined });
}

/** What the JobManager wrote when the selected checkpoint was triggered. */
export function showCheckpointLog(app: App): void {
  const frame = app.frame();
  const row = checkpointsHere(frame)?.facts?.rows.find(({ id }) => String(id) === app.ui.lists.checkpoints.selected);
  const { leader } = frame.session;
  if (row === undefined) return nothingSelected(app, 'checkpoints');
  if (leader === undefined) app.set({ result: { lines: ['No JobManager leads: there is no log of that moment.'], tone: 'warn' } });
  else openLog(app, leader, { at: row.triggeredAt, what: 'moment' });
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
