import { selectJobRows, type JobRow } from '../../session/selectors/jobs.ts';
import { selectPodRows, type PodRow } from '../../session/selectors/pods.ts';
import type { CellForm, Column } from '../../session/tables/column.ts';
import { jobColumns } from '../../session/tables/jobs.ts';
import { needOf } from '../../session/tables/need.ts';
import { operationColumns } from '../../session/tables/operations.ts';
import { sortRows, type SortOrder } from '../../session/tables/order.ts';
import { podColumns } from '../../session/tables/pods.ts';
import { timelineColumns } from '../../session/tables/timeline.ts';
import { vertexColumns, vertexRows, type VertexRow } from '../../session/tables/vertices.ts';
import { inspectionOf } from '../../session/inspections/inspections.ts';
import type { SubtaskCheckpoint } from '../../flink/checkpoint-types.ts';
import type { NamedVertex } from '../../inside/checkpoints/holdup.ts';
import type { CheckpointFacts } from '../../inside/checkpoints/overview.ts';
import type { FailureFacts } from '../../inside/exceptions/failures.ts';
import { checkpointFactColumns, checkpointFactRows, type CheckpointFact } from '../../session/tables/checkpoint-facts.ts';
import { checkpointColumns, checkpointSubtaskColumns, checkpointVertexColumns } from '../../session/tables/checkpoints.ts';
import { exceptionColumns } from '../../session/tables/exceptions.ts';
import { stackColumns, stackRows, type StackRow } from '../../session/tables/stack.ts';
import type { Accumulator } from '../../flink/vertex-types.ts';
import { accumulatorColumns } from '../../session/tables/accumulators.ts';
import { subtaskColumns, type SubtaskRow, watermarkColumns } from '../../session/tables/subtasks.ts';
import { topColumns, type TopRow } from '../../session/tables/top.ts';
import { vertexTaskManagerColumns, type VertexTaskManagerRow } from '../../session/tables/vertex-taskmanagers.ts';
import { metricColumns, aggregations } from '../../session/tables/metrics.ts';
import type { MetricInside } from '../../inside/vertex/metric-history.ts';
import { accumulatorRows, metricRows, subtaskRows, topRows, vertexTaskManagerRows } from './vertex-rows.ts';
import { type ProcessRows, processSources } from './process-rows.ts';
import { remembered } from './remembered.ts';
import type { Operation, Session, TimelineEntry } from '../../session/types.ts';
import { matches, type TextFilter } from './filter.ts';
import type { TableName } from './layout.ts';
import { heldOrder, keepOrder } from './table-order.ts';
import { checkpointHere, checkpointsHere, exceptionHere, exceptionsHere, operatorHere } from './inspected.ts';
import { nearest } from './trail.ts';
import type { Frame, ListState } from './ui.ts';

/** The row type of each table. */
export interface RowTypes extends ProcessRows {
  readonly pods: PodRow;
  readonly jobs: JobRow;
  readonly operations: Operation;
  readonly timeline: TimelineEntry;
  readonly vertices: VertexRow;
  readonly checkpoints: CheckpointFacts;
  readonly 'checkpoint-facts': CheckpointFact;
  readonly operators: NamedVertex;
  readonly acknowledgements: SubtaskCheckpoint;
  readonly exceptions: FailureFacts;
  readonly stack: StackRow;
  readonly subtasks: SubtaskRow;
  readonly 'vertex-taskmanagers': VertexTaskManagerRow;
  readonly watermarks: SubtaskRow;
  readonly accumulators: Accumulator;
  readonly metrics: MetricInside;
  readonly top: TopRow;
}

/** A table of the screen: where its rows come from, and how they are ordered and searched. */
interface TableSource<Row> {
  readonly columns: readonly Column<Row>[];
  /** All rows, in their original order. */
  readonly all: (at: At) => readonly Row[];
  readonly idOf: (row: Row) => string;
  /** The order unless the user chose one. */
  readonly usual: (rows: readonly Row[]) => readonly Row[];
  /** What a filter matches in addition to the cells. */
  readonly besides: (row: Row) => string;
}

