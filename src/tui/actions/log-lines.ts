import type { ViewLine } from '../../session/types.ts';
import { plain, width as cells } from '../../support/text-width.ts';
import type { App } from './app.ts';
import { matchAt } from '../state/filter.ts';
import { firstAt } from '../../session/logs/first-at.ts';
import { sameLine } from '../state/line-place.ts';
import { newest } from '../rows/log-rows.ts';
import { messageOf } from '../state/log-text.ts';
import { logPods } from '../rows/log.ts';
import { same } from '../../session/same.ts';
import { innerHeight } from '../state/room.ts';
import type { LogState } from '../state/ui.ts';
import { fromItsEnd } from '../state/way-back.ts';

export const changeLog = (app: App, change: (log: LogState) => LogState): void => app.update((ui) => ({ ...ui, log: change(ui.log) }));

/** Shows a found line, with some lines below it; in a long line, the match is moved into view. */
export function showLine(app: App, number: number, hit: number | undefined): void {
  const frame = app.frame();
  const { logView: view, layout } = frame;
  if (view === undefined) return;
  const bottom = Math.min(newest(view), number + Math.floor(innerHeight(frame, 'log') / 3));
  const line = view.line(number - view.dropped);
  const room = Math.floor((layout.panels.find(({ name }) => name === 'log')?.area.width ?? layout.size.columns) / 2);
  const { search, raw } = app.ui.log;
  const message = line === undefined ? '' : plain(messageOf(line, raw ? undefined : view.reader));
  const start = search === undefined ? 0 : cells(message.slice(0, Math.max(0, matchAt(search, message))));
  changeLog(app, (log) => ({
    ...log,
    found: number,
    hit,
    anchor: bottom,
    sought: undefined,
    shift: log.wrap || start < room ? 0 : start - Math.floor(room / 2),
  }));
}

/**
 * Changes which lines are shown. The line being read stays in place, although its number changes: the line that was found, otherwise the
 * lowest one, or the one nearest in time.
 */
export function changeLines(app: App, change: (log: LogState) => LogState): void {
  const {
    logView: before,
    hits: hitsBefore,
    ui: { log },
  } = app.frame();
  const lineAt = (number: number | undefined): ViewLine | undefined =>
    number === undefined ? undefined : before?.line(number - before.dropped);
  const lowest = lineAt(log.anchor);
  const found = lineAt(log.found);
  const podsBefore = logPods(app.frame());
  changeLog(app, change);
  const { logView: after, hits } = app.frame();
  if (hits !== hitsBefore) changeLog(app, (state) => ({ ...state, hit: undefined }));
  // The same lines were shown before, with the same numbers.
  if (after === before) return;
  // A part of the logs on disk is of certain pods.
  const window = same(logPods(app.frame()), podsBefore) ? log.window : undefined;
  changeLog(app, (state) => ({ ...state, ...fromItsEnd, window, shift: state.shift }));
  if (window !== undefined) app.onDisk({ kind: 'again' });
  const kept = found ?? lowest;
  if (kept === undefined || after === undefined || after.count === 0) return;
  const numberOf = (line: ViewLine): number => sameLine(after, line) ?? after.dropped + Math.max(0, firstAt(after, line.at + 1) - 1);
  if (found !== undefined) return showLine(app, numberOf(found), undefined);
  changeLog(app, (state) => ({ ...state, anchor: numberOf(kept) }));
}
