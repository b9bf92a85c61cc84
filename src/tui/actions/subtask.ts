import { quoteWord } from '../../commands/line/line-parser.ts';
import type { Run } from '../../inside/vertex/vertex-facts.ts';
import { operatorHere } from '../state/inspected.ts';
import type { TableName } from '../state/layout.ts';
import { attemptRows, subtaskHere } from '../state/subtask-rows.ts';
import { nearest, standingIn } from '../state/trail.ts';
import { subtaskRows } from '../state/vertex-rows.ts';
import type { App } from './app.ts';
import { submit } from './command-line.ts';
import { openLog } from './failure.ts';
import { nothingSelected } from './panels.ts';
import { enterSubject } from './place.ts';

const inform = (app: App, sentence: string): void => app.set({ result: { lines: [sentence], tone: 'info' } });

/** The tables of the screen whose rows are attempts to run a subtask. */
export type RunsTable = TableName & ('subtasks' | 'watermarks' | 'attempts' | 'subtask-figures');

/** The attempt that is selected; every figure is one of the present attempt. */
function selectedRun(app: App, table: RunsTable): Run | undefined {
  const { selected } = app.ui.lists[table];
  const frame = app.frame();
  switch (table) {
    case 'subtasks':
    case 'watermarks':
      return subtaskRows(frame).find(({ key }) => key === selected);
    case 'attempts':
      return attemptRows(frame).find(({ key }) => key === selected)?.run;
    case 'subtask-figures':
      return subtaskHere(frame);
  }
}

/** Goes into the subtask that is selected in the table of a vertex. */
export function enterSubtask(app: App, table: 'subtasks' | 'watermarks'): void {
  const { selected } = app.ui.lists[table];
  const vertex = nearest(app.ui.trail, 'vertex');
  if (vertex === undefined || selected === undefined) nothingSelected(app, table);
  else enterSubject(app, { kind: 'subtask', job: vertex.job, vertex: vertex.vertex, subtask: Number(selected) });
}

/** Goes into the subtask that is selected among those that acknowledge a checkpoint. */
export function enterAcknowledging(app: App): void {
  const { selected } = app.ui.lists.acknowledgements;
  const place = standingIn(app.ui.trail);
  const vertex = operatorHere(app.frame())?.facts?.vertexId;
  if (place.kind !== 'checkpoint' || vertex === undefined || selected === undefined) nothingSelected(app, 'acknowledgements');
  else enterSubject(app, { kind: 'subtask', job: place.job, vertex, subtask: Number(selected) });
}

/** Acts on the TaskManager of the selected attempt. */
export function onTaskManagerOf(app: App, table: RunsTable, act: (app: App, taskManagerId: string, run: Run) => void): void {
  const run = selectedRun(app, table);
  if (run === undefined && table !== 'attempts') return nothingSelected(app, table);
  if (run === undefined) return inform(app, 'Flink does not keep this attempt any more: its TaskManager is not known.');
  if (run.taskManagerId === undefined) inform(app, 'It has no TaskManager yet.');
  else act(app, run.taskManagerId, run);
}

/** The log of a TaskManager; of an attempt that has ended, at its end. */
export const showRunLog = (app: App, taskManagerId: string, { endTime }: Run): void =>
  openLog(app, taskManagerId, endTime > 0 ? { at: endTime, what: 'moment' } : undefined);

export const describeTaskManager = (app: App, taskManagerId: string): void =>
  app.background(submit(app, `describe ${quoteWord(taskManagerId)}`));

/** Into the failure of the selected attempt. */
export function enterFailureOfAttempt(app: App): void {
  const { selected } = app.ui.lists.attempts;
  const row = attemptRows(app.frame()).find(({ key }) => key === selected);
  const place = nearest(app.ui.trail, 'subtask');
  if (row === undefined || place === undefined) nothingSelected(app, 'attempts');
  else if (row.failure === undefined) inform(app, 'Flink reports no failure of this attempt.');
  else enterSubject(app, { kind: 'exception', job: place.job, id: row.failure.id });
}
