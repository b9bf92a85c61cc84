import { columnName, type Column } from '../../session/tables/column.ts';
import type { Instant } from '../../support/clock.ts';
import { plain } from '../../support/text-width.ts';
import { highlightAny, marks } from '../state/filter.ts';
import type { TableName } from '../state/layout.ts';
import { words, type Look } from '../look/look.ts';
import { tableRows, type TableRows } from '../state/table-rows.ts';
import { tableSources, type RowTypes } from '../state/table-sources.ts';
import type { Frame, ListState } from '../state/ui.ts';
import { foundFact } from './found.ts';
import { acknowledgementCells, checkpointCells, checkpointFactCells, operatorCells } from './checkpoints.ts';
import { exceptionCells, stackCells } from './exceptions.ts';
import { jobSettingCells } from './job.ts';
import { jobCells } from './jobs.ts';
import { operationCells } from './operations.ts';
import { podCells } from './pods.ts';
import type { Scroll } from './scroll.ts';
import { attemptCells, subtaskCells, topCells } from './subtasks.ts';
import { cardCells } from './incident.ts';
import { templateCells } from './templates.ts';
import { timelineCells } from './timeline.ts';
import { figureCells, settingCells, threadCells, movementCells } from './process.ts';
import { vertexCells } from './vertices.ts';
import { columnAt, sortDirection, type PaintCells, type Table } from './table-lines.ts';

/** How to draw the cells of each table. */
const cells: { readonly [View in TableName]: (look: Look) => PaintCells<RowTypes[View]> } = {
  pods: podCells,
  jobs: jobCells,
  operations: operationCells,
  timeline: timelineCells,
  vertices: vertexCells,
  checkpoints: checkpointCells,
  'checkpoint-facts': checkpointFactCells,
  operators: operatorCells,
  acknowledgements: acknowledgementCells,
  exceptions: exceptionCells,
  'job-settings': jobSettingCells,
  stack: stackCells,
  subtasks: subtaskCells,
  attempts: attemptCells,
  'subtask-figures': () => ({}),
  'subtask-metrics': () => ({}),
  'vertex-taskmanagers': () => ({}),
  watermarks: subtaskCells,
  accumulators: () => ({}),
  metrics: () => ({}),
  top: topCells,
  figures: figureCells,
  slots: () => ({}),
  threads: threadCells,
  movements: movementCells,
  files: () => ({}),
  settings: settingCells,
  methods: () => ({}),
  templates: templateCells,
  incident: cardCells,
};

/** The current content of a table. */
export interface TableState<View extends TableName> {
  readonly view: View;
  readonly rows: TableRows<RowTypes[View]>;
  readonly list: ListState;
  readonly now: Instant;
  readonly look: Look;
}

/** Marks the match of a search in a cell. A cell with a match has no other colours: they would end in the middle of it. */
function marker(list: ListState, { theme }: Look): ((cell: string) => string) | undefined {
  const filters = marks(list);
  if (filters.length === 0) return undefined;
  return (cell) => {
    const bare = plain(cell);
    const marked = highlightAny(filters, bare, (hit) => theme.paint('match', hit));
    return marked === bare ? cell : marked;
  };
}

type Room = Pick<Table<unknown>, 'width' | 'height' | 'focused'>;

/** A table for an area. */
export function tableOf<View extends TableName>({ view, rows, list, now, look }: TableState<View>, room: Room): Table<RowTypes[View]> {
  const { columns, idOf } = tableSources[view];
  const selected = list.selected === undefined ? -1 : rows.shown.findIndex((row) => idOf(row) === list.selected);
  const mark = marker(list, look);
  return {
    ...room,
    rows: rows.shown,
    columns,
    form: { now, whole: false },
    paint: cells[view](look),
    top: list.top,
    selected,
    sort: list.sort,
    ...(mark === undefined ? {} : { mark }),
    ...(list.marked.length === 0 ? {} : { isMarked: (row) => list.marked.includes(idOf(row)) }),
  };
}

export const tableTitle = (title: string, { filter }: ListState): string => (filter === undefined ? title : `${title} /${filter.text}`);

/** Which rows are visible, if not all have room: the first line of a table has its titles. */
export const tableScroll = <View extends TableName>({ rows, list }: TableState<View>, height: number): Scroll => ({
  top: list.top,
  visible: height - 1,
  count: rows.shown.length,
  from: 1,
});

/** `212`; `3/212` if not all have room; `7 of 212` with a filter. */
function countOf<View extends TableName>({ rows: { all, shown }, list }: TableState<View>, visible: number, counts: Counts<View>): string {
  const number = (rows: typeof all): number =>
    counts === undefined ? rows.length : rows.reduce((sum, row) => sum + (counts(row) ? 1 : 0), 0);
  const [some, every] = [number(shown), number(all)];
  const place = shown.length > visible && list.selected !== undefined && list.index < some ? `${list.index + 1}/` : '';
  return shown === all ? `${place}${every}` : `${place}${some} of ${every}`;
}

/** Whether the title counts a row; undefined: all are counted. */
export type Counts<View extends TableName> = ((row: RowTypes[View]) => boolean) | undefined;

/** The order, the position of a search, and the number of rows. `known`: the rows are known, even if there are none. */
export function tableFacts<View extends TableName>(
  state: TableState<View>,
  visible: number,
  known: boolean,
  counts: Counts<View>,
): readonly string[] {
  const {
    view,
    rows: { all, hits },
    list: { filter, search, sort, index, selected, marked },
    look,
  } = state;
  const { theme } = look;
  const column = (tableSources[view].columns as readonly Pick<Column<never>, 'title'>[]).find((each) => columnName(each) === sort?.column);
  return [
    ...(sort === undefined || column === undefined ? [] : [theme.paint('accent', `by ${column.title} ${sortDirection(sort, look)}`)]),
    ...(marked.length === 0 ? [] : [theme.paint('accent', `${marked.length} marked`)]),
    ...(search === undefined
      ? []
      : [theme.paint('accent', words(look, foundFact(search, selected === undefined ? -1 : hits.indexOf(index), hits.length, look)))]),
    ...(known && (all.length > 0 || filter !== undefined) ? [countOf(state, visible, counts)] : []),
  ];
}

/** The name of the column whose title is at this cell of the screen. */
export function titleAt(frame: Frame, view: TableName, x: number, y: number): string | undefined {
  const area = frame.layout.panels.find(({ name }) => name === view)?.area;
  if (area === undefined || y !== area.y + 1) return undefined;
  return titleIn(frame, view, { width: area.width - 2, height: area.height - 2, focused: true }, x - area.x - 1);
}

function titleIn<View extends TableName>(frame: Frame, view: View, room: Room, x: number): string | undefined {
  const {
    now,
    look,
    ui: {
      lists: { [view]: list },
    },
  } = frame;
  return columnAt(tableOf({ view, rows: tableRows(frame, view, list), list, now, look }, room), x, look);
}
