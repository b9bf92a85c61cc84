import type { Subject } from '../../session/inspections/inspections.ts';
import { subtaskRows, vertexTaskManagerRows } from '../state/vertex-rows.ts';
import { nearest } from '../state/trail.ts';
import type { App } from './app.ts';
import { openLog } from './failure.ts';
import { enterSubject } from './place.ts';
import { nothingSelected } from './panels.ts';

/** The job that one is in. */
const jobHere = (app: App): string | undefined => nearest(app.ui.trail, 'job')?.job ?? nearest(app.ui.trail, 'top')?.job;

/** Goes into the vertex that is selected in the table of a job. */
export function enterVertex(app: App, table: 'vertices' | 'top'): void {
  const job = table === 'top' ? nearest(app.ui.trail, 'top')?.job : jobHere(app);
  const vertex = app.ui.lists[table].selected;
  if (job === undefined || vertex === undefined || vertex === '') return nothingSelected(app, table);
  enterSubject(app, { kind: 'vertex', job, vertex });
}

export function enterTop(app: App): void {
  const job = jobHere(app);
  if (job !== undefined) enterSubject(app, { kind: 'top', job } satisfies Subject);
}

/** The log of the TaskManager of a subtask; of one that has ended, at its end. */
export function showSubtaskLog(app: App): void {
  const { selected } = app.ui.lists.subtasks;
  const row = subtaskRows(app.frame()).find(({ key }) => key === selected);
  if (row === undefined) return nothingSelected(app, 'subtasks');
  if (row.taskManagerId === undefined)
    return app.set({ result: { lines: [`Subtask ${row.subtask} runs on no TaskManager yet.`], tone: 'info' } });
  openLog(app, row.taskManagerId, row.endTime > 0 ? { at: row.endTime, what: 'moment' } : undefined);
}

export function showTaskManagerLog(app: App): void {
  const { selected } = app.ui.lists['vertex-taskmanagers'];
  const row = vertexTaskManagerRows(app.frame()).find(({ key }) => key === selected);
  if (row?.id === undefined) return nothingSelected(app, 'vertex-taskmanagers');
  openLog(app, row.id, undefined);
}
