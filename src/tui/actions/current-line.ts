import type { ViewLine } from '../../session/types.ts';
import { foldsIn } from '../rows/log-folds.ts';
import { logWindow, newest } from '../rows/log-rows.ts';
import { isStackFrame } from '../state/log-text.ts';
import { innerHeight } from '../state/room.ts';
import type { Frame } from '../state/ui.ts';

/**
 * Number of the line that keys act on: of the one that was found if it is visible, otherwise of the lowest visible one, or for folded lines
 * of the line that stands for them. Undefined: the log has no lines.
 */
export function currentNumber(frame: Frame): number | undefined {
  const {
    logView: view,
    look,
    layout,
    ui: { log },
  } = frame;
  if (view === undefined || view.count === 0) return undefined;
  const lowest = Math.min(log.anchor ?? newest(view), newest(view));
  const { found } = log;
  if (found !== undefined) {
    const width = (layout.panels.find(({ name }) => name === 'log')?.area.width ?? layout.size.columns) - 2;
    const height = Math.max(1, innerHeight(frame, 'log'));
    const { first, last } = logWindow({ view, state: log, width, height, source: undefined, look });
    if (found >= first && found <= last) return found;
  }
  const { hides } = foldsIn(view, log);
  const isFrame = (line: ViewLine | undefined): boolean => log.folded && line !== undefined && isStackFrame(line);
  let number = lowest;
  while (hides(number) || isFrame(view.line(number - view.dropped))) {
    if (number === view.dropped) return lowest;
    number -= 1;
  }
  return number;
}

/** The line that keys act on. */
export function currentLine(frame: Frame): ViewLine | undefined {
  const number = currentNumber(frame);
  return number === undefined ? undefined : frame.logView?.line(number - frame.logView.dropped);
}
