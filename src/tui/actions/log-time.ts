import type { LogTime } from '../../commands/model/shown-log.ts';
import type { Instant } from '../../support/clock.ts';
import { formatStamp } from '../../support/format.ts';
import { firstLogLine, nearestTo } from '../state/line-place.ts';
import { stampKinds, type Stamps, type TimeRange } from '../state/ui.ts';
import type { App } from './app.ts';
import { changeLines, changeLog, showLine } from './log-lines.ts';
import { onceLookedAt } from './looked-at.ts';
import { focusPanel } from './panels.ts';
import { focusOf } from '../state/trail.ts';

const say = (app: App, sentence: string): void => app.set({ result: { lines: [sentence], tone: 'info' } });

const meaning: Readonly<Record<Stamps, string>> = {
  time: 'Before each line stands its time.',
  before: 'Before each line stands how long after the line before it is.',
  mark: 'Before each line stands how long after the marked line it is.',
  off: 'Nothing stands before the lines.',
};

/** From one kind of stamps to the next. Without a mark, nothing is measured from one. */
export function nextStamps(app: App): void {
  const { stamps: now, marked } = app.ui.log;
  const kinds = stampKinds.filter((kind) => kind !== 'mark' || marked.length > 0);
  const stamps = kinds[(kinds.indexOf(now) + 1) % kinds.length] ?? 'time';
  changeLog(app, (log) => ({ ...log, stamps, shift: 0 }));
  say(app, meaning[stamps]);
}

/** A filter applies to the displayed text: to that of the other zone from now on. */
export const toggleZone = (app: App): void => changeLines(app, (log) => ({ ...log, zone: log.zone === 'utc' ? 'local' : 'utc' }));

/** Goes to the line that is nearest to a moment. */
function goTo(app: App, at: Instant): void {
  const { logView: view } = app.frame();
  if (view === undefined) return say(app, 'There is no log yet.');
  if (focusOf(app.ui.trail) !== 'log') focusPanel(app, 'log');
  const { window } = app.ui.log;
  if (window !== undefined && (at < window.from || at > window.to)) return app.onDisk({ kind: 'moment', at });
  onceLookedAt(app, view, {
    // The newest lines are checked first.
    enough: () => (view.line(0)?.at ?? Number.POSITIVE_INFINITY) <= at,
    wanted: () => app.frame().logView === view,
    act() {
      if (at < (firstLogLine(view)?.at ?? Infinity) && app.isMoreOnDisk('previous')) return app.onDisk({ kind: 'moment', at });
      const nearest = nearestTo(view, at);
      if (nearest === undefined) return say(app, 'The log has no lines.');
      showLine(app, nearest, undefined);
      const first = view.line(0);
      // A span begins with its first line, wherever that is.
      if (first !== undefined && at < first.at && app.ui.log.range === undefined)
        say(app, `The oldest line here is of ${formatStamp(first.at, app.ui.log.zone)}.`);
    },
  });
}

/** The times of the log as commands see them. */
export const logTime = (app: App): LogTime => ({
  zone: () => app.ui.log.zone,
  goTo: (at) => goTo(app, at),
  only(range: TimeRange | undefined) {
    changeLines(app, (log) => ({ ...log, range }));
    if (focusOf(app.ui.trail) !== 'log') focusPanel(app, 'log');
    // A time that has ended is read from its beginning.
    if (range?.since !== undefined && range.until !== undefined) goTo(app, range.since);
  },
});
