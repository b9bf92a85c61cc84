import { selectBrokenLogs } from '../../session/selectors/sources.ts';
import { mainContainer } from '../../native/main-container.ts';
import { failedInit } from '../../native/other-container.ts';
import type { ContainerOfPod, LogCounters } from '../../session/log-state.ts';
import type { LogView } from '../../session/types.ts';
import { truncate, width as cells } from '../../support/text-width.ts';
import { troubleLine } from './log-troubles.ts';
import { formatCount, formatDateTime, formatTime, type Zone } from '../../support/format.ts';
import { isFlood } from './log-flood.ts';
import { logWindow, newest } from './log-rows.ts';
import { logPodOf } from '../state/places/process.ts';
import { processIn } from '../state/trail.ts';
import { briefNames, shortNameOf } from '../state/brief-names.ts';
import { timelineKinds, type Frame, type LogState, type TimeRange } from '../state/ui.ts';
import { innerHeight } from '../state/room.ts';
import { firstLabel } from '../state/key-labels.ts';
import { emptyLines } from './empty.ts';
import type { Scroll } from './scroll.ts';

/** Names of the pods whose lines the log shows; undefined: all followed ones. */
export function logPods({ session, ui }: Pick<Frame, 'session' | 'ui'>): readonly string[] | undefined {
  const { scope } = ui.log;
  if (scope === 'all') return undefined;
  if (scope !== 'selected') return scope;
  const process = processIn(ui.trail);
  const { selected, chosen } = ui.lists.pods;
  const pod = process === undefined ? (selected ?? chosen ?? session.leader) : logPodOf(process, session);
  return pod === undefined ? [] : [pod];
}

/** The container whose log is shown instead of that of Flink: the chosen one, otherwise an init container that failed. */
export function shownContainer(frame: Pick<Frame, 'session' | 'ui'>): ContainerOfPod | undefined {
  const [name, ...more] = logPods(frame) ?? [];
  const pod = name === undefined || more.length > 0 ? undefined : frame.session.pods.get(name);
  if (pod === undefined) return undefined;
  const chosen = pod.containers.find((each) => each.name === frame.ui.log.container);
  if (chosen !== undefined && chosen === mainContainer(pod)) return undefined;
  const container = (chosen ?? failedInit(pod))?.name;
  return container === undefined ? undefined : { pod: pod.name, container };
}

/** What the log is called: by its only pod, otherwise by how many there are. */
export function logName(frame: Pick<Frame, 'session' | 'ui'>): string {
  const pods = logPods(frame);
  if (pods === undefined) return frame.session.pods.size === 0 ? '' : `all ${frame.session.logs.size} logs`;
  const [only] = pods;
  if (only === undefined) return '';
  if (pods.length > 1) return `${pods.length} pods`;
  const container = shownContainer(frame)?.container;
  const name = shortNameOf(frame.session, only);
  return container === undefined ? name : `${name}/${container}`;
}

/** `3 of 42`: the position of the search among its matches, on disk as well; until all are counted, only their number so far. */
function found({ hits, keptCount, ui: { log }, look }: Frame): string {
  if (log.search === undefined) return '';
  const arrow = log.searching === 'up' ? look.glyphs.up : look.glyphs.down;
  const label = `find ${log.search.text} ${arrow}`;
  if (hits === undefined) return label;
  const count = keptCount?.total ?? hits.count;
  if (hits.pending > 0 || keptCount?.complete === false) return `${label} ${formatCount(count)}${look.glyphs.ellipsis}`;
  const rank = log.hit === undefined ? undefined : keptCount === undefined ? log.hit - hits.dropped + 1 : keptCount.rankOf(hits, log.hit);
  return `${label} ${rank === undefined ? '' : `${formatCount(rank)} of `}${formatCount(count)}`;
}

/** The sum of the counters of the displayed logs. */
function counted(
  { session }: Frame,
  pods: readonly string[] | undefined,
): { readonly logs: number; readonly ended: number; readonly lines: number; readonly dropped: number } {
  const sum = { logs: 0, ended: 0, lines: 0, dropped: 0 };
  // A thousand logs are summed up for each frame, so no list of them is made.
  const count = (counters: LogCounters | undefined): void => {
    if (counters === undefined) return;
    sum.logs += 1;
    if (counters.ended) sum.ended += 1;
    sum.lines += counters.lines;
    sum.dropped += counters.dropped;
  };
  if (pods === undefined) session.logs.forEach(count);
  else for (const pod of pods) count(session.logs.get(pod));
  return sum;
}

/** Lines of other containers have no counters: those of their view do. */
const ofContainer = { logs: 0, ended: 0, lines: 0, dropped: 0 } as const;

