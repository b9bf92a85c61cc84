import type { KeptLine, KeptLines, KeptRequest, KeptWindow, LogView, ViewLine } from '../../session/types.ts';
import type { Instant } from '../../support/clock.ts';
import { formatStamp } from '../../support/format.ts';
import { isAbort } from '../../support/problem.ts';
import { same } from '../../session/same.ts';
import { lifetime } from '../../support/waiting.ts';
import { linesRoom, logPods } from '../rows/log.ts';
import { leastAnchor, newest } from '../rows/log-rows.ts';
import { firstAt } from '../../session/logs/first-at.ts';
import { firstLogLine, nearestTo, sameLine } from '../state/line-place.ts';
import { isError, wantedOnDisk } from '../state/wanted-lines.ts';
import type { LogState } from '../state/ui.ts';
import { fromItsEnd } from '../state/way-back.ts';
import { focusOf } from '../state/trail.ts';
import type { App, DiskReading, DiskWish } from './app.ts';
import { lookAtLog, scrollHeld, wentOn } from './log.ts';
import { changeLog, showLine } from './log-lines.ts';
import { onceLookedAt } from './looked-at.ts';
import { focusPanel } from './panels.ts';

type Direction = 'next' | 'previous';

/** Shows what is wanted of the logs on disk, once it is read. */
export function readDisk(app: App, kept: KeptLines, wish: DiskWish): void {
  switch (wish.kind) {
    case 'older':
      return readOlder(app, kept, wish.by);
    case 'newer':
      return readNewer(app, kept);
    case 'again':
      return readAgain(app, kept);
    case 'match':
      return findOnDisk(app, kept, wish.direction);
    case 'error':
      return findErrorOnDisk(app, kept, wish.from, wish.direction);
    case 'moment':
      return goToOnDisk(app, kept, wish.at);
  }
}

const say = (app: App, sentence: string): void => app.set({ result: { lines: [sentence], tone: 'info' } });

/**
 * Reads from disk behind the screen, one thing at a time: until it is there, Esc is pressed, something else is read, or other lines are
 * shown. `what`: what the title says meanwhile.
 */
function read(app: App, kept: KeptLines, what: string, work: (signal: AbortSignal, isWanted: () => boolean) => Promise<void>): void {
  app.stopReading();
  const reading = lifetime();
  const { signal } = reading;
  changeLog(app, (log) => ({ ...log, reading: what }));
  const asked = app.ui.log;
  const pods = shownPods(app);
  const isWanted = (): boolean =>
    !signal.aborted && app.attached?.feeds.logs.kept === kept && same(shownPods(app), pods) && showsTheSame(app.ui.log, asked);
  const own: DiskReading = { ...reading, isWanted };
  app.reading = own;
  app.background(
    work(signal, isWanted)
      .catch((error: unknown) => {
        if (!isAbort(error)) app.fail(error);
      })
      .finally(() => {
        if (app.reading === own) app.stopReading();
      }),
  );
}

const shownPods = (app: App): readonly string[] | undefined => logPods({ session: app.options.store.get(), ui: app.ui });

const showsTheSame = (a: LogState, b: LogState): boolean =>
  (['scope', 'container', 'window', 'from', 'filter', 'search', 'template', 'level', 'range'] as const).every((key) => a[key] === b[key]);

/** What is wanted of the disk: what is shown now, or of that what matches the search. */
function wantedOf(app: App, search: LogState['search'], signal: AbortSignal): KeptRequest {
  const { log } = app.ui;
  const reader = app.frame().logView?.reader;
  const pods = logPods(app.frame()) ?? 'all';
  return reader === undefined ? { pods, signal } : { pods, signal, ...wantedOnDisk(app.options.store.get, reader, log, search) };
}

/** Shows lines on disk, or with `undefined` those in memory again. `place` is asked where to stand. */
async function show(
  app: App,
  window: KeptWindow | undefined,
  isWanted: () => boolean,
  place: (view: LogView) => (() => void) | undefined,
): Promise<void> {
  const view = await app.ready({ ...app.ui.log, window });
  if (view === undefined || !isWanted()) return;
  const stand = place(view);
  if (stand === undefined) return;
  app.stopReading();
  changeLog(app, (log) => ({ ...log, ...fromItsEnd, window, shift: log.shift }));
  stand();
}

