import type { CellForm } from '../../session/tables/column.ts';
import { sortRows, type SortOrder } from '../../session/tables/order.ts';
import { remembered } from './remembered.ts';
import { matches, type TextFilter } from './filter.ts';
import type { TableName } from './layout.ts';
import { heldOrder, keepOrder } from './table-order.ts';
import type { ListState } from './ui.ts';
import { type At, type RowTypes, type TableSource, tableSources } from './table-sources.ts';

/** Rows of a table: all of them in its order, those that pass the filter, and the indexes of those that match the search. */
export interface TableRows<Row> {
  readonly all: readonly Row[];
  readonly shown: readonly Row[];
  readonly hits: readonly number[];
}

/** The text of a row for filters and searches: its displayed text, in all columns. */
function filterText<Row extends object>(
  { columns, besides }: TableSource<Row>,
  known: WeakMap<Row, string>,
  row: Row,
  form: CellForm,
): string {
  let text = known.get(row);
  if (text === undefined) {
    text = `${columns
      .filter(({ ticks }) => ticks !== true)
      .map((column) => column.text(row, form))
      .join(' ')} ${besides(row)}`;
    known.set(row, text);
  }
  return text;
}

const none: readonly number[] = [];

function tableOf<Row extends object>(source: TableSource<Row>): (at: At, list: ListState) => TableRows<Row> {
  const texts = new WeakMap<Row, string>();
  // Sorted again only because something happened, not because time went by.
  let now = 0;
  const ordered = remembered((all: readonly Row[], sort: SortOrder | undefined, held: readonly string[] | undefined) => {
    const rows = sort === undefined ? source.usual(all) : sortRows(all, source.columns, sort, { now, whole: false });
    return held === undefined ? rows : keepOrder(rows, held, source.idOf);
  });
  const fits = (filter: TextFilter, row: Row): boolean => matches(filter, filterText(source, texts, row, { now, whole: false }));
  const filtered = remembered((all: readonly Row[], filter: TextFilter | undefined) =>
    filter === undefined ? all : all.filter((row) => fits(filter, row)),
  );
  const found = remembered((shown: readonly Row[], search: TextFilter | undefined) =>
    search === undefined ? none : shown.flatMap((row, index) => (fits(search, row) ? [index] : [])),
  );
  // The same object while its content is the same, so that nothing based on it is drawn again.
  const together = remembered((all: readonly Row[], shown: readonly Row[], hits: readonly number[]): TableRows<Row> => ({
    all,
    shown,
    hits,
  }));
  return (at, list) => {
    now = at.now;
    const all = ordered(source.all(at), list.sort, list.held);
    const shown = filtered(all, list.filter);
    return together(all, shown, found(shown, list.search));
  };
}

const tables: { readonly [View in TableName]: (at: At, list: ListState) => TableRows<RowTypes[View]> } = {
  pods: tableOf(tableSources.pods),
  jobs: tableOf(tableSources.jobs),
  operations: tableOf(tableSources.operations),
  timeline: tableOf(tableSources.timeline),
  vertices: tableOf(tableSources.vertices),
  checkpoints: tableOf(tableSources.checkpoints),
  'checkpoint-facts': tableOf(tableSources['checkpoint-facts']),
  operators: tableOf(tableSources.operators),
  acknowledgements: tableOf(tableSources.acknowledgements),
  exceptions: tableOf(tableSources.exceptions),
  'job-settings': tableOf(tableSources['job-settings']),
  stack: tableOf(tableSources.stack),
  subtasks: tableOf(tableSources.subtasks),
  attempts: tableOf(tableSources.attempts),
  'subtask-figures': tableOf(tableSources['subtask-figures']),
  'subtask-metrics': tableOf(tableSources['subtask-metrics']),
  'vertex-taskmanagers': tableOf(tableSources['vertex-taskmanagers']),
  watermarks: tableOf(tableSources.watermarks),
  accumulators: tableOf(tableSources.accumulators),
  metrics: tableOf(tableSources.metrics),
  top: tableOf(tableSources.top),
  figures: tableOf(tableSources.figures),
  slots: tableOf(tableSources.slots),
  threads: tableOf(tableSources.threads),
  movements: tableOf(tableSources.movements),
  files: tableOf(tableSources.files),
  settings: tableOf(tableSources.settings),
  methods: tableOf(tableSources.methods),
  templates: tableOf(tableSources.templates),
  incident: tableOf(tableSources.incident),
};

/** The rows of a table, with its order and its filter. */
export const tableRows = <View extends TableName>(at: At, view: View, list: ListState): TableRows<RowTypes[View]> => tables[view](at, list);

/** A table, as far as keys and scrolling need it: the number of rows, and which object is where. */
export interface Rows {
  readonly count: number;
  /** Including those that the filter hides. */
  readonly total: number;
  idAt(index: number): string | undefined;
  indexOf(id: string): number;
  /** The indexes of the rows that match the search. */
  hits(): readonly number[];
  /** Whether there is such an object, even if the filter hides it. */
  has(id: string): boolean;
  /** The current order of the table, to be kept while the user is in it. */
  held(): readonly string[];
}

export function rowsOf<View extends TableName>(at: At, view: View, list: ListState): Rows {
  const { idOf } = tableSources[view];
  const { all, shown, hits } = tables[view](at, list);
  return {
    count: shown.length,
    total: all.length,
    idAt(index) {
      const row = shown[index];
      return row === undefined ? undefined : idOf(row);
    },
    indexOf: (wanted) => shown.findIndex((row) => idOf(row) === wanted),
    hits: () => hits,
    has: (wanted) => all.some((row) => idOf(row) === wanted),
    held: () => heldOrder(all, list.held, idOf),
  };
}