/** One word for the state of the log: the last one that applies is used. */
function progress(frame: Frame, view: LogView, pods: readonly string[] | undefined, ended: boolean): string {
  const {
    ui: { log },
    session: { past, playing },
    look: { theme, glyphs },
    containerLog,
  } = frame;
  if (log.reading !== undefined) return theme.paint('accent', `${log.reading}${glyphs.ellipsis}`);
  // A moment that stands still gets no new lines.
  const still = past !== undefined && playing === undefined;
  if (log.window !== undefined) return theme.paint('warn', still ? 'from disk' : 'paused, from disk');
  if (log.anchor !== undefined) {
    const below = newest(view) - log.anchor;
    return theme.paint('warn', still ? `${formatCount(below)} more below` : `paused, ${formatCount(below)} new`);
  }
  if (containerLog?.state.kind === 'broken') return theme.paint('warn', 'stream interrupted');
  // The header says which moment it is.
  if (past !== undefined) return '';
  if (containerLog !== undefined) return containerLog.state.kind;
  const broken = trouble(frame, pods);
  if (broken !== undefined) return theme.paint('warn', broken);
  return ended ? 'ended' : 'following';
}

/** Cells of the upper border that are not free for facts: corners, blanks, the title, and the dot before one more fact. */
const titleCells = 2 + 2 + 'Log'.length + 4 + 3;
/** Cells for the name of a template in the title. */
const templateCells = 48;

/** `03:10:00 to 03:20:00`, `from 03:10:00`. */
function rangeWords({ since, until }: TimeRange, zone: Zone): string {
  if (since === undefined) return until === undefined ? '' : `up to ${formatTime(until, zone)}`;
  return until === undefined ? `from ${formatTime(since, zone)}` : `${formatTime(since, zone)} to ${formatTime(until, zone)}`;
}

function facts(frame: Frame, view: LogView): string {
  const {
    ui: { log },
    look: { theme, glyphs },
  } = frame;
  const pods = logPods(frame);
  const { logs, ended, lines, dropped } = frame.containerLog === undefined ? counted(frame, pods) : ofContainer;
  const hidden = timelineKinds.filter((kind) => !log.timeline[kind]);
  const some = log.filter !== undefined || log.level !== undefined || log.template !== undefined || log.range !== undefined;
  const parts = [
    logName(frame),
    log.filter === undefined ? '' : theme.paint('accent', `/${log.filter.text}`),
    log.template === undefined ? '' : theme.paint('accent', truncate(log.template.text, templateCells, glyphs.ellipsis)),
    log.range === undefined ? '' : theme.paint('accent', rangeWords(log.range, log.zone)),
    log.level === undefined ? '' : theme.paint('accent', log.level === 'ERROR' ? 'ERROR only' : `${log.level} and above`),
    theme.paint('accent', found(frame)),
    log.marked.length === 0 ? '' : theme.paint('accent', `${log.marked.length} marked`),
    progress(frame, view, pods, logs > 0 && ended === logs),
    log.zone === 'utc' ? 'UTC' : '',
    hidden.length === 0 ? '' : hidden.length === timelineKinds.length ? 'events off' : `${hidden.join(', ')} off`,
    log.window !== undefined
      ? ''
      : some
        ? `${formatCount(view.count)}${view.pending > 0 ? glyphs.ellipsis : ''} of ${formatCount(Math.max(lines, view.count))} lines`
        : `${formatCount(view.dropped + view.count)} lines`,
    dropped > 0 && log.window === undefined ? `${formatCount(dropped)} fell out` : '',
  ];
  return withTroubles(parts.filter((part) => part !== '').join(' · '), frame, view);
}

/** The facts, and the errors of each minute in the room that they leave. */
function withTroubles(said: string, { layout, now, look }: Frame, view: LogView): string {
  const area = layout.panels.find(({ name }) => name === 'log')?.area;
  const line = area === undefined ? '' : troubleLine(view, now, area.width - titleCells - cells(said), look);
  return line === '' ? said : `${said} · ${line}`;
}

/** The displayed streams that are not live. */
function trouble({ session }: Frame, pods: readonly string[] | undefined): string | undefined {
  const states = selectBrokenLogs(session);
  const broken = [...states]
    .filter(([pod]) => session.logs.get(pod)?.ended !== true && (pods === undefined ? session.logs.has(pod) : pods.includes(pod)))
    .map(([, state]) => state);
  if (broken.length === 0) return undefined;
  const word = broken.every((state) => state === broken[0]) ? (broken[0] ?? '') : 'interrupted';
  if ((pods?.length ?? session.logs.size) === 1) return `stream ${word}`;
  return `${broken.length} ${broken.length === 1 ? 'stream' : 'streams'} ${word}`;
}

