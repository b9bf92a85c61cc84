import { quoteWord } from '../../commands/line/line-parser.ts';
import { isRunning } from '../../commands/model/find-subject.ts';
import type { App } from './app.ts';
import { propose, submit } from './command-line.ts';
import { nothingSelected } from './panels.ts';

export const selectedOf = (app: App, view: 'pods' | 'jobs' | 'operations'): string | undefined => app.ui.lists[view].selected;

/** Runs a command on the selected row. */
export function runOnSelected(app: App, command: 'describe' | 'exec' | 'why' | 'yaml', view: 'pods' | 'jobs'): void {
  const subject = selectedOf(app, view);
  if (subject === undefined) nothingSelected(app, view);
  else app.background(submit(app, `${command} ${quoteWord(subject)}`));
}

/** Only puts the command on the command line, for the marked jobs that run, otherwise for the selected one; Enter runs it. */
export function proposeForJob(app: App, command: 'cancel' | 'savepoint' | 'stop-job'): void {
  const { marked } = app.ui.lists.jobs;
  const { jobs } = app.options.store.get();
  const meant = marked.filter((id) => jobs.some((job) => job.id === id && isRunning(job)));
  const selected = selectedOf(app, 'jobs');
  if (marked.length > 0 && meant.length === 0) app.set({ result: { lines: ['None of the marked jobs is running.'], tone: 'warn' } });
  else if (meant.length > 0) propose(app, `${command} ${meant.join(' ')}`);
  else if (selected === undefined) nothingSelected(app, 'jobs');
  else propose(app, `${command} ${selected}`);
}

/** The same for the selected pod. */
export function proposeDelete(app: App): void {
  const selected = selectedOf(app, 'pods');
  if (selected === undefined) nothingSelected(app, 'pods');
  else propose(app, `delete ${selected}`);
}

/** All of the result of the selected operation. */
export function showOperation(app: App): void {
  const operation = app.options.store.get().operations.find(({ id }) => id === selectedOf(app, 'operations'));
  if (operation === undefined) return nothingSelected(app, 'operations');
  const lines = [
    operation.title,
    ...(operation.progress === undefined ? [] : [operation.progress]),
    ...(operation.result === undefined ? [] : operation.result.split('\n')),
  ];
  app.set({ result: { lines, tone: operation.state === 'failed' ? 'error' : 'info' } });
}
