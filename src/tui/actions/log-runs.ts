import { foldsRuns, runAt } from '../rows/log-folds.ts';
import type { App } from './app.ts';
import { currentNumber } from './current-line.ts';
import { changeLog } from './log-lines.ts';

/** Runs that are remembered as open. */
const mostOpened = 100;

const say = (app: App, sentence: string): void => app.set({ result: { lines: [sentence], tone: 'info' } });

/** Shows the run at the line that was found, otherwise at the lowest one, line by line, or as one line again. */
export function toggleRun(app: App): void {
  const frame = app.frame();
  const {
    logView: view,
    ui: { log },
  } = frame;
  const number = currentNumber(frame);
  if (view === undefined || number === undefined) return;
  if (!foldsRuns(log))
    return say(app, log.folded ? 'No lines are folded in raw mode and behind a filter.' : 'Nothing is folded: o folds lines that repeat.');
  const run = runAt(view, number);
  if (run === undefined) return say(app, 'Nothing is folded at the lowest line.');
  const isOpen = log.opened.includes(run.id) || (log.found !== undefined && runAt(view, log.found) === run);
  const others = log.opened.filter((id) => id !== run.id);
  // While the newest line is followed, it stays so.
  const anchor = log.anchor === undefined ? undefined : isOpen ? run.members.at(-1) : number;
  changeLog(app, (state) => ({
    ...state,
    opened: isOpen ? others : [...others, run.id].slice(-mostOpened),
    ...(isOpen ? { found: undefined, hit: undefined } : {}),
    anchor,
  }));
}
