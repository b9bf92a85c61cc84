import type { LogView, ViewLine } from '../../session/types.ts';
import { plain, width as cells } from '../../support/text-width.ts';
import type { App, DiskWish } from './app.ts';
import { firstAt } from '../../session/logs/first-at.ts';
import { sameLine } from '../state/line-place.ts';
import { keptAnchor, leastAnchor, logWindow, messageRoom, newest, stepLine } from '../rows/log-rows.ts';
import { messageOf } from '../state/log-text.ts';
import { linesRoom, logPods } from '../rows/log.ts';
import { innerHeight } from '../state/room.ts';
import { rowsOf } from '../state/table-rows.ts';
import { leastLevels, type LogState, type Sought, type TimelineKind } from '../state/ui.ts';
import { everyLine, fromItsEnd } from '../state/way-back.ts';
import { changeLines, changeLog, showLine } from './log-lines.ts';
import { onceLookedAt } from './looked-at.ts';
import { focusPanel, select, type Step } from './panels.ts';
import { focusOf, processIn } from '../state/trail.ts';

const isUp = (by: Step): by is number | 'first' | 'page-up' => by === 'first' || by === 'page-up' || (typeof by === 'number' && by < 0);

/** Moves the lowest visible line; at the newest one, the log is followed again. Beyond the first and the last line, the disk is read. */
export function scrollLog(app: App, by: Step): void {
  const { anchor, window } = app.ui.log;
  if (by === 'last') {
    app.stopReading();
    return changeLog(app, (log) => (window === undefined ? { ...log, anchor: undefined, sought: undefined } : { ...log, ...fromItsEnd }));
  }
  scrollHeld(app, by);
  if (by !== 'first' && app.ui.log.anchor !== anchor) return;
  if (isUp(by)) app.onDisk({ kind: 'older', by });
  else if (window !== undefined) app.onDisk({ kind: 'newer' });
}

/** Moves within the lines that are there. */
export function scrollHeld(app: App, by: Exclude<Step, 'last'>): void {
  const frame = app.frame();
  const { logView: view, look, layout } = frame;
  if (view === undefined || view.count === 0) return;
  const log = frame.ui.log;
  const end = newest(view);
  const at = Math.min(log.anchor ?? end, end);
  const height = linesRoom(frame);
  const width = (layout.panels.find(({ name }) => name === 'log')?.area.width ?? layout.size.columns) - 2;
  const window = () => logWindow({ view, state: { ...log, anchor: at }, width, height, source: undefined, look });
  let next: number;
  switch (by) {
    case 'first':
      next = leastAnchor(view, log, height);
      break;
    case 'page-up':
      next = Math.min(at - 1, stepLine(view, log, window().first + 2, -1));
      break;
    case 'page-down':
      next = stepLine(view, log, at, Math.max(1, window().lines - 1));
      break;
    default:
      next = stepLine(view, log, at, by);
  }
  changeLog(app, (state) => ({
    ...state,
    anchor: next >= end && log.window === undefined ? undefined : keptAnchor(view, state, height, next),
    sought: undefined,
  }));
}

/**
 * Shows the log of a pod, at a moment if one is given. Selects the pod in its table, so that both show the same pod; if the table does not
 * contain it, only the log does. Within a process the log of another one is not the selected one.
 */
export function lookAtLog(app: App, pod: string, sought?: Sought): void {
  const row = rowsOf(app.frame(), 'pods', app.ui.lists.pods).indexOf(pod);
  if (row >= 0) select(app, 'pods', row);
  const selected = row >= 0 && processIn(app.ui.trail) === undefined;
  changeLog(app, (log) => ({ ...log, ...everyLine, scope: selected ? 'selected' : [pod], sought }));
}

/** Goes to the next matching line, also on disk: from the last match, otherwise from the lowest visible line. */
export function findNext(app: App, turn: 'on' | 'back'): void {
  const { search, filter } = app.ui.log;
  // The filter's matches can be searched as well.
  if (search === undefined && filter !== undefined) changeLog(app, (log) => ({ ...log, search: filter, hit: undefined }));
  const asked = app.ui.log.search;
  const {
    hits,
    logView: view,
    ui: { log },
  } = app.frame();
  if (asked === undefined || hits === undefined || view === undefined) return;
  const up = (log.searching === 'up') === (turn === 'on');
  app.countOnDisk();
  onceLookedAt(app, hits, {
    // The newest lines are checked first.
    enough: () => up && placeAmong(hits, view, log, up) >= 0,
    wanted: () => app.ui.log.search === asked,
    act() {
      const next = placeAmong(hits, view, log, up);
      const over = next < 0 || next >= hits.count;
      const direction = up ? 'previous' : 'next';
      if (over && app.isMoreOnDisk(direction)) return app.onDisk({ kind: 'match', direction });
      const at = over ? (up ? hits.count - 1 : 0) : next;
      const line = hits.line(at);
      const number = line === undefined ? undefined : sameLine(view, line);
      if (number === undefined) return app.set({ result: { lines: [`No line matches ${asked.text}`], tone: 'warn' } });
      showLine(app, number, hits.dropped + at);
      if (over) app.set({ result: { lines: [wentOn(up, hits.count)], tone: 'info' } });
    },
  });
}

