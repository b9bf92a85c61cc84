import { quoteWord } from '../../commands/line/line-parser.ts';
import { threadKey } from '../../inside/threads/compare.ts';
import { groupLines, stackLines } from '../../commands/procedures/thread-lines.ts';
import type { LogFileSubject } from '../../session/inspections/log-file.ts';
import type { SlotRow } from '../../session/tables/process.ts';
import { processFacts } from '../state/process-facts.ts';
import { podOf, processOfPod, processSubject } from '../state/places/process.ts';
import { tableRows } from '../state/table-rows.ts';
import { here, processIn } from '../state/trail.ts';
import type { App } from './app.ts';
import { propose } from './command-line.ts';
import { showFailure } from './failure.ts';
import { focusPanel, nothingSelected, openText } from './panels.ts';
import { enterSubject } from './place.ts';

const warn = (app: App, sentence: string): void => app.set({ result: { lines: [sentence], tone: 'warn' } });

/** Enter on a pod. */
export function enterProcess(app: App): void {
  const name = app.ui.lists.pods.selected;
  if (name === undefined) nothingSelected(app, 'pods');
  else enterProcessOf(app, name);
}

/** Goes into the process of a pod. */
export function enterProcessOf(app: App, name: string): void {
  const { session } = app.frame();
  const pod = session.pods.get(name);
  if (pod === undefined) return warn(app, 'This pod is gone, and so is its process: d describes it, l leads to its log.');
  const process = processOfPod(pod, session);
  if (process === undefined)
    return warn(app, `${pod.shortName} does not lead, and only the leading JobManager answers for itself: d describes it.`);
  enterSubject(app, processSubject(process));
}

function selectedSlot(app: App): SlotRow | undefined {
  const { slots } = app.ui.lists;
  return tableRows(app.frame(), 'slots', slots).shown.find((each) => String(each.number) === slots.selected);
}

/** Enter on a slot. */
export function enterJobOfSlot(app: App): void {
  const row = selectedSlot(app);
  if (row === undefined) nothingSelected(app, 'slots');
  else enterSubject(app, { kind: 'job', job: row.jobId });
}

/** `l` on a slot: where its job failed last, otherwise the logs of its TaskManagers. */
export function showLogOfSlot(app: App): void {
  const row = selectedSlot(app);
  if (row === undefined) nothingSelected(app, 'slots');
  else showFailure(app, row.jobId);
}

/** Enter on threads that share a stack. */
export function openStack(app: App): void {
  const frame = app.frame();
  const { threads } = app.ui.lists;
  const row = tableRows(frame, 'threads', threads).shown.find(({ id }) => id === threads.selected);
  if (row === undefined) return nothingSelected(app, 'threads');
  openText(app, `${row.group.threads.length} × ${row.group.state}`, groupLines(row.group).slice(1), { asOf: app.options.clock.now() });
}

/** Shows what moved since the dump that is on the screen. */
export function takeDump(app: App): void {
  app.attached?.feeds.refresh();
  focusPanel(app, 'movements');
  app.set({ result: { lines: ['Taking another dump of the threads.'], tone: 'info' } });
}

/** Enter on a thread of two dumps. */
export function openMovement(app: App): void {
  const { movements } = app.ui.lists;
  const row = tableRows(app.frame(), 'movements', movements).shown.find(({ thread }) => threadKey(thread) === movements.selected);
  if (row === undefined) return nothingSelected(app, 'movements');
  const lines = row.kind === 'moved' ? [...stackLines(row.thread), '', 'Before:', ...stackLines(row.before)] : stackLines(row.thread);
  openText(app, row.thread.name, lines, { asOf: app.options.clock.now() });
}

/** Enter on a key of the configuration. */
export function openSetting(app: App): void {
  const frame = app.frame();
  const { settings } = app.ui.lists;
  const row = tableRows(frame, 'settings', settings).shown.find(({ key }) => key === settings.selected);
  if (row === undefined) return nothingSelected(app, 'settings');
  const summary = processFacts(frame, 'settings')?.rows.find(({ key }) => key === row.key)?.summary;
  openText(app, row.key, [...(summary === undefined ? [] : [`${summary}.`, '']), ...row.value.split('\n')]);
}

/** The log file that is read, otherwise the one that is selected. Files go with their process. */
function fileHere(app: App): LogFileSubject | undefined {
  const { session, ui } = app.frame();
  const place = here(ui.trail);
  const process = processIn(ui.trail);
  const name = place.kind === 'log-file' ? place.name : ui.lists.files.selected;
  if (process !== undefined && podOf(process, session) === undefined) {
    const whose = process.kind === 'taskmanager' ? process.id : 'The JobManager';
    warn(app, `${whose} is gone, and its files with it: l leads to what was read of its log.`);
  } else if (process === undefined || name === undefined) nothingSelected(app, 'files');
  else return { kind: 'log-file', process, name };
  return undefined;
}

/** Enter on a log file. */
export function openFile(app: App): void {
  const file = fileHere(app);
  if (file !== undefined) enterSubject(app, file);
}

/** Only puts the command on the command line; Enter runs it. */
export function proposeToSave(app: App): void {
  const file = fileHere(app);
  const pod = file === undefined ? undefined : podOf(file.process, app.frame().session);
  if (file !== undefined && pod !== undefined)
    propose(app, `logfiles ${[pod.name, file.name, '--save', file.name].map(quoteWord).join(' ')}`);
}

/** `S` in a text: only a log file can be had as a file. */
export function saveText(app: App): void {
  if (here(app.ui.trail).kind === 'log-file') proposeToSave(app);
  else app.set({ result: { lines: ['Only a log file can be saved. y copies a text.'], tone: 'info' } });
}