/** The lowest visible line. */
function lowestLine(app: App): ViewLine | undefined {
  const { logView: view, ui } = app.frame();
  return view?.line(Math.min(ui.log.anchor ?? newest(view), newest(view)) - view.dropped);
}

const nearest = (view: LogView, line: ViewLine | undefined): number =>
  line === undefined ? newest(view) : (sameLine(view, line) ?? Math.min(newest(view), view.dropped + firstAt(view, line.at)));

/** Lines before the first one that is shown, or the first ones of all. */
function readOlder(app: App, kept: KeptLines, by: (DiskWish & { readonly kind: 'older' })['by']): void {
  const { logView: shown } = app.frame();
  if (shown === undefined || app.ui.log.window?.from === -Infinity || (by !== 'first' && app.reading !== undefined)) return;
  const first = firstLogLine(shown);
  const at = by === 'first' ? -Infinity : (first?.at ?? app.options.clock.now());
  read(app, kept, 'reading older lines', async (signal, isWanted) => {
    const window = await kept.window({ ...wantedOf(app, undefined, signal), at });
    await show(app, window, isWanted, (view) => {
      const oldest = firstLogLine(view);
      // What is on disk begins where the lines in memory do.
      if (oldest === undefined || (first !== undefined && oldest.at >= first.at)) return undefined;
      const anchor = nearest(view, lowestLine(app));
      return () => {
        changeLog(app, (log) => ({ ...log, anchor: by === 'first' ? leastAnchor(view, log, linesRoom(app.frame())) : anchor }));
        if (by !== 'first') scrollHeld(app, by);
      };
    });
  });
}

/** Lines after the last one that is shown; at the end, those in memory are followed again. */
function readNewer(app: App, kept: KeptLines): void {
  const { window } = app.ui.log;
  if (window === undefined || app.reading !== undefined) return;
  read(app, kept, 'reading newer lines', async (signal, isWanted) => {
    const lowest = lowestLine(app);
    const next =
      window.to === Infinity || lowest === undefined
        ? undefined
        : await kept.window({ ...wantedOf(app, undefined, signal), at: lowest.at });
    await show(app, next, isWanted, (view) => {
      const anchor = nearest(view, lowest);
      return () => {
        changeLog(app, (log) => ({ ...log, anchor: next === undefined && anchor >= newest(view) ? undefined : anchor }));
        scrollHeld(app, 1);
      };
    });
  });
}

/** Stands at a line, in memory if it is there. */
async function goToLine(app: App, kept: KeptLines, line: KeptLine, signal: AbortSignal, isWanted: () => boolean): Promise<void> {
  const wanted: ViewLine = { ...line, level: undefined, timeline: undefined };
  const stand = (view: LogView): (() => void) | undefined => {
    const number = sameLine(view, wanted);
    if (number === undefined) return undefined;
    return () => {
      showLine(app, number, undefined);
      nameHit(app, wanted);
    };
  };
  let isHeld = false;
  await show(app, undefined, isWanted, (view) => {
    const there = stand(view);
    isHeld = there !== undefined;
    return there;
  });
  if (isHeld || !isWanted()) return;
  await show(app, await kept.window({ ...wantedOf(app, undefined, signal), at: line.at }), isWanted, stand);
}

/** Which of the matches the line is, once all of those that are shown are known. */
function nameHit(app: App, line: ViewLine): void {
  const { hits } = app.frame();
  const { found } = app.ui.log;
  if (hits === undefined) return;
  onceLookedAt(app, hits, {
    enough: () => false,
    wanted: () => app.frame().hits === hits && app.ui.log.found === found,
    act: () => changeLog(app, (log) => ({ ...log, hit: sameLine(hits, line) })),
  });
}

