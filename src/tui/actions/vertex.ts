import type { Subject } from '../../session/inspections/inspections.ts';
import { vertexTaskManagerRows } from '../state/vertex-rows.ts';
import { nearest, standingIn, withPlace } from '../state/trail.ts';
import type { App } from './app.ts';
import { submit } from './command-line.ts';
import { enterSubject } from './place.ts';
import { nothingSelected } from './panels.ts';

/** The job that one is in. */
const jobHere = (app: App): string | undefined => nearest(app.ui.trail, 'job')?.job ?? nearest(app.ui.trail, 'top')?.job;

/** Acts on the vertex that is selected in the table of a job. */
function onVertex(app: App, table: 'vertices' | 'top', act: (job: string, vertex: string) => void): void {
  const job = table === 'top' ? nearest(app.ui.trail, 'top')?.job : jobHere(app);
  const vertex = app.ui.lists[table].selected;
  if (job === undefined || vertex === undefined || vertex === '') nothingSelected(app, table);
  else act(job, vertex);
}

/** Goes into the vertex that is selected in the table of a job. */
export const enterVertex = (app: App, table: 'vertices' | 'top'): void =>
  onVertex(app, table, (job, vertex) => enterSubject(app, { kind: 'vertex', job, vertex }));

/** The logs of its TaskManagers, merged. */
export const showLogsOfVertex = (app: App, table: 'vertices' | 'top'): void =>
  onVertex(app, table, (job, vertex) => app.background(submit(app, `logs ${job} ${vertex}`)));

export function enterTop(app: App): void {
  const job = jobHere(app);
  if (job !== undefined) enterSubject(app, { kind: 'top', job } satisfies Subject);
}

/** Acts on the TaskManager that is selected in the table of a vertex. */
export function onTaskManager(app: App, act: (app: App, taskManagerId: string) => void): void {
  const { selected } = app.ui.lists['vertex-taskmanagers'];
  const row = vertexTaskManagerRows(app.frame()).find(({ key }) => key === selected);
  if (row?.id === undefined) nothingSelected(app, 'vertex-taskmanagers');
  else act(app, row.id);
}

/** Charts of the selected metric by subtask; once more, of all metrics over the subtasks. */
export function toggleBySubtask(app: App): void {
  const { selected } = app.ui.lists.metrics;
  if (standingIn(app.ui.trail).kind !== 'vertex')
    return app.set({ result: { lines: ['These are the metrics of one subtask: Esc leads to its vertex.'], tone: 'info' } });
  if (selected === undefined) return nothingSelected(app, 'metrics');
  app.update((ui) => ({
    ...ui,
    trail: withPlace(ui.trail, 'vertex', (place) => ({ ...place, bySubtask: place.bySubtask === selected ? undefined : selected })),
  }));
}
