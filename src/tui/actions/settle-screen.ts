import { linesLeftBehind } from '../../inside/process/log-file.ts';
import { selectPodRows } from '../../session/selectors/pods.ts';
import type { LogView } from '../../session/types.ts';
import { anchorBelow, failureLine, momentLine } from '../rows/log-place.ts';
import { keptAnchor } from '../rows/log-rows.ts';
import { isView, tableRoom, tables, type PanelName, type TableName } from '../state/layout.ts';
import { linesRoom, logPods } from '../rows/log.ts';
import { lastTop } from '../rows/text.ts';
import { innerHeight, scrollTo, textWidth, visibleRows } from '../state/room.ts';
import { rowsOf, type Rows } from '../state/table-rows.ts';
import type { Frame, ListState, Sought, Ui } from '../state/ui.ts';
import type { TextState } from '../state/places/text.ts';
import { logFileInspected } from '../state/process-facts.ts';
import { withLines } from '../state/text-lines.ts';
import { type Focus, focusOf, here, standAt, textOf, type Trail, viewOf, withPlace, withText } from '../state/trail.ts';

/**
 * The selection before the user chooses: a pod, a job and a part of it are always selected, because the log and the commands refer to them.
 * The pod is the leader, whichever that is.
 */
function firstSelected(view: TableName, { session, ui }: Frame): string | undefined {
  if (view === 'pods') return session.leader ?? ui.lists.pods.selected ?? selectPodRows(session)[0]?.key ?? '';
  return view === 'operations' || view === 'timeline' ? undefined : '';
}

/** The selection among the visible rows: the user's choice, otherwise its neighbour, and nothing if there are no rows. */
function selectedOf(list: ListState, { rows, first, focused, hidden }: Settling): Pick<ListState, 'selected' | 'chosen' | 'index'> {
  const chosen = list.chosen === undefined ? -1 : rows.indexOf(list.chosen);
  if (chosen >= 0) return { selected: list.chosen, chosen: list.chosen, index: chosen };
  const wanted = list.chosen !== undefined || first !== undefined;
  if (!wanted) return { selected: undefined, chosen: undefined, index: list.index };
  // A choice that the filter hides is kept; an object that is gone is not waited for.
  const kept = list.chosen !== undefined && rows.has(list.chosen) ? list.chosen : undefined;
  if (hidden && kept !== undefined) return { selected: kept, chosen: kept, index: list.index };
  if (rows.count === 0) return { selected: undefined, chosen: kept, index: list.index };
  const preferred = list.chosen === undefined && first !== undefined ? rows.indexOf(first) : -1;
  const index = preferred >= 0 ? preferred : Math.min(list.index, rows.count - 1);
  const selected = rows.idAt(index);
  // While the user is in the table, nothing moves.
  return { selected, chosen: kept ?? (preferred >= 0 && !focused ? undefined : selected), index };
}

interface Settling {
  readonly rows: Rows;
  readonly visible: number;
  /** Selected until the user chooses; undefined: no selection is required. */
  readonly first: string | undefined;
  readonly focused: boolean;
  /** A row that the filter hides may be selected: another panel shows it. */
  readonly hidden: boolean;
}

/** Panels that draw the rows of a table that may have no room, and what is selected in it. */
const drawings: Partial<Record<TableName, PanelName>> = { vertices: 'graph', metrics: 'chart' };

/** The graph has all vertices, whatever the filter of their table. */
const inGraph = (view: TableName, focus: Focus): boolean => view === 'vertices' && focus === 'graph';

function settleList(list: ListState, settling: Settling): ListState {
  const { rows, visible, focused } = settling;
  const { selected, chosen, index } = selectedOf(list, settling);
  const top = scrollTo(list.top, selected === undefined || list.scrolled ? -1 : index, visible, rows.count);
  const held = focused ? rows.held() : undefined;
  const same = selected === list.selected && chosen === list.chosen && index === list.index && top === list.top && held === list.held;
  return same ? list : { ...list, selected, chosen, index, top, held };
}

