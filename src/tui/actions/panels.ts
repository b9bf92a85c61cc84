import type { WhyAbout } from '../../commands/model/shown.ts';
import type { App } from './app.ts';
import { isTable, isView, type PanelName, type TableName } from '../state/layout.ts';
import { keyColumns, keyText } from '../rows/key-list.ts';
import { innerHeight, visibleRows } from '../state/room.ts';
import { rowsOf } from '../state/table-rows.ts';
import { nothingOpen, open } from '../state/overlay.ts';
import { rulesOf } from '../state/places.ts';
import { textPlace, type TextState } from '../state/places/text.ts';
import { enter, focusOf, goToSeen, here, leave, lookAt, textOf, type, type Focus } from '../state/trail.ts';
import type { ListState } from '../state/ui.ts';
import { filterOf, fromItsEnd, wayBack } from '../state/way-back.ts';
import { changeLines } from './log-lines.ts';
import { withFilter } from '../state/text-lines.ts';
import { changeText } from './text.ts';

/** How far a key moves: by rows, by a page of the panel, or to an end. */
export type Step = number | 'page-down' | 'page-up' | 'first' | 'last';

/** Focuses a panel; if it has no room, it takes the place of another. */
export function focusPanel(app: App, panel: PanelName): void {
  const {
    size,
    layout: { kind },
  } = app.frame();
  app.update((ui) => {
    // The table next to the pods is the one that was last looked at; looking at the pods does not change that.
    const trail = isView(panel) && (panel !== 'pods' || kind === 'tabs') ? lookAt(ui.trail, panel) : ui.trail;
    return { ...ui, trail: goToSeen(trail, panel, size) };
  });
}

/** The stops of Tab: the visible panels, on a small screen all of them unless a text covers them; then the command line. */
function stops(app: App): readonly Focus[] {
  const { layout, ui } = app.frame();
  const place = here(ui.trail);
  if ((layout.kind !== 'tabs' || rulesOf(place).passing) && !place.zoomed) return [...layout.panels.map(({ name }) => name), 'command'];
  return [...rulesOf(place).panels, 'command'];
}

export function moveFocus(app: App, delta: number): void {
  const order = stops(app);
  const at = order.indexOf(focusOf(app.ui.trail));
  const next = order[(at + delta + order.length) % order.length];
  if (next === 'command') app.update((ui) => ({ ...ui, trail: type(ui.trail, 'on') }));
  else if (next !== undefined) focusPanel(app, next);
}

/** From the command line to the panels: to the open text, otherwise to the first table. */
export function enterPanels(app: App): void {
  const { layout, ui } = app.frame();
  const { passing, main } = rulesOf(here(ui.trail));
  focusPanel(app, passing ? main : (layout.panels[0]?.name ?? main));
}

export function focusedView(app: App): TableName | undefined {
  const focus = focusOf(app.ui.trail);
  return isTable(focus) ? focus : undefined;
}

export const changeList = (app: App, view: TableName, change: (list: ListState) => ListState): void =>
  app.update((ui) => ({ ...ui, lists: { ...ui.lists, [view]: change(ui.lists[view]) } }));

/** Selects the row at an index, if there is one. */
export function select(app: App, view: TableName, index: number): void {
  const rows = rowsOf(app.frame(), view, app.ui.lists[view]);
  if (rows.count === 0) return;
  const place = Math.max(0, Math.min(rows.count - 1, index));
  const selected = rows.idAt(place);
  const {
    lists: { [view]: before },
    log,
  } = app.ui;
  changeList(app, view, (list) => ({ ...list, selected, chosen: selected, index: place, scrolled: false }));
  // Another pod has another log, which is followed from its end.
  if (view === 'pods' && selected !== before.selected && log.scope === 'selected')
    app.update((ui) => ({ ...ui, log: { ...ui.log, ...fromItsEnd } }));
}

/** Scrolls the rows of a table without changing the selection. */
export function scrollTable(app: App, view: TableName, by: number): void {
  changeList(app, view, (list) => ({ ...list, top: Math.max(0, list.top + by), scrolled: true }));
}

/** `view`: default, the table that has the focus. */
export function moveSelection(app: App, by: Step, view = focusedView(app)): void {
  if (view === undefined) return;
  const list = app.ui.lists[view];
  const page = visibleRows(app.frame(), view);
  const at = list.selected === undefined ? -1 : list.index;
  switch (by) {
    case 'first':
      return select(app, view, 0);
    case 'last':
      return select(app, view, Number.MAX_SAFE_INTEGER);
    case 'page-down':
      return select(app, view, at + page);
    case 'page-up':
      return select(app, view, at - page);
    default:
      return select(app, view, at + by);
  }
}

