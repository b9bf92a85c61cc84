import type { LogView } from '../session/types.ts';
import type { Instant } from '../support/clock.ts';
import { anchorBelow, failureLine } from './log-place.ts';
import { newest } from './log-rows.ts';
import type { PanelName, ViewName } from './layout.ts';
import { logPods } from './panels/log.ts';
import { lastTop } from './panels/text.ts';
import { rowsOf, type Rows } from './rows.ts';
import type { Frame, ListState, Ui } from './ui.ts';
import { scrollTo } from './widgets/table.ts';

/** Rows of a panel between its borders; 0 where it is not on the screen. */
export function innerHeight({ layout }: Frame, panel: PanelName): number {
  const area = layout.panels.find(({ name }) => name === panel)?.area;
  return area === undefined ? 0 : Math.max(0, area.height - 2);
}

/** Rows of objects that a table shows: its first line holds the titles. */
export const visibleRows = (frame: Frame, view: ViewName): number => Math.max(1, innerHeight(frame, view) - 1);

/** In these tables something is always selected: the log and the commands speak of it. */
const alwaysSelected: Readonly<Record<ViewName, boolean>> = { pods: true, jobs: true, operations: false, story: false };

function settleList(list: ListState, rows: Rows, visible: number, always: boolean): ListState {
  let { selected } = list;
  let index = selected === undefined ? -1 : rows.indexOf(selected);
  if (index < 0 && rows.count > 0 && (selected !== undefined || always)) {
    // The object is gone, or filtered out: its neighbour takes its place.
    index = Math.min(list.index, rows.count - 1);
    selected = rows.idAt(index);
  }
  const top = scrollTo(list.top, index, visible, rows.count);
  const place = index < 0 ? list.index : index;
  return selected === list.selected && place === list.index && top === list.top ? list : { ...list, selected, index: place, top };
}

/** The log at the moment that is looked for; undefined while its lines are not there. */
function soughtLog(frame: Frame, view: LogView, at: Instant): Ui['log'] | undefined {
  const { session, look, layout, ui: { log: state } } = frame;
  const area = layout.panels.find(({ name }) => name === 'log')?.area;
  if (area === undefined) return undefined;
  const ended = logPods(frame)?.every((pod) => session.logs.get(pod)?.ended === true || !session.pods.has(pod)) === true;
  const number = failureLine(view, at, ended);
  if (number === undefined) return undefined;
  return { ...state, sought: undefined, found: number, anchor: anchorBelow({ view, state, width: area.width - 2, height: Math.max(1, area.height - 2), look }, number) };
}

/** The state of the screen after the session or the size changed: selections follow their objects, nothing points past an end. */
export function settle(frame: Frame): Ui {
  const { ui, session, layout } = frame;
  let next = ui;
  for (const view of ['pods', 'jobs', 'operations', 'story'] as const) {
    const list = settleList(ui.lists[view], rowsOf(session, view, ui.lists[view]), visibleRows(frame, view), alwaysSelected[view]);
    if (list !== ui.lists[view]) next = { ...next, lists: { ...next.lists, [view]: list } };
  }
  const { logView } = frame;
  const { anchor } = ui.log;
  if (logView !== undefined && anchor !== undefined) {
    const least = logView.dropped + Math.min(logView.count, innerHeight(frame, 'log')) - 1;
    const kept = Math.max(Math.min(anchor, newest(logView)), least);
    if (kept !== anchor) next = { ...next, log: { ...next.log, anchor: kept } };
  }
  const sought = ui.log.sought === undefined || logView === undefined ? undefined : soughtLog(frame, logView, ui.log.sought);
  if (sought !== undefined) next = { ...next, log: sought };
  if (ui.text !== undefined) {
    const width = (layout.panels.find(({ name }) => name === 'text')?.area.width ?? 2) - 2;
    const top = Math.min(ui.text.top, lastTop(ui.text.lines, width, Math.max(1, innerHeight(frame, 'text')), frame.look));
    if (top !== ui.text.top) next = { ...next, text: { ...ui.text, top } };
  }
  const { focus } = ui;
  if (focus !== 'command' && layout.kind !== 'tiny' && !layout.panels.some(({ name }) => name === focus)) {
    // The panel has no room any more, or its text was closed.
    next = { ...next, focus: layout.panels[0]?.name ?? 'command' };
  }
  return next;
}