/** The log at the requested moment; undefined while its lines have not arrived. */
function soughtLog(frame: Frame, view: LogView, { at, what }: Sought): Ui['log'] | undefined {
  const {
    session,
    look,
    layout,
    ui: { log: state },
  } = frame;
  const area = layout.panels.find(({ name }) => name === 'log')?.area;
  if (area === undefined) return undefined;
  const ended = logPods(frame)?.every((pod) => session.logs.get(pod)?.ended === true || !session.pods.has(pod)) === true;
  const number = what === 'failure' ? failureLine(view, at, ended) : momentLine(view, at, ended);
  if (number === undefined) return undefined;
  // What it is folded into is open.
  const there = { ...state, sought: undefined, found: number };
  return {
    ...there,
    anchor: anchorBelow({ view, state: there, width: area.width - 2, height: Math.max(1, area.height - 2), look }, number),
  };
}

/** The text does not point past its end, and a file that has grown is followed if its end is on the screen. */
function settleText(frame: Frame): Trail {
  const { trail } = frame.ui;
  const text = textOf(trail);
  if (text === undefined) return trail;
  const width = textWidth(frame);
  const last = ({ lines }: TextState): number => lastTop(lines, width, Math.max(1, innerHeight(frame, 'text')), frame.look);
  const place = here(trail);
  const facts = logFileInspected(frame)?.facts;
  if (place.kind === 'log-file' && facts !== undefined && place.end !== facts.end) {
    const gone = place.end === undefined ? 0 : linesLeftBehind(place.end, facts.end);
    const grown = { ...withLines(text, facts.end.lines, gone), asOf: facts.readAt };
    const read = { ...grown, top: text.top >= last(text) ? last(grown) : grown.top };
    return withPlace(trail, 'log-file', (file) => ({ ...file, end: facts.end, text: read }));
  }
  const top = Math.min(text.top, last(text));
  return top === text.top ? trail : withText(trail, (read) => ({ ...read, top }));
}

/** The state of the screen after the session or the size changed: selections follow their objects, and nothing points past an end. */
export function settle(frame: Frame): Ui {
  const { ui, layout } = frame;
  let next = ui;
  const focus = focusOf(ui.trail);
  // The timeline is always longer than its room; it is read by scrolling.
  const shown = viewOf(ui.trail);
  const sized = layout.kind === 'tabs' ? [shown] : (['pods', 'jobs', shown] as const);
  const needed = Math.max(...sized.map((view) => (view === 'timeline' ? 0 : rowsOf(frame, view, ui.lists[view]).total)));
  const tableRows = tableRoom(ui.tableRows, needed);
  if (tableRows !== ui.tableRows) next = { ...next, tableRows };
  for (const view of tables) {
    if (!isView(view) && !layout.panels.some(({ name }) => name === view || name === drawings[view])) continue;
    const list = settleList(ui.lists[view], {
      rows: rowsOf(frame, view, ui.lists[view]),
      visible: visibleRows(frame, view),
      first: firstSelected(view, frame),
      focused: focus === view,
      hidden: inGraph(view, focus),
    });
    if (list !== ui.lists[view]) next = { ...next, lists: { ...next.lists, [view]: list } };
  }
  const { logView } = frame;
  const { anchor } = ui.log;
  if (logView !== undefined && anchor !== undefined) {
    const kept = keptAnchor(logView, ui.log, linesRoom(frame), anchor);
    if (kept !== anchor) next = { ...next, log: { ...next.log, anchor: kept } };
  }
  const sought = ui.log.sought === undefined || logView === undefined ? undefined : soughtLog(frame, logView, ui.log.sought);
  if (sought !== undefined) next = { ...next, log: sought };
  const trail = settleText(frame);
  if (trail !== ui.trail) next = { ...next, trail };
  const [first] = layout.panels;
  // The panel no longer has room.
  if (focus !== 'command' && first !== undefined && !layout.panels.some(({ name }) => name === focus))
    next = { ...next, trail: standAt(next.trail, first.name) };
  return next;
}