/** Past the last match, the search goes on at the other end. `count`: undefined if not all of them are counted. */
export function wentOn(up: boolean, count: number | undefined): string {
  if (count === 1) return 'This is the only match.';
  return up ? 'There is no earlier match: this is the newest one.' : 'There is no later match: this is the oldest one.';
}

/** Index of the next hit; out of range if there is none. */
function placeAmong(hits: LogView, view: LogView, { hit, found, anchor }: LogState, up: boolean): number {
  if (hit !== undefined) return hit - hits.dropped + (up ? -1 : 1);
  const from = view.line(Math.min(found ?? anchor ?? newest(view), newest(view)) - view.dropped);
  if (from === undefined) return -1;
  const same = found === undefined ? undefined : sameLine(hits, from);
  if (same !== undefined) return same - hits.dropped + (up ? -1 : 1);
  const after = firstAt(hits, from.at + 1);
  return up ? after - 1 : after;
}

/** The next or the previous error of any pod; from a followed log, the newest one. */
export function findError(app: App, direction: 'next' | 'previous'): void {
  const {
    errors,
    ui: { log },
  } = app;
  if (errors !== undefined)
    onceLookedAt(app, errors, { enough: () => false, wanted: () => app.ui.log === log, act: () => showError(app, errors, direction) });
}

function showError(app: App, errors: LogView, direction: 'next' | 'previous'): void {
  const {
    logView: view,
    ui: { log },
  } = app.frame();
  const stood = log.found ?? log.anchor;
  const from = stood === undefined || view === undefined ? undefined : view.line(stood - view.dropped);
  const at = from === undefined ? errors.count - 1 : placeOfError(errors, from, direction);
  const beyond = beyondMemory(app, errors, { at, from, direction });
  if (beyond !== undefined) return app.onDisk(beyond);
  const line = errors.line(at);
  if (line?.pod === undefined) {
    const sentence = errors.count === 0 ? 'No log has an error.' : `No ${direction === 'next' ? 'later' : 'earlier'} error in any log.`;
    return app.set({ result: { lines: [sentence], tone: 'info' } });
  }
  const here = view === undefined ? undefined : sameLine(view, line);
  if (here === undefined) lookAtLog(app, line.pod);
  if (focusOf(app.ui.trail) !== 'log') focusPanel(app, 'log');
  const shown = app.frame().logView;
  const number = here ?? (shown === undefined ? undefined : sameLine(shown, line));
  if (number !== undefined) showLine(app, number, undefined);
  app.set({ result: { lines: [`Error ${at + 1} of ${errors.count}`], tone: 'info' } });
}

/** The error to look for on disk; undefined: it is in memory. */
function beyondMemory(
  app: App,
  errors: LogView,
  { at, from, direction }: { readonly at: number; readonly from: ViewLine | undefined; readonly direction: 'next' | 'previous' },
): DiskWish | undefined {
  // Between the errors of a part of the logs on disk and those in memory, others may be.
  if (app.ui.log.window !== undefined && from !== undefined) return { kind: 'error', from: from.at, direction };
  if (at >= 0 || (direction === 'next' && from !== undefined) || !app.isMoreOnDisk('previous')) return undefined;
  return { kind: 'error', from: Math.min(errors.line(0)?.at ?? Infinity, from?.at ?? Infinity), direction: 'previous' };
}

function placeOfError(errors: LogView, from: ViewLine, direction: 'next' | 'previous'): number {
  const here = sameLine(errors, from);
  if (here !== undefined) return here - errors.dropped + (direction === 'next' ? 1 : -1);
  return direction === 'next' ? firstAt(errors, from.at) : firstAt(errors, from.at) - 1;
}

/** Scrolls long lines sideways by half a screen, up to the end of the longest visible one. */
export function moveSideways(app: App, direction: 1 | -1): void {
  const frame = app.frame();
  const {
    logView: view,
    layout,
    look,
    ui: { log },
  } = frame;
  if (log.wrap || view === undefined) return;
  const width = (layout.panels.find(({ name }) => name === 'log')?.area.width ?? layout.size.columns) - 2;
  const room = messageRoom(log, width, logPods(frame)?.length !== 1);
  const { first, last } = logWindow({ view, state: log, width, height: Math.max(1, innerHeight(frame, 'log')), source: undefined, look });
  const reader = log.raw ? undefined : view.reader;
  let longest = 0;
  for (let number = first; number <= last; number += 1) {
    const line = view.line(number - view.dropped);
    if (line !== undefined) longest = Math.max(longest, cells(plain(messageOf(line, reader))));
  }
  const step = direction * Math.max(1, Math.floor(room / 2));
  changeLog(app, (state) => ({
    ...state,
    shift: Math.max(0, Math.min(state.shift + step, Math.max(state.shift + Math.min(0, step), longest - room))),
  }));
}

/** Shows or hides entries of the timeline. */
export function toggleTimeline(app: App, kinds: readonly TimelineKind[]): void {
  const on = !kinds.some((kind) => app.ui.log.timeline[kind]);
  changeLines(app, (log) => ({ ...log, timeline: { ...log.timeline, ...Object.fromEntries(kinds.map((kind) => [kind, on])) } }));
}

/** From all lines to those of ever higher levels, and back to all. */
export function nextLevel(app: App): void {
  changeLines(app, (log) => ({ ...log, level: leastLevels[log.level === undefined ? 0 : leastLevels.indexOf(log.level) + 1] }));
}
