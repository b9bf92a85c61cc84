import { editCommand, keepTyping } from '../actions/command-line.ts';
import { choose } from '../actions/dialog.ts';
import { moveInFlame, selectInFlame } from '../actions/flame.ts';
import { moveInGraph, selectInGraph } from '../actions/graph.ts';
import { scrollLog } from '../actions/log.ts';
import { closeKeys, focusPanel, scrollTable, scrollText, select } from '../actions/panels.ts';
import { lookAtView } from '../actions/place.ts';
import { sortByColumn } from '../actions/sort.ts';
import type { App } from '../actions/app.ts';
import { isTable, panelAt, type PanelName } from '../state/layout.ts';
import { lineStart } from '../rows/bottom.ts';
import { dialogBox } from '../rows/dialog.ts';
import { titleAt } from '../rows/table.ts';
import { tabAt } from '../rows/tabs.ts';
import { visibleRows } from '../state/room.ts';
import { rowsOf } from '../state/table-rows.ts';
import type { Report } from '../terminal/reports.ts';
import { offsetAt } from '../state/line-text.ts';
import { focusOf } from '../state/trail.ts';

const wheelStep = 3;

/** The mouse, if it is on: the wheel scrolls what is under it; a click focuses, selects, sorts and chooses. */
export function handleReport(app: App, report: Report): void {
  if (app.ended) return;
  if (report.kind === 'focus') return app.attached?.feeds.setFocus(report.focused);
  if (!app.ui.mouse || app.frame().layout.kind === 'tiny') return;
  if (report.kind === 'wheel') scroll(app, report);
  else click(app, report);
}

function scroll(app: App, { x, y, down }: Extract<Report, { kind: 'wheel' }>): void {
  if (app.ui.overlay.kind === 'dialog') return;
  const panel = panelAt(app.frame().layout, x, y);
  const by = down ? wheelStep : -wheelStep;
  if (panel === 'log') scrollLog(app, by);
  else if (panel === 'text') scrollText(app, by);
  else if (panel === 'graph') moveInGraph(app, down ? 'down' : 'up');
  else if (panel === 'flame') moveInFlame(app, down ? 'in' : 'out');
  else if (panel !== undefined && isTable(panel)) scrollTable(app, panel, by);
}

function click(app: App, { x, y }: Extract<Report, { kind: 'click' }>): void {
  const frame = app.frame();
  const { layout, ui } = frame;
  const { overlay } = ui;
  if (overlay.kind === 'dialog') {
    const first = dialogBox(overlay.dialog, frame.session.jobs, layout.size, frame.now, frame.look).firstWay;
    // Only chooses: a question's phrase has to be typed.
    return first === undefined ? undefined : choose(app, y - first);
  }
  if (overlay.kind === 'keys') return closeKeys(app);
  // What is typed is for the panel from which the prompt was opened.
  if (overlay.kind === 'prompt') return;
  if (y === layout.command.y) return placeCursor(app, x, layout.command.width);
  if (y === layout.tabs?.y) {
    const tab = tabAt(frame, x);
    if (tab === undefined) return;
    return tab.kind === 'panel' ? focusPanel(app, tab.panel) : lookAtView(app, tab.view);
  }
  const panel = panelAt(layout, x, y);
  if (panel !== undefined) clickPanel(app, panel, x, y);
}

function clickPanel(app: App, panel: PanelName, x: number, y: number): void {
  const frame = app.frame();
  const { layout, ui } = frame;
  if (focusOf(ui.trail) !== panel) focusPanel(app, panel);
  if (panel === 'graph') return clickWithin(app, panel, x, y, selectInGraph);
  if (panel === 'flame') return clickWithin(app, panel, x, y, selectInFlame);
  if (!isTable(panel)) return;
  const title = titleAt(app.frame(), panel, x, y);
  if (title !== undefined) return sortByColumn(app, panel, title);
  // Below the border and the line of titles.
  const row = y - (layout.panels.find(({ name }) => name === panel)?.area.y ?? 0) - 2;
  const index = ui.lists[panel].top + row;
  if (row >= 0 && row < visibleRows(frame, panel) && index < rowsOf(frame, panel, ui.lists[panel]).count) select(app, panel, index);
}

/** Within the borders of the panel. */
function clickWithin(app: App, panel: PanelName, x: number, y: number, select: (app: App, x: number, y: number) => void): void {
  const area = app.frame().layout.panels.find(({ name }) => name === panel)?.area;
  if (area !== undefined) select(app, x - area.x - 1, y - area.y - 1);
}

function placeCursor(app: App, x: number, width: number): void {
  keepTyping(app);
  editCommand(app, (line) => ({ ...line, cursor: offsetAt(line, x - lineStart, width - lineStart - 1) }));
}
