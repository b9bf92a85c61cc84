import type { App } from './app.ts';
import { submit } from './command-line.ts';
import { keepsLog, newestOf } from '../state/log-moment.ts';
import { timelineId } from '../state/table-sources.ts';
import { taskManagerHere } from '../state/subtask-rows.ts';
import type { Sought } from '../state/ui.ts';
import { lookAtLog } from './log.ts';
import { changeLog } from './log-lines.ts';
import { everyLine, fromItsEnd } from '../state/way-back.ts';
import { enterPanels, focusPanel, nothingSelected } from './panels.ts';
import { focusOf, here, processIn, textOf } from '../state/trail.ts';

/** `!`: the card of everything that is wrong, with the worst problem selected. */
export function explainWorst(app: App): void {
  if (focusOf(app.ui.trail) === 'command') enterPanels(app);
  app.background(submit(app, 'why'));
}

/**
 * The log of the TaskManager on which the job last failed, at that moment; if none is named, that of the JobManager; for a job that never
 * failed, those of its TaskManagers.
 */
export function showFailure(app: App, jobId: string | undefined): void {
  const session = app.options.store.get();
  const job = session.jobs.find(({ id }) => id === jobId);
  if (job === undefined) return nothingSelected(app, 'jobs');
  const failure = newestOf(job.exceptions);
  if (failure === undefined) return app.background(submit(app, `logs ${job.id}`));
  showLogOfFailure(app, failure);
}

/** The log of a TaskManager at the moment of a failure, even if its pod is gone; if none is named, that of the JobManager. */
export function showLogOfFailure(
  app: App,
  { at, taskManagerId }: { readonly at: number; readonly taskManagerId: string | undefined },
): void {
  const session = app.options.store.get();
  if (taskManagerId !== undefined && keepsLog(session, taskManagerId)) return openLog(app, taskManagerId, { at, what: 'failure' });
  const why = taskManagerId === undefined ? 'The failure names no TaskManager' : `The log of ${taskManagerId} is not here any more`;
  if (session.leader === undefined) return app.set({ result: { lines: [`${why}, and no JobManager leads.`], tone: 'warn' } });
  openLog(app, session.leader, { at, what: 'failure' });
  app.set({ result: { lines: [`${why}: this is what the JobManager wrote at that moment.`], tone: 'info' } });
}

/** Goes to the log of a pod, at a moment if one is given. */
export function openLog(app: App, pod: string, sought: Sought | undefined): void {
  lookAtLog(app, pod, sought);
  focusPanel(app, 'log');
}

/** Enter in the Timeline: the log at that moment, of the pod that the entry is about, otherwise of all. */
export function showMoment(app: App): void {
  const { selected } = app.ui.lists.timeline;
  const session = app.options.store.get();
  const line = session.timeline.findLast((each) => timelineId(each) === selected);
  if (line === undefined) return nothingSelected(app, 'timeline');
  const sought = { at: line.at, what: 'moment' } as const;
  if (line.subject !== undefined && keepsLog(session, line.subject)) return openLog(app, line.subject, sought);
  changeLog(app, (log) => ({ ...log, ...everyLine, scope: 'all', sought }));
  focusPanel(app, 'log');
}

/** `l` in a place within: the log of the process that one looks at, followed from its end; in other places the log as it is. */
export function showLogHere(app: App): void {
  const taskManager = taskManagerHere(app.frame());
  if (taskManager !== undefined) return openLog(app, taskManager, undefined);
  if (processIn(app.ui.trail) !== undefined) changeLog(app, (log) => ({ ...log, ...fromItsEnd, scope: 'selected' }));
  focusPanel(app, 'log');
}

/** `l` in a text: the log of the job or pod that it is about, or of the process whose file it is. */
export function showTextLog(app: App): void {
  if (here(app.ui.trail).kind === 'log-file') return showLogHere(app);
  const about = textOf(app.ui.trail)?.about;
  if (about === undefined) return app.set({ result: { lines: ['This text is not about a job or a pod.'], tone: 'info' } });
  if (about.kind === 'job') showFailure(app, about.id);
  else openLog(app, about.name, undefined);
}
