import type { App } from './app.ts';
import { editOf, edits } from '../state/line-text.ts';
import type { ActionId } from '../state/keys.ts';
import type { PanelName } from '../state/layout.ts';
import { detachQuestion } from '../state/question.ts';
import { timelineKinds } from '../state/ui.ts';
import { fromItsEnd } from '../state/way-back.ts';
import {
  clearLine,
  completeLine,
  editCommand,
  enterLine,
  leaveCommandLine,
  moveOrAccept,
  propose,
  recall,
  runLine,
  search,
  submit,
} from './command-line.ts';
import { acceptDialog, cancelDialog, editPhrase, moveChoice } from './dialog.ts';
import { openCardLine, showCardLog, stepIncident } from './incident.ts';
import { copyCard, copyJobId, copyLogLines, copyPodName, copyResult, copyTimelineEntry, copyText } from './copy.ts';
import { explainWorst, openLog, showFailure, showLogHere, showMoment, showTextLog } from './failure.ts';
import { findRow } from './find-row.ts';
import { findError, findNext, moveSideways, nextLevel, scrollLog, toggleTimeline } from './log.ts';
import { toggleRun } from './log-runs.ts';
import { changeLines, changeLog } from './log-lines.ts';
import { nextStamps, toggleZone } from './log-time.ts';
import { nextContainer } from './container.ts';
import { goToMark, toggleLogMark } from './log-marks.ts';
import { closeText, focusPanel, goBack, moveFocus, moveSelection, openKeys, scrollText, toggleMark, type Step } from './panels.ts';
import { enterCheckpoint, lookIntoOperator, showCheckpointLog } from './inside-checkpoint.ts';
import { enterException, enterFailedVertex, showExceptionLog, showExceptionThreads, toggleFold } from './inside-failure.ts';
import { enterJob, lookAtView, stepPlace } from './place.ts';
import { enterFlame, flameActions } from './flame.ts';
import { moveInGraph, zoomGraph } from './graph.ts';
import { acceptPrompt, cancelPrompt, editPrompt, openPrompt, switchPrompt } from './prompt.ts';
import { proposeDelete, proposeForJob, runOnSelected, selectedOf, showOperation } from './on-selected.ts';
import { reverseSort, stepSort } from './sort.ts';
import { enterTemplates, showLinesOfTemplate } from './templates.ts';
import { findInText } from './text.ts';
import { openJobSetting } from './inside-job.ts';
import {
  enterJobOfSlot,
  enterProcess,
  enterProcessOf,
  openFile,
  openMovement,
  openSetting,
  takeDump,
  openStack,
  proposeToSave,
  saveText,
  showLogOfSlot,
} from './inside-process.ts';
import { rulesOf } from '../state/places.ts';
import { here, nearest, zoom } from '../state/trail.ts';
import { askUser } from './ask.ts';
import { describeTaskManager, enterAcknowledging, enterFailureOfAttempt, enterSubtask, onTaskManagerOf, showRunLog } from './subtask.ts';
import { enterTop, enterVertex, onTaskManager, showLogsOfVertex, toggleBySubtask } from './vertex.ts';

/** Performs the action of a key. */
export function perform(app: App, id: ActionId): void {
  const edit = editOf(id);
  if (edit !== undefined) return performEdit(app, edit);
  actions[id as Performed](app);
}

function performEdit(app: App, edit: keyof typeof edits): void {
  switch (app.ui.overlay.kind) {
    case 'dialog':
      return editPhrase(app, edits[edit]);
    case 'prompt':
      return editPrompt(app, edits[edit]);
    case 'keys':
    case 'none':
      return moveOrAccept(app, edit);
  }
}

/** Scrolls the main content of the place from the command line: its log or its text. */
function scrollMain(app: App, by: Step): void {
  if (rulesOf(here(app.ui.trail)).main === 'log') scrollLog(app, by);
  else scrollText(app, by);
}

/** The graph has all vertices at all times: a filter there is one of their table. */
const filteredFrom = (panel: PanelName): PanelName => (panel === 'graph' ? 'vertices' : panel);

const toggleLog = (app: App, key: 'wrap' | 'folded'): void => changeLog(app, (log) => ({ ...log, [key]: !log[key], shift: 0 }));

/** The job whose inside is on the screen. */
const jobHere = (app: App): string | undefined => nearest(app.ui.trail, 'job')?.job;

