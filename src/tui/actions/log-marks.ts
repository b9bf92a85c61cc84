import type { LogView, ViewLine } from '../../session/types.ts';
import { sameLine } from '../state/line-place.ts';
import { newest } from '../rows/log-rows.ts';
import { withMark } from '../state/log-marks.ts';
import type { App } from './app.ts';
import { currentLine } from './current-line.ts';
import { changeLines, showLine } from './log-lines.ts';

const say = (app: App, sentence: string): void => app.set({ result: { lines: [sentence], tone: 'info' } });

/** Marks the current line, or takes its mark off. */
export function toggleLogMark(app: App): void {
  const line = currentLine(app.frame());
  if (line === undefined) return say(app, 'The log has no lines.');
  changeLines(app, (log) => ({ ...log, marked: withMark(log.marked, line) }));
}

/** To the next or the previous marked line; after the last one, to the first. */
export function goToMark(app: App, direction: 'next' | 'previous'): void {
  const { logView: view } = app.frame();
  const { marked, found, anchor } = app.ui.log;
  if (marked.length === 0) return say(app, 'No line is marked: m marks one.');
  if (view === undefined) return;
  const shown = marked.flatMap((line) => sameLine(view, line) ?? []).toSorted((a, b) => a - b);
  const stood = found ?? anchor ?? newest(view) + 1;
  const number =
    direction === 'next' ? (shown.find((each) => each > stood) ?? shown[0]) : (shown.findLast((each) => each < stood) ?? shown.at(-1));
  if (number === undefined) return say(app, notShown(view, marked));
  showLine(app, number, undefined);
  say(app, `Marked line ${shown.indexOf(number) + 1} of ${shown.length}`);
}

function notShown(view: LogView, marked: readonly ViewLine[]): string {
  const only = marked.length === 1;
  if (view.pending > 0) return 'The lines are still being looked at.';
  return `${only ? 'The marked line is' : 'The marked lines are'} not in this log: ${only ? 'it belongs' : 'they belong'} to other pods, or ${only ? 'is' : 'are'} not kept any more.`;
}