/** Marks the selected row or takes its mark away, and goes on to the next row. */
export function toggleMark(app: App, view: TableName): void {
  const { selected, marked, index } = app.ui.lists[view];
  if (selected === undefined) return nothingSelected(app, view);
  const rest = marked.filter((id) => id !== selected);
  changeList(app, view, (list) => ({ ...list, marked: rest.length === marked.length ? [...marked, selected] : rest }));
  select(app, view, index + 1);
}

const kinds: Readonly<Record<TableName, string>> = {
  pods: 'pod',
  jobs: 'job',
  operations: 'operation',
  timeline: 'line',
  vertices: 'vertex',
  checkpoints: 'checkpoint',
  'checkpoint-facts': 'line',
  operators: 'operator',
  acknowledgements: 'subtask',
  exceptions: 'failure',
  'job-settings': 'key',
  stack: 'line',
  subtasks: 'subtask',
  attempts: 'attempt',
  'subtask-figures': 'figure',
  'subtask-metrics': 'metric',
  'vertex-taskmanagers': 'TaskManager',
  watermarks: 'subtask',
  accumulators: 'accumulator',
  metrics: 'metric',
  top: 'vertex',
  figures: 'part',
  slots: 'slot',
  threads: 'stack',
  movements: 'thread',
  files: 'file',
  settings: 'key',
  methods: 'method',
  templates: 'template',
  incident: 'line',
};

/** Explains why a key of a table did nothing. */
export function nothingSelected(app: App, view: TableName): void {
  const { filter } = app.ui.lists[view];
  const why = filter === undefined ? '.' : `: none matches ${filter.text}. Esc clears the filter.`;
  app.set({ result: { lines: [`No ${kinds[view]} is selected${why}`], tone: 'warn' } });
}

export function setFilter(app: App, panel: PanelName, filter: ListState['filter']): void {
  if (panel === 'log') changeLines(app, (log) => ({ ...log, filter }));
  else if (panel === 'text') changeText(app, (text) => withFilter(text, filter));
  else if (isTable(panel)) changeList(app, panel, (list) => ({ ...list, filter }));
}

export function scrollText(app: App, by: Step): void {
  const page = Math.max(1, innerHeight(app.frame(), 'text') - 1);
  changeText(app, (text) => {
    const { top, lines } = text;
    const next = by === 'first' ? 0 : by === 'last' ? lines.length : top + (by === 'page-down' ? page : by === 'page-up' ? -page : by);
    return { ...text, top: Math.max(0, next) };
  });
}

/** Opens a text to read. */
export function openText(
  app: App,
  title: string,
  lines: readonly string[],
  { about, asOf }: Pick<TextState, 'asOf'> & { readonly about?: WhyAbout | undefined } = {},
): void {
  const text = { title, all: lines, filter: undefined, lines, top: 0, about, asOf, search: undefined, found: undefined };
  app.update((ui) => ({ ...ui, trail: enter(ui.trail, textPlace(text, here(ui.trail))) }));
}

/** `?`: over the panels, or as a text if the screen is too small for all keys. */
export function openKeys(app: App): void {
  const frame = app.frame();
  if (keyColumns(frame) !== undefined) app.update((ui) => ({ ...ui, overlay: open(ui.overlay, { kind: 'keys' }) }));
  else openText(app, 'Keys', keyText(frame));
}

export const closeKeys = (app: App): void => app.update((ui) => ({ ...ui, overlay: open(ui.overlay, nothingOpen) }));

export function closeText(app: App): void {
  if (textOf(app.ui.trail)?.filter !== undefined) return setFilter(app, 'text', undefined);
  app.update((ui) => ({ ...ui, trail: leave(ui.trail) }));
}

/** Esc and `q` in a panel; false: there is nothing to go back from. */
export function goBack(app: App): boolean {
  const focus = focusOf(app.ui.trail);
  if (focus === 'log' && app.reading !== undefined) {
    app.stopReading();
    app.set({ result: { lines: ['The disk is not read any further.'], tone: 'info' } });
    return true;
  }
  if (focus !== 'command' && filterOf(app.ui, focus) !== undefined) {
    setFilter(app, focus, undefined);
    return true;
  }
  const way = wayBack(app.ui);
  if (way !== undefined) app.set(way);
  return way !== undefined;
}