function interrupt(app: App): void {
  const { overlay, command } = app.ui;
  if (overlay.kind === 'dialog') return cancelDialog(app);
  if (overlay.kind === 'prompt') return cancelPrompt(app);
  if (command.search !== undefined || command.line.text !== '') return clearLine(app);
  app.end('quit');
}

/** Without the actions performed elsewhere: edits of a field, and those of the picker. */
type Performed = Exclude<ActionId, `edit.${string}` | `picker.${string}`>;

const actions: Readonly<Record<Performed, (app: App) => void>> = {
  'everywhere.interrupt': interrupt,
  'everywhere.suspend': (app) => app.options.terminal.suspend(),
  'everywhere.repaint': (app) => app.options.redraw.all(),

  'command.run': (app) => app.background(runLine(app)),
  'command.complete': (app) => app.background(app.typeAhead.during(completeLine(app, 1))),
  'command.complete-back': (app) => app.background(app.typeAhead.during(completeLine(app, -1))),
  'command.older': (app) => recall(app, 1),
  'command.newer': (app) => recall(app, -1),
  'command.search': search,
  'command.end': (app) =>
    app.ui.command.line.text === '' && app.ui.command.search === undefined ? app.end('quit') : editCommand(app, edits['delete-right']),
  'command.page-up': (app) => scrollMain(app, 'page-up'),
  'command.page-down': (app) => scrollMain(app, 'page-down'),
  'command.leave': leaveCommandLine,

  'prompt.accept': acceptPrompt,
  'prompt.cancel': cancelPrompt,
  'prompt.switch': switchPrompt,

  'dialog.accept': acceptDialog,
  'dialog.next': (app) => moveChoice(app, 1),
  'dialog.previous': (app) => moveChoice(app, -1),
  'dialog.cancel': cancelDialog,
  'decline.cancel': cancelDialog,
  'agree.accept': acceptDialog,

  'pods.enter': enterProcess,
  'pods.open': (app) => runOnSelected(app, 'describe', 'pods'),
  'pods.why': (app) => runOnSelected(app, 'why', 'pods'),
  'pods.yaml': (app) => runOnSelected(app, 'yaml', 'pods'),
  'pods.delete': proposeDelete,
  'pods.shell': (app) => runOnSelected(app, 'exec', 'pods'),
  'pods.copy': copyPodName,
  'pods.logs': (app) => {
    changeLog(app, (log) => ({ ...log, ...fromItsEnd, scope: 'selected' }));
    focusPanel(app, 'log');
  },
  'jobs.enter': enterJob,
  'jobs.open': (app) => runOnSelected(app, 'describe', 'jobs'),
  'jobs.why': (app) => runOnSelected(app, 'why', 'jobs'),
  'jobs.logs': (app) => showFailure(app, selectedOf(app, 'jobs')),
  'jobs.mark': (app) => toggleMark(app, 'jobs'),
  'jobs.cancel': (app) => proposeForJob(app, 'cancel'),
  'jobs.savepoint': (app) => proposeForJob(app, 'savepoint'),
  'jobs.stop': (app) => proposeForJob(app, 'stop-job'),
  'jobs.copy': copyJobId,
  'vertices.logs': (app) => showLogsOfVertex(app, 'vertices'),
  'incident.open': openCardLine,
  'incident.log': showCardLog,
  'incident.next': (app) => stepIncident(app, 1),
  'incident.previous': (app) => stepIncident(app, -1),
  'incident.copy': copyCard,
  'vertices.why': (app) => app.background(submit(app, `why ${jobHere(app) ?? ''}`)),
  'operations.open': showOperation,
  'operations.copy': copyResult,

  'timeline.open': showMoment,
  'timeline.copy': copyTimelineEntry,

  'list.down': (app) => moveSelection(app, 1),
  'list.up': (app) => moveSelection(app, -1),
  'list.page-down': (app) => moveSelection(app, 'page-down'),
  'list.page-up': (app) => moveSelection(app, 'page-up'),
  'list.first': (app) => moveSelection(app, 'first'),
  'list.last': (app) => moveSelection(app, 'last'),
  'list.search': (app) => openPrompt(app, 'search', here(app.ui.trail).panel),
  'list.next': (app) => findRow(app, 'on'),
  'list.previous': (app) => findRow(app, 'back'),
  'list.sort': (app) => stepSort(app, 1),
  'list.sort-back': (app) => stepSort(app, -1),
  'list.reverse': reverseSort,

  'log.down': (app) => scrollLog(app, 1),
  'log.up': (app) => scrollLog(app, -1),
  'log.page-down': (app) => scrollLog(app, 'page-down'),
  'log.page-up': (app) => scrollLog(app, 'page-up'),
  'log.first': (app) => scrollLog(app, 'first'),
  'log.follow': (app) => scrollLog(app, 'last'),
  'log.left': (app) => moveSideways(app, -1),
  'log.right': (app) => moveSideways(app, 1),
  'log.all': (app) => changeLines(app, (log) => ({ ...log, scope: log.scope === 'all' ? 'selected' : 'all' })),
  'log.container': nextContainer,
  'log.search': (app) => openPrompt(app, 'search', 'log'),
  'log.next': (app) => findNext(app, 'on'),
  'log.previous': (app) => findNext(app, 'back'),
  'log.error': (app) => findError(app, 'next'),
  'log.error-back': (app) => findError(app, 'previous'),
  'log.level': nextLevel,
  'log.wrap': (app) => toggleLog(app, 'wrap'),
  'log.stamps': nextStamps,
  'log.zone': toggleZone,
  'log.go-to': (app) => propose(app, 'goto '),
  'log.fold': (app) => toggleLog(app, 'folded'),
  'log.unfold': toggleRun,
  // A filter applies to the displayed text: raw lines may match differently.
  'log.raw': (app) => changeLines(app, (log) => ({ ...log, raw: !log.raw, shift: 0 })),
  'log.timeline': (app) => toggleTimeline(app, timelineKinds),
  'log.k8s': (app) => toggleTimeline(app, ['k8s']),
  'log.flink': (app) => toggleTimeline(app, ['flink']),
  'log.drey': (app) => toggleTimeline(app, ['drey']),
  'log.templates': enterTemplates,
  'log.mark': toggleLogMark,
  'log.next-mark': (app) => goToMark(app, 'next'),
  'log.previous-mark': (app) => goToMark(app, 'previous'),
  'log.copy': copyLogLines,
  'log.save': (app) => propose(app, 'save '),
  'log.pager': (app) => app.background(submit(app, 'open pager')),
  'log.editor': (app) => app.background(submit(app, 'open editor')),

  'text.down': (app) => scrollText(app, 1),
  'text.up': (app) => scrollText(app, -1),
  'text.page-down': (app) => scrollText(app, 'page-down'),
  'text.page-up': (app) => scrollText(app, 'page-up'),
  'text.first': (app) => scrollText(app, 'first'),
  'text.last': (app) => scrollText(app, 'last'),
  'text.search': (app) => openPrompt(app, 'search', 'text'),
  'text.next': (app) => findInText(app, 'on'),
  'text.previous': (app) => findInText(app, 'back'),
  'text.log': showTextLog,
  'text.copy': copyText,
  'text.save': saveText,
  'text.close': closeText,

  'checkpoints.enter': enterCheckpoint,
  'checkpoints.logs': showCheckpointLog,
  'acknowledgements.enter': enterAcknowledging,
  'operators.enter': lookIntoOperator,
  'exceptions.enter': enterException,
  'exceptions.logs': showExceptionLog,
  'exceptions.vertex': enterFailedVertex,
  'exceptions.threads': showExceptionThreads,
  'stack.fold': toggleFold,
  'stack.logs': showExceptionLog,
  'stack.vertex': enterFailedVertex,
  'stack.threads': showExceptionThreads,
  'graph.enter': (app) => enterVertex(app, 'vertices'),
  'graph.logs': (app) => showLogsOfVertex(app, 'vertices'),
  'graph.top': enterTop,
  'graph.left': (app) => moveInGraph(app, 'left'),
  'graph.right': (app) => moveInGraph(app, 'right'),
  'graph.up': (app) => moveInGraph(app, 'up'),
  'graph.down': (app) => moveInGraph(app, 'down'),
  'graph.in': (app) => zoomGraph(app, 1),
  'graph.out': (app) => zoomGraph(app, -1),
  'vertices.enter': (app) => enterVertex(app, 'vertices'),
  'vertices.top': enterTop,
  'subtasks.enter': (app) => enterSubtask(app, 'subtasks'),
  'subtasks.describe': (app) => onTaskManagerOf(app, 'subtasks', describeTaskManager),
  'subtasks.log': (app) => onTaskManagerOf(app, 'subtasks', showRunLog),
  'watermarks.enter': (app) => enterSubtask(app, 'watermarks'),
  'watermarks.log': (app) => onTaskManagerOf(app, 'watermarks', showRunLog),
  'attempts.enter': (app) => onTaskManagerOf(app, 'attempts', enterProcessOf),
  'attempts.failure': enterFailureOfAttempt,
  'attempts.describe': (app) => onTaskManagerOf(app, 'attempts', describeTaskManager),
  'attempts.log': (app) => onTaskManagerOf(app, 'attempts', showRunLog),
  'subtask-figures.enter': (app) => onTaskManagerOf(app, 'subtask-figures', enterProcessOf),
  'subtask-figures.log': (app) => onTaskManagerOf(app, 'subtask-figures', showRunLog),
  'vertex-taskmanagers.enter': (app) => onTaskManager(app, enterProcessOf),
  'vertex-taskmanagers.describe': (app) => onTaskManager(app, describeTaskManager),
  'vertex-taskmanagers.log': (app) => onTaskManager(app, (at, pod) => openLog(at, pod, undefined)),
  'metrics.by-subtask': toggleBySubtask,
  'chart.by-subtask': toggleBySubtask,
  'top.enter': (app) => enterVertex(app, 'top'),
  'top.logs': (app) => showLogsOfVertex(app, 'top'),
  'slots.enter': enterJobOfSlot,
  'slots.log': showLogOfSlot,
  'threads.open': openStack,
  'threads.again': takeDump,
  'movements.open': openMovement,
  'movements.again': takeDump,
  'files.open': openFile,
  'files.save': proposeToSave,
  'templates.enter': showLinesOfTemplate,
  'settings.open': openSetting,
  'job-settings.open': openJobSetting,
  ...flameActions,
  'flame.search': (app) => openPrompt(app, 'search', 'flame'),

  'place.previous': (app) => stepPlace(app, -1),
  'place.next': (app) => stepPlace(app, 1),
  'place.log': showLogHere,
  'place.flame': enterFlame,
  'place.view-1': (app) => lookAtView(app, 0),
  'place.view-2': (app) => lookAtView(app, 1),
  'place.view-3': (app) => lookAtView(app, 2),
  'place.view-4': (app) => lookAtView(app, 3),
  'place.view-5': (app) => lookAtView(app, 4),
  'place.view-6': (app) => lookAtView(app, 5),
  'place.view-7': (app) => lookAtView(app, 6),
  'place.view-8': (app) => lookAtView(app, 7),
  'place.view-9': (app) => lookAtView(app, 8),

  'panel.filter': (app) => openPrompt(app, 'filter', filteredFrom(here(app.ui.trail).panel)),
  'panel.why': explainWorst,
  'panel.next': (app) => moveFocus(app, 1),
  'panel.previous': (app) => moveFocus(app, -1),
  'panel.command': (app) => enterLine(app, 'once'),
  'panel.type': (app) => enterLine(app, 'on'),
  'panel.keys': openKeys,
  'panel.zoom': (app) => app.update((ui) => ({ ...ui, trail: zoom(ui.trail, !here(ui.trail).zoomed) })),
  'panel.rewind': (app) => app.background(submit(app, 'rewind')),
  'panel.forward': (app) => app.background(submit(app, 'forward')),
  'panel.play': (app) => app.background(submit(app, app.options.store.get().playing === undefined ? 'play' : 'pause')),
  'panel.retry': (app) => {
    app.attached?.feeds.refresh();
    app.set({ result: { lines: ['Refreshing everything now.'], tone: 'info' } });
  },
  'panel.back': (app) => {
    if (!goBack(app)) app.set({ result: { lines: ['There is nothing to go back from: q detaches, : types a command.'], tone: 'info' } });
  },
  'panel.leave': (app) => {
    if (!goBack(app)) askUser(app, detachQuestion(app.options.store.get().target.clusterId, app.options.store.get().setLevels));
  },
  'panel.pods': (app) => focusPanel(app, 'pods'),
  'panel.jobs': (app) => focusPanel(app, 'jobs'),
  'panel.operations': (app) => focusPanel(app, 'operations'),
  'panel.timeline': (app) => focusPanel(app, 'timeline'),
  'panel.log': (app) => focusPanel(app, 'log'),
};