/** Why the only displayed log has no line at all; events of its pod may fill the panel nevertheless. */
export function unreadable(frame: Frame): string | undefined {
  if (frame.containerLog !== undefined) return undefined;
  const [only, ...more] = logPods(frame) ?? [];
  if (only === undefined || more.length > 0 || (frame.session.logs.get(only)?.lines ?? 0) > 0) return undefined;
  const status = frame.session.sources.get(`log:${only}`);
  return status?.state === 'denied' || status?.state === 'lost' ? status.problem?.message : undefined;
}

/** Why the lines that there are are left out; undefined: none is. */
function allLeftOut({ filter, template, level, range, zone }: LogState): string | undefined {
  if (filter !== undefined) return `No line matches ${filter.text}`;
  if (template !== undefined) return 'No line of this template is held any more';
  if (level !== undefined) return `No line of ${level}${level === 'ERROR' ? '' : ' or above'}`;
  return range === undefined ? undefined : `No line of that time is held: ${rangeWords(range, zone)}`;
}

/** Why there is no line. */
export function noLines(frame: Frame): string {
  const {
    session,
    ui: { log },
    starting,
  } = frame;
  if (frame.logView?.reading === true) return 'Reading the lines of that time';
  if (frame.logView !== undefined && frame.logView.pending > 0) return 'Looking at all lines';
  const leftOut = allLeftOut(log);
  if (leftOut !== undefined) return leftOut;
  const other = frame.containerLog?.state;
  if (other?.kind === 'broken') return other.reason;
  const pods = logPods(frame);
  for (const pod of other === undefined ? (pods ?? []) : []) {
    const problem = session.sources.get(`log:${pod}`)?.problem;
    if (problem !== undefined) return problem.message;
  }
  if (starting !== undefined || pods?.length === 0) return '';
  return session.past === undefined ? 'No lines yet' : `No line from before ${formatTime(session.past, log.zone)} was kept`;
}

/** The facts in the title of the log. */
export const logFacts = (frame: Frame): string => (frame.logView === undefined ? '' : facts(frame, frame.logView));

/** A flood is followed: its lines are folded as far as there is time, and all of them once it is over. */
export const isFlooded = ({ logView, ui, now }: Frame): boolean =>
  logView !== undefined && ui.log.anchor === undefined && isFlood(logView, now);

/** A time of day that is further away would be ambiguous. */
const lately = 12 * 60 * 60_000;

/** What lies before the first line, and how to read it; empty: nothing does, or it is not known. */
export function earlierNote({ earlier, ui: { log }, keys, now }: Pick<Frame, 'earlier' | 'ui' | 'keys' | 'now'>): string {
  if (earlier === undefined) return '';
  const { kept, fellOut, beganWith } = earlier;
  if (kept !== undefined) {
    const count = `${kept.isMost ? 'up to ' : ''}${formatCount(kept.lines)} earlier ${kept.lines === 1 ? 'line is' : 'lines are'}`;
    const from = now - kept.from > lately ? formatDateTime(kept.from) : formatTime(kept.from, log.zone);
    return `${count} kept on disk, from ${from}: ${firstLabel(keys, 'log.up')} reads them, ${firstLabel(keys, 'log.first')} goes to the first`;
  }
  if (fellOut > 0) return `${formatCount(fellOut)} earlier lines fell out of memory: with the setting keepLogs they are kept on disk`;
  if (beganWith === undefined) return '';
  return `Earlier lines were not read: drey began with the last ${formatCount(beganWith)}. In a shell, drey logs prints them all`;
}

/** Rows for lines when the first of them is on the screen: the note stands above it. */
export const linesRoom = (frame: Frame): number => Math.max(1, innerHeight(frame, 'log') - (earlierNote(frame) === '' ? 0 : 1));

/** The content of the log's panel. */
export interface LogBody {
  readonly lines: readonly string[];
  readonly scroll: Scroll | undefined;
}

/** Lines of the pods, with the timeline between them. */
export function logBody(frame: Frame, width: number, height: number): LogBody {
  const { ui, look, session, logView: view } = frame;
  if (view === undefined) return { lines: [], scroll: undefined };
  if (view.count === 0) return { lines: emptyLines(noLines(frame), width, look), scroll: undefined };
  const reason = emptyLines(unreadable(frame) ?? '', width, look);
  const source = logPods(frame)?.length === 1 ? undefined : briefNames(() => session);
  const reach = isFlooded(frame) ? 'newest' : 'all';
  const seen = logWindow({ view, state: ui.log, width, height: Math.max(1, height - reason.length), source, look, reach });
  const note = seen.first === view.dropped && seen.rows.length + reason.length < height ? earlierNote(frame) : '';
  return {
    lines: [
      ...(note === '' ? [] : [look.theme.paint('muted', ` ${truncate(note, width - 1, look.glyphs.ellipsis)}`)]),
      ...seen.rows,
      ...reason,
    ],
    scroll: { top: seen.first - view.dropped, visible: seen.last - seen.first + 1, count: view.count, from: 0 },
  };
}