/** Pods that are gone stay in the table for a while: users look for their last words. */
const goneShown = 5;

const shownPods = remembered((all: readonly PodRow[], alive: Session['pods']): readonly PodRow[] => {
  let gone = 0;
  // If a pod came back under its name, only the new one is shown.
  return all.filter(({ goneAt, key }) => goneAt === undefined || (!alive.has(key) && ++gone <= goneShown));
});

/** Rows in trouble come first; otherwise the rows keep their order. */
function troubleFirst<Row>(rows: readonly Row[], rank: (row: Row) => number): readonly Row[] {
  return rows.some((row, index) => index > 0 && rank(row) < rank(rows[index - 1] as Row))
    ? rows.toSorted((a, b) => rank(a) - rank(b))
    : rows;
}

/** Pods that are gone come last, those that failed first among them. */
const podRank = ({ severity, goneAt }: PodRow): number =>
  goneAt !== undefined ? (severity === 'error' ? 3 : 4) : severity === 'error' ? 0 : severity === 'warn' ? 1 : 2;

/** First the jobs that can still be helped, then failed, then running, then successfully ended ones. */
const jobRank = ({ severity }: JobRow): number => (severity === 'warn' ? 0 : 4 + 1 - needOf(severity));

/** `Restarting`: Flink's word as displayed. */
export const stateWord = (state: string): string => state.charAt(0) + state.slice(1).toLowerCase();

const newestOperations = remembered((rows: readonly Operation[]): readonly Operation[] => rows.toReversed());
const newestLines = remembered((rows: readonly TimelineEntry[]): readonly TimelineEntry[] => rows.toReversed());
const asTheyAre = <Row>(rows: readonly Row[]): readonly Row[] => rows;

const noVertices: readonly VertexRow[] = [];
const shownVertices = remembered(vertexRows);
const nothing: readonly never[] = [];
const factsOf = remembered(checkpointFactRows);
const foldedStack = remembered((failure: FailureFacts): readonly StackRow[] => stackRows(failure, true));
const wholeStack = remembered((failure: FailureFacts): readonly StackRow[] => stackRows(failure, false));
const shownMetricColumns: readonly Column<MetricInside>[] = metricColumns(aggregations);

/** A subtask is also found by its state in words, and by the whole name of its pod. */
const byTaskManager = ({ state, taskManagerId }: SubtaskRow): string => `${stateWord(state)} ${taskManagerId ?? ''}`;

const busiestFirst = remembered((rows: readonly TopRow[]): readonly TopRow[] =>
  rows.toSorted((a, b) => (b.load?.busiest ?? -1) - (a.load?.busiest ?? -1)),
);

/** Entries of the timeline have no name. */
export const timelineId = ({ at, from, text }: TimelineEntry): string => `${at} ${from} ${text}`;

