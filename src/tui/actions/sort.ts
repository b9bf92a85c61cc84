import type { App } from './app.ts';
import { columnName, type Column } from '../../session/tables/column.ts';
import { firstOrder, type SortOrder } from '../../session/tables/order.ts';
import { isTable, tableTitles, type TableName } from '../state/layout.ts';
import { tableRows } from '../state/table-rows.ts';
import { tableSources } from '../state/table-sources.ts';
import { sortDirection } from '../rows/table-lines.ts';
import { changeList, focusedView } from './panels.ts';
import { here, viewOf } from '../state/trail.ts';

/** The possible orders of a table: its default, and one for each column with content. */
function orders(app: App, view: TableName): readonly (SortOrder | undefined)[] {
  const { shown, all } = tableRows(app.frame(), view, app.ui.lists[view]);
  const rows = shown.length > 0 ? shown : all;
  const columns = tableSources[view].columns as readonly Column<never>[];
  return [
    undefined,
    ...columns.filter(({ optional }) => optional === undefined || (rows as readonly never[]).some(optional)).map(firstOrder),
  ];
}

/** Sorts again, and drops the order that is kept while the user is in the table. */
const sortTable = (app: App, view: TableName, sort: SortOrder | undefined): void =>
  changeList(app, view, (list) => ({ ...list, sort, held: undefined }));

/** The next column, or the previous one; after the last one, the default order again. */
export function stepSort(app: App, step: 1 | -1): void {
  const view = focusedView(app);
  if (view === undefined) return;
  const all = orders(app, view);
  const at = all.findIndex((order) => order?.column === app.ui.lists[view].sort?.column);
  sortTable(app, view, all[(at + step + all.length) % all.length]);
}

/** Reverses the order of the current column. */
export function reverseSort(app: App): void {
  const view = focusedView(app);
  if (view === undefined) return;
  const { sort } = app.ui.lists[view];
  if (sort === undefined)
    return app.set({ result: { lines: ["This is the table's own order. s sorts by a column, and R reverses that."], tone: 'info' } });
  sortTable(app, view, { ...sort, descending: !sort.descending });
}

/** Sorts by the column of this name; again, reverses it. */
export function sortByColumn(app: App, view: TableName, name: string): void {
  const { sort } = app.ui.lists[view];
  if (sort?.column === name) return sortTable(app, view, { ...sort, descending: !sort.descending });
  const columns = tableSources[view].columns as readonly Column<never>[];
  const column = columns.find((each) => columnName(each) === name);
  if (column !== undefined) sortTable(app, view, firstOrder(column));
}

/** The table that a typed command refers to: the one in which typing was started, otherwise the displayed one. */
function shownTable({ ui: { trail } }: App): TableName {
  const { typing, panel } = here(trail);
  return typing !== 'on' && isTable(panel) ? panel : viewOf(trail);
}

export const sortableColumns = (app: App): readonly string[] => orders(app, shownTable(app)).flatMap((order) => order?.column ?? []);

/** Sorts by a typed column, and reports it: on the command line it is not visible which table is meant. */
export function sortShown(app: App, name: string | undefined, direction: 'asc' | 'desc' | undefined): void {
  const view = shownTable(app);
  const first = orders(app, view).find((order) => order?.column === name);
  const order = first === undefined || direction === undefined ? first : { ...first, descending: direction === 'desc' };
  sortTable(app, view, order);
  const how = order === undefined ? 'its own order' : `by ${order.column.toUpperCase()} ${sortDirection(order, app.frame().look)}`;
  app.set({ result: { lines: [`${tableTitles[view]}: ${how}.`], tone: 'info' } });
}
