import { quoteWord } from '../../commands/line/line-parser.ts';
import type { FailureFacts } from '../../inside/exceptions/failures.ts';
import { failureHere } from '../state/inspected.ts';
import { standingIn, withPlace } from '../state/trail.ts';
import type { App } from './app.ts';
import { submit } from './command-line.ts';
import { showLogOfFailure } from './failure.ts';
import { nothingSelected } from './panels.ts';
import { enterSubject } from './place.ts';

function aboutFailure(app: App, act: (failure: FailureFacts, job: string) => void): void {
  const failure = failureHere(app.frame());
  const place = standingIn(app.ui.trail);
  if (failure === undefined || !('job' in place)) nothingSelected(app, 'exceptions');
  else act(failure, place.job);
}

/** Into the selected failure. */
export const enterException = (app: App): void => aboutFailure(app, ({ id }, job) => enterSubject(app, { kind: 'exception', job, id }));

/** The log of the TaskManager at the moment of the failure. */
export const showExceptionLog = (app: App): void =>
  aboutFailure(app, ({ at, where }) => showLogOfFailure(app, { at, taskManagerId: where?.taskManagerId }));

/** What the threads of the TaskManager do now. */
export const showExceptionThreads = (app: App): void =>
  aboutFailure(app, ({ where }) => {
    const pod = where?.taskManagerId;
    if (pod === undefined) app.set({ result: { lines: ['The failure names no TaskManager.'], tone: 'info' } });
    else app.background(submit(app, `threads ${quoteWord(pod)}`));
  });

/** Lists the frames of Flink and the JDK, or counts them. */
export const toggleFold = (app: App): void =>
  app.update((ui) => ({ ...ui, trail: withPlace(ui.trail, 'exception', (place) => ({ ...place, folded: !place.folded })) }));
