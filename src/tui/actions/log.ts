import { setImmediate as nextTurn } from 'node:timers/promises';
import { plain } from '../../support/text-width.ts';
import type { LogView, ViewLine } from '../../session/types.ts';
import type { App } from '../app.ts';
import { firstAt, sameLine } from '../log-place.ts';
import { logWindow, newest, stepLine } from '../log-rows.ts';
import { innerHeight } from '../room.ts';
import type { LogState, StoryKind } from '../ui.ts';
import type { Step } from './panels.ts';

export const changeLog = (app: App, change: (log: LogState) => LogState): void => app.update((ui) => ({ ...ui, log: change(ui.log) }));

/** Moves the lowest line that is seen; at the newest one the log is followed again. */
export function scrollLog(app: App, by: Step): void {
  const frame = app.frame();
  const { logView: view, look, layout } = frame;
  if (view === undefined || view.count === 0) return;
  const log = frame.ui.log;
  const end = newest(view);
  const at = Math.min(log.anchor ?? end, end);
  const height = Math.max(1, innerHeight(frame, 'log'));
  const width = (layout.panels.find(({ name }) => name === 'log')?.area.width ?? layout.size.columns) - 2;
  const window = () => logWindow({ view, state: { ...log, anchor: at }, width, height, source: undefined, look });
  let next: number;
  switch (by) {
    case 'first':
      next = view.dropped + height - 1;
      break;
    case 'last':
      next = end;
      break;
    case 'page-up':
      next = Math.min(at - 1, window().first + 1);
      break;
    case 'page-down':
      next = Math.max(at + 1, at + (at - window().first) - 1);
      break;
    default:
      next = stepLine(view, log.folded, at, by);
  }
  const least = Math.min(end, view.dropped + height - 1);
  changeLog(app, (state) => ({ ...state, anchor: next >= end ? undefined : Math.max(least, next), sought: undefined }));
}

/** Lines that are looked at before the event loop gets its turn. */
const slice = 2_000;

/** Walks from the line that was found last (or the lowest that is seen) to the next one that matches, and brings it into view. */
export async function findNext(app: App, direction: 1 | -1): Promise<void> {
  const frame = app.frame();
  const { logView: view, ui: { log } } = frame;
  const { search } = log;
  if (view === undefined || search === undefined || view.count === 0) return;
  const end = newest(view);
  let number = (log.found ?? Math.min(log.anchor ?? end, end) + (direction === -1 ? 1 : 0)) + direction;
  for (let walked = 0; number >= view.dropped && number <= newest(view); number += direction, walked++) {
    if (walked > 0 && walked % slice === 0) {
      await nextTurn();
      // The user went on to something else: what is found now is not wanted any more.
      if (app.ended || app.ui.log.search !== search) return;
    }
    const line = view.line(number - view.dropped);
    if (line !== undefined && search.pattern.test(plain(line.text))) return showLine(app, view, number);
  }
  app.set({ result: { lines: [`No ${direction === 1 ? 'later' : 'earlier'} line matches ${search.text}`], tone: 'warn' } });
}

function showLine(app: App, view: LogView, number: number): void {
  const height = innerHeight(app.frame(), 'log');
  const bottom = Math.min(newest(view), number + Math.floor(height / 3));
  changeLog(app, (log) => ({ ...log, found: number, anchor: bottom, sought: undefined }));
}

/** Turns lines of the story on or off; what is read stays where it is, although its lines have other numbers then. */
export function toggleStory(app: App, kinds: readonly StoryKind[]): void {
  const { logView: before, ui: { log } } = app.frame();
  const lineAt = (number: number | undefined): ViewLine | undefined => (number === undefined ? undefined : before?.line(number - before.dropped));
  const lowest = lineAt(log.anchor);
  const found = lineAt(log.found);
  const on = !kinds.some((kind) => log.story[kind]);
  const story = { ...log.story, ...Object.fromEntries(kinds.map((kind) => [kind, on])) };
  changeLog(app, (state) => ({ ...state, story, anchor: undefined, found: undefined, from: 0 }));
  const after = app.frame().logView;
  if (lowest === undefined || after === undefined || after.count === 0) return;
  const bottom = sameLine(after, lowest) ?? after.dropped + Math.max(0, firstAt(after, lowest.at + 1) - 1);
  changeLog(app, (state) => ({ ...state, anchor: bottom, found: found === undefined ? undefined : sameLine(after, found) }));
}
