import type { App } from './app.ts';
import type { TableName } from '../state/layout.ts';
import { rowsOf } from '../state/table-rows.ts';
import type { ListState } from '../state/ui.ts';
import { changeList, focusedView, select } from './panels.ts';

export const setRowSearch = (app: App, view: TableName, search: ListState['search']): void =>
  changeList(app, view, (list) => ({ ...list, search }));

/** Selects the next matching row, from the selected one on; after the last one, the first. */
export function findRow(app: App, turn: 'on' | 'back'): void {
  const view = focusedView(app);
  if (view === undefined) return;
  const { search: asked, filter, selected } = app.ui.lists[view];
  // The filter's matches can be searched as well.
  const search = asked ?? filter;
  if (search === undefined) return;
  if (asked === undefined) setRowSearch(app, view, search);
  const rows = rowsOf(app.frame(), view, app.ui.lists[view]);
  const at = selected === undefined ? -1 : rows.indexOf(selected);
  const hits = rows.hits();
  const next = turn === 'on' ? (hits.find((index) => index > at) ?? hits[0]) : (hits.findLast((index) => index < at) ?? hits.at(-1));
  if (next !== undefined) select(app, view, next);
  else app.set({ result: { lines: [`No row matches ${search.text}`], tone: 'warn' } });
}
