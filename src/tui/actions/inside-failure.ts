import { quoteWord } from '../../commands/line/line-parser.ts';
import type { FailureFacts } from '../../inside/exceptions/failures.ts';
import type { TaskName } from '../../inside/exceptions/task-name.ts';
import { readFilter } from '../state/filter.ts';
import { exceptionsHere, failureHere } from '../state/inspected.ts';
import { shortNameOf } from '../state/brief-names.ts';
import { standingIn, withPlace } from '../state/trail.ts';
import type { App } from './app.ts';
import { submit } from './command-line.ts';
import { showFailure, showLogOfFailure } from './failure.ts';
import { nothingSelected, setFilter } from './panels.ts';
import { enterSubject } from './place.ts';

function aboutFailure(app: App, act: (failure: FailureFacts, job: string) => void): void {
  const failure = failureHere(app.frame());
  const place = standingIn(app.ui.trail);
  if (failure === undefined || !('job' in place)) nothingSelected(app, 'exceptions');
  else act(failure, place.job);
}

/** Into the selected failure. */
export const enterException = (app: App): void => aboutFailure(app, ({ id }, job) => enterSubject(app, { kind: 'exception', job, id }));

/** The log of the TaskManager at the moment of the failure. Until the failures are read, of the newest one that the session knows. */
export function showExceptionLog(app: App): void {
  const place = standingIn(app.ui.trail);
  const frame = app.frame();
  if (place.kind === 'job' && exceptionsHere(frame)?.facts === undefined) return showFailure(app, place.job);
  aboutFailure(app, ({ at, where }) => showLogOfFailure(app, { at, taskManagerId: where?.taskManagerId }));
}

/** Into the vertex that failed. */
export const enterFailedVertex = (app: App): void =>
  aboutFailure(app, ({ where }, job) => {
    const name = where?.task?.vertex;
    if (name === undefined) app.set({ result: { lines: ['The failure names no vertex.'], tone: 'info' } });
    else app.background(submit(app, `vertex ${job} ${quoteWord(name)}`));
  });

/** What the thread of the subtask does now, among all threads of its TaskManager. */
export const showExceptionThreads = (app: App): void =>
  aboutFailure(app, ({ where }) => {
    const pod = where?.taskManagerId;
    const { session } = app.frame();
    if (pod === undefined) return app.set({ result: { lines: ['The failure names no TaskManager.'], tone: 'info' } });
    if (!session.pods.has(pod)) {
      const sentence = `${shortNameOf(session, pod)} is gone, and its threads with it. Its log is kept: l leads to the moment of the failure.`;
      return app.set({ result: { lines: [sentence], tone: 'info' } });
    }
    enterSubject(app, { kind: 'process', process: { kind: 'taskmanager', id: pod }, part: 'threads' });
    const reading = where?.task === undefined ? undefined : readFilter(threadPattern(where.task));
    if (reading?.kind === 'filter') setFilter(app, 'threads', reading.filter);
  });

/** Matches the name of the thread in which a subtask runs, whatever its attempt: `map -> sink (2/4)#1`. Source: `Task`, Flink 2.3. */
const threadPattern = ({ vertex, subtask, parallelism }: TaskName): string =>
  `${vertex} (${subtask + 1}/${parallelism})`.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** Lists the frames of Flink and the JDK, or counts them. */
export const toggleFold = (app: App): void =>
  app.update((ui) => ({ ...ui, trail: withPlace(ui.trail, 'exception', (place) => ({ ...place, folded: !place.folded })) }));
