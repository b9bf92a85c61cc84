import type { CellForm, Column } from '../../session/tables/column.ts';
import { columnName } from '../../session/tables/column.ts';
import { plain } from '../../support/text-width.ts';
import { highlightAny, marks } from '../filter.ts';
import type { ViewName } from '../layout.ts';
import { words, type Look } from '../look.ts';
import { visibleRows } from '../room.ts';
import { tableRows, tableSources, type RowTypes } from '../rows.ts';
import type { Token } from '../theme.ts';
import type { Frame, ListState } from '../ui.ts';
import { columnAt, sortDirection, tableLines, type PaintCell, type Table } from '../widgets/table.ts';
import { emptyLines, foundFact, type PanelDrawing } from './panel.ts';

/** How one kind of table looks. */
export interface TableLooks<Row> {
  readonly title: string;
  /** Whether a row is counted in the title; absent: all are. */
  readonly counts?: (row: Row) => boolean;
  /** What needs an eye, behind the count. */
  readonly trouble: string;
  readonly dimmed?: boolean;
  /** What is said if there are no rows, without and with a filter. */
  readonly empty: string;
  readonly noMatch: (filter: string) => string;
  readonly paint: Readonly<Record<string, PaintCell<Row>>>;
  readonly tone?: (row: Row) => Token | undefined;
}

/** `212`; `3/212` if not all have room; `7 of 212` of a filter. */
function countOf<View extends ViewName>(frame: Frame, view: View, counts: TableLooks<RowTypes[View]>['counts']): string {
  const { all, shown } = tableRows(frame, view, frame.ui.lists[view]);
  const number = (rows: typeof all): number => (counts === undefined ? rows.length : rows.reduce((sum, row) => sum + (counts(row) ? 1 : 0), 0));
  const [some, every] = [number(shown), number(all)];
  const { selected, index } = frame.ui.lists[view];
  const place = shown.length > visibleRows(frame, view) && selected !== undefined && index < some ? `${index + 1}/` : '';
  return shown === all ? `${place}${every}` : `${place}${some} of ${every}`;
}

/** Marks what was looked for in a cell. A cell with a hit has no other colours: they would end in the middle of it. */
function marker(list: ListState, { theme }: Look): ((cell: string) => string) | undefined {
  const filters = marks(list);
  if (filters.length === 0) return undefined;
  return (cell) => {
    const bare = plain(cell);
    const marked = highlightAny(filters, bare, (hit) => theme.paint('match', hit));
    return marked === bare ? cell : marked;
  };
}

function tableOf<View extends ViewName>(frame: Frame, view: View, paint: TableLooks<RowTypes[View]>['paint'], room: Pick<Table<unknown>, 'width' | 'height' | 'focused'>): Table<RowTypes[View]> {
  const list = frame.ui.lists[view];
  const { columns, idOf } = tableSources[view];
  const { shown: rows } = tableRows(frame, view, list);
  const form: CellForm = { now: frame.now, whole: false };
  const mark = marker(list, frame.look);
  return { ...room, rows, columns, form, paint, ...(mark === undefined ? {} : { mark }), top: list.top, selected: list.selected === undefined ? -1 : rows.findIndex((row) => idOf(row) === list.selected), sort: list.sort };
}

/** A table in its panel: the count of what is shown, the order and the filter are in the title. */
export function drawTable<View extends ViewName>(frame: Frame, view: View, looks: TableLooks<RowTypes[View]>, known: boolean): PanelDrawing {
  const { look } = frame;
  const { theme } = look;
  const { filter, search, sort, top, index, selected } = frame.ui.lists[view];
  const { all, shown, hits } = tableRows(frame, view, frame.ui.lists[view]);
  const column = (tableSources[view].columns as readonly Pick<Column<never>, 'title'>[]).find((each) => columnName(each) === sort?.column);
  const facts = [
    ...(sort === undefined || column === undefined ? [] : [theme.paint('accent', `by ${column.title} ${sortDirection(sort, look)}`)]),
    ...(search === undefined ? [] : [theme.paint('accent', words(look, foundFact(search, selected === undefined ? -1 : hits.indexOf(index), hits.length, look)))]),
    ...(known && (all.length > 0 || filter !== undefined) ? [countOf(frame, view, looks.counts)] : []),
    ...(looks.trouble === '' ? [] : [looks.trouble]),
  ];
  return {
    title: filter === undefined ? looks.title : `${looks.title} /${filter.text}`,
    facts: facts.join(' · '),
    dimmed: looks.dimmed === true,
    titleAt: (x, width, height) => columnAt(tableOf(frame, view, looks.paint, { width, height, focused: true }), x, look),
    scroll: (height) => ({ top, visible: height - 1, count: shown.length, from: 1 }),
    lines: (width, height, focused) => shown.length === 0
      ? emptyLines(filter === undefined ? looks.empty : looks.noMatch(filter.text), width, look)
      : tableLines({ ...tableOf(frame, view, looks.paint, { width, height, focused }), ...(looks.tone === undefined ? {} : { tone: looks.tone }) }, look),
  };
}