/** The next line on disk that matches the search; after the last one, the first. */
function findOnDisk(app: App, kept: KeptLines, direction: Direction): void {
  const { search, window } = app.ui.log;
  const { logView: view } = app.frame();
  if (search === undefined || view === undefined || app.reading !== undefined) return;
  const from = direction === 'next' ? (window?.to ?? Infinity) : Math.max(window?.from ?? -Infinity, firstLogLine(view)?.at ?? Infinity);
  read(app, kept, `looking for ${search.text} on disk`, async (signal, isWanted) => {
    const request = wantedOf(app, search, signal);
    const beyond = await kept.next({ ...request, from, direction });
    const line = beyond ?? (await kept.next({ ...request, from: direction === 'next' ? -Infinity : Infinity, direction }));
    if (!isWanted()) return;
    if (line === undefined)
      return app.set({ result: { lines: [`No line matches ${search.text}, neither in memory nor on disk.`], tone: 'warn' } });
    await goToLine(app, kept, line, signal, isWanted);
    if (beyond === undefined) say(app, wentOn(direction === 'previous', undefined));
  });
}

/** The next error on disk, of any pod. */
function findErrorOnDisk(app: App, kept: KeptLines, from: Instant, direction: Direction): void {
  if (app.reading !== undefined) return;
  read(app, kept, 'looking for errors on disk', async (signal, isWanted) => {
    const line = await kept.next({ pods: 'all', wanted: isError, until: app.options.store.get().past, from, direction, signal });
    if (!isWanted()) return;
    if (line === undefined)
      return say(app, `No ${direction === 'next' ? 'later' : 'earlier'} error in any log, neither in memory nor on disk.`);
    const pods = logPods(app.frame());
    const { filter, template, range } = app.ui.log;
    const isLeftOut = filter !== undefined || template !== undefined || range !== undefined;
    if (isLeftOut || pods?.includes(line.pod) === false) lookAtLog(app, line.pod);
    if (focusOf(app.ui.trail) !== 'log') focusPanel(app, 'log');
    const when = formatStamp(line.at, app.ui.log.zone);
    say(app, `Error of ${when}`);
    // The log of another pod may be shown now.
    read(app, kept, `reading the log of ${when}`, (until, isStill) => goToLine(app, kept, line, until, isStill));
  });
}

/** To the line that is nearest to a moment. */
function goToOnDisk(app: App, kept: KeptLines, at: Instant): void {
  read(app, kept, `reading the log of ${formatStamp(at, app.ui.log.zone)}`, async (signal, isWanted) => {
    const window = await kept.window({ ...wantedOf(app, undefined, signal), at });
    const { logView: shown } = app.frame();
    if (shown === undefined) return;
    await show(app, window, isWanted, (view) => {
      const first = firstLogLine(view)?.at ?? Infinity;
      // What is on disk begins where the lines in memory do.
      const here = first >= (firstLogLine(shown)?.at ?? Infinity) ? undefined : view;
      const line = nearestTo(here ?? shown, at);
      const oldest = Math.min(first, firstLogLine(shown)?.at ?? Infinity);
      if (line === undefined) say(app, 'The log has no lines of that time, neither in memory nor on disk.');
      // A span begins with its first line, wherever that is.
      else if (at < oldest && app.ui.log.range === undefined) say(app, `The oldest line is of ${formatStamp(oldest, app.ui.log.zone)}.`);
      if (line === undefined) return undefined;
      if (here !== undefined) return () => showLine(app, line, undefined);
      showLine(app, line, undefined);
      return undefined;
    });
  });
}

/** What the filter lets pass may be another part of the logs now: the lines around the one that is read. */
function readAgain(app: App, kept: KeptLines): void {
  const { window } = app.ui.log;
  if (window === undefined) return;
  const line = lowestLine(app);
  read(app, kept, 'reading the disk', async (signal, isWanted) => {
    const at = line?.at ?? Math.min(window.to, app.options.clock.now());
    const next = await kept.window({ ...wantedOf(app, undefined, signal), at });
    await show(app, next, isWanted, (view) => {
      const anchor = nearest(view, line);
      return () => changeLog(app, (log) => ({ ...log, anchor }));
    });
  });
}