export const tableSources: { readonly [View in TableName]: TableSource<RowTypes[View]> } = {
  pods: {
    columns: podColumns,
    all: ({ session }) => shownPods(selectPodRows(session), session.pods),
    idOf: ({ key }) => key,
    usual: (rows) => troubleFirst(rows, podRank),
    besides: ({ key }) => key,
  },
  jobs: {
    columns: jobColumns,
    all: ({ session }) => selectJobRows(session),
    idOf: ({ key }) => key,
    usual: (rows) => troubleFirst(rows, jobRank),
    besides: ({ key, state }) => `${key} ${stateWord(state)}`,
  },
  operations: {
    columns: operationColumns,
    all: ({ session }) => newestOperations(session.operations),
    idOf: ({ id }) => id,
    usual: asTheyAre,
    besides: ({ state, progress }) => `${stateWord(state)} ${progress ?? ''}`,
  },
  timeline: {
    columns: timelineColumns,
    all: ({ session }) => newestLines(session.timeline),
    idOf: timelineId,
    usual: asTheyAre,
    besides: () => '',
  },
  vertices: {
    columns: vertexColumns,
    all({ session, ui }) {
      const subject = nearest(ui.trail, 'job');
      const facts = subject === undefined ? undefined : inspectionOf(session, subject)?.facts;
      return facts === undefined ? noVertices : shownVertices(facts);
    },
    idOf: ({ vertex }) => vertex.id,
    usual: asTheyAre,
    besides: ({ vertex }) => `${vertex.id} ${stateWord(vertex.state)} ${vertex.operators.join(' ')}`,
  },
  checkpoints: {
    columns: checkpointColumns,
    all: (at) => checkpointsHere(at)?.facts?.rows ?? nothing,
    idOf: ({ id }) => String(id),
    usual: asTheyAre,
    besides: ({ kind, status }) => `${kind} ${status}`,
  },
  'checkpoint-facts': {
    columns: checkpointFactColumns,
    all(at) {
      const facts = checkpointsHere(at)?.facts;
      return facts === undefined ? nothing : factsOf(facts);
    },
    idOf: ({ label }) => label,
    usual: asTheyAre,
    besides: () => '',
  },
  operators: {
    columns: checkpointVertexColumns,
    all: (at) => checkpointHere(at)?.facts?.vertices ?? nothing,
    idOf: ({ vertexId }) => vertexId,
    usual: asTheyAre,
    besides: ({ vertexId }) => vertexId,
  },
  acknowledgements: {
    columns: checkpointSubtaskColumns,
    all: (at) => operatorHere(at)?.facts?.subtasks ?? nothing,
    idOf: ({ subtask }) => String(subtask),
    usual: asTheyAre,
    besides: () => '',
  },
  exceptions: {
    columns: exceptionColumns,
    all: (at) => exceptionsHere(at)?.facts?.failures ?? nothing,
    idOf: ({ id }) => id,
    usual: asTheyAre,
    besides: ({ message, className }) => `${className} ${message}`,
  },
  stack: {
    columns: stackColumns,
    all(at) {
      const failure = exceptionHere(at)?.facts;
      if (failure === undefined) return nothing;
      return nearest(at.ui.trail, 'exception')?.folded === false ? wholeStack(failure) : foldedStack(failure);
    },
    idOf: ({ id }) => id,
    usual: asTheyAre,
    besides: () => '',
  },
  subtasks: { columns: subtaskColumns, all: subtaskRows, idOf: ({ key }) => key, usual: asTheyAre, besides: byTaskManager },
  'vertex-taskmanagers': {
    columns: vertexTaskManagerColumns,
    all: vertexTaskManagerRows,
    idOf: ({ key }) => key,
    usual: asTheyAre,
    besides: ({ key }) => key,
  },
  watermarks: { columns: watermarkColumns, all: subtaskRows, idOf: ({ key }) => key, usual: asTheyAre, besides: byTaskManager },
  accumulators: {
    columns: accumulatorColumns,
    all: accumulatorRows,
    idOf: ({ name }) => name,
    usual: asTheyAre,
    besides: () => '',
  },
  metrics: { columns: shownMetricColumns, all: metricRows, idOf: ({ name }) => name, usual: asTheyAre, besides: () => '' },
  ...processSources,
  top: { columns: topColumns, all: topRows, idOf: ({ key }) => key, usual: busiestFirst, besides: ({ id }) => id },
};

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

/** The moment for which a table is sorted: ages of what has ended stay the same, all others grow. */
type At = Pick<Frame, 'session' | 'now' | 'ui'>;

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
  stack: tableOf(tableSources.stack),
  subtasks: tableOf(tableSources.subtasks),
  'vertex-taskmanagers': tableOf(tableSources['vertex-taskmanagers']),
  watermarks: tableOf(tableSources.watermarks),
  accumulators: tableOf(tableSources.accumulators),
  metrics: tableOf(tableSources.metrics),
  top: tableOf(tableSources.top),
  figures: tableOf(tableSources.figures),
  slots: tableOf(tableSources.slots),
  threads: tableOf(tableSources.threads),
  files: tableOf(tableSources.files),
  settings: tableOf(tableSources.settings),
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
