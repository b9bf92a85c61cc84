import type { JobRow } from '../session/selectors/jobs.ts';
import { selectJobRows } from '../session/selectors/jobs.ts';
import { selectPodRows, type PodRow } from '../session/selectors/pods.ts';
import type { Operation, Session, StoryLine } from '../session/types.ts';
import { matches, type TextFilter } from './filter.ts';
import type { ViewName } from './layout.ts';
import type { ListState } from './ui.ts';

/** The orders of each table by the column that carries the mark; the first is the session's own. */
export const orders: Readonly<Record<ViewName, readonly string[]>> = {
  pods: ['', 'STATE', 'RST', 'AGE', 'MEM'],
  jobs: ['', 'NAME', 'STATE', 'RST'],
  operations: [''],
  story: [''],
};

const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);

/** Keeps the last result while everything it was made of is the same. */
function remembered<Args extends readonly unknown[], Result>(make: (...args: Args) => Result): (...args: Args) => Result {
  let last: { readonly args: Args; readonly result: Result } | undefined;
  return (...args) => {
    if (last !== undefined && last.args.every((value, index) => Object.is(value, args[index]))) return last.result;
    last = { args, result: make(...args) };
    return last.result;
  };
}

const severityRank: Readonly<Record<PodRow['severity'], number>> = { error: 0, warn: 1, busy: 2, ok: 3, done: 4 };

/** Pods that went stay in the table for a while, below the others: their last words are why one looks. */
const goneShown = 5;

const podRanks: Readonly<Record<string, (row: PodRow) => number>> = {
  STATE: (row) => severityRank[row.severity],
  RST: (row) => -row.restarts,
  AGE: (row) => -row.createdAt,
  MEM: (row) => -(row.memory ?? 0),
};

const podTable = remembered((all: readonly PodRow[], alive: Session['pods'], order: number, filter: TextFilter | undefined): readonly PodRow[] => {
  let gone = 0;
  const kept = all.filter((row) => {
    // A pod that came back under its name is the one that is meant.
    if (row.goneAt !== undefined && (alive.has(row.key) || ++gone > goneShown)) return false;
    return filter === undefined || matches(filter, `${row.key} ${row.state} ${row.node ?? ''}`);
  });
  const rank = podRanks[orders.pods[order] ?? ''];
  if (rank === undefined) return kept;
  // Sorting keeps the order of what is equal, so rows do not jump among their likes.
  return kept.toSorted((a, b) => Number(a.goneAt !== undefined) - Number(b.goneAt !== undefined) || compare(rank(a), rank(b)));
});

const jobTable = remembered((all: readonly JobRow[], order: number, filter: TextFilter | undefined): readonly JobRow[] => {
  const kept = all.filter((row) => filter === undefined || matches(filter, `${row.name} ${row.key} ${row.state}`));
  switch (orders.jobs[order]) {
    case 'NAME':
      return kept.toSorted((a, b) => compare(a.name, b.name));
    case 'STATE':
      return kept.toSorted((a, b) => severityRank[a.severity] - severityRank[b.severity]);
    case 'RST':
      return kept.toSorted((a, b) => (b.restarts ?? 0) - (a.restarts ?? 0));
    default:
      // What lives comes first: it is what runs on what.
      return kept.toSorted((a, b) => Number(a.endTime !== undefined) - Number(b.endTime !== undefined));
  }
});

const operationTable = remembered((all: readonly Operation[], filter: TextFilter | undefined): readonly Operation[] =>
  all.filter((operation) => filter === undefined || matches(filter, `${operation.title} ${operation.state} ${operation.result ?? ''}`)).toReversed());

const storyTable = remembered((all: readonly StoryLine[], filter: TextFilter | undefined): readonly StoryLine[] =>
  all.filter((line) => filter === undefined || matches(filter, `${line.from} ${line.text}`)).toReversed());

export const podRows = (session: Session, list: ListState): readonly PodRow[] => podTable(selectPodRows(session), session.pods, list.order, list.filter);
export const jobRows = (session: Session, list: ListState): readonly JobRow[] => jobTable(selectJobRows(session), list.order, list.filter);
/** Newest first. */
export const operationRows = (session: Session, list: ListState): readonly Operation[] => operationTable(session.operations, list.filter);
/** Newest first. */
export const storyRows = (session: Session, list: ListState): readonly StoryLine[] => storyTable(session.story, list.filter);

/** What a table shows, as far as keys and scrolling need to know: how many rows, and which object stands where. */
export interface Rows {
  readonly count: number;
  idAt(index: number): string | undefined;
  indexOf(id: string): number;
}

const rowsBy = <Row>(rows: readonly Row[], idOf: (row: Row) => string): Rows => ({
  count: rows.length,
  idAt: (index) => {
    const row = rows[index];
    return row === undefined ? undefined : idOf(row);
  },
  indexOf: (wanted) => rows.findIndex((row) => idOf(row) === wanted),
});

/** Lines of the story have no name of their own. */
export const storyId = ({ at, from, text }: StoryLine): string => `${at} ${from} ${text}`;

export function rowsOf(session: Session, view: ViewName, list: ListState): Rows {
  switch (view) {
    case 'pods':
      return rowsBy(podRows(session, list), ({ key }) => key);
    case 'jobs':
      return rowsBy(jobRows(session, list), ({ key }) => key);
    case 'operations':
      return rowsBy(operationRows(session, list), ({ id }) => id);
    case 'story':
      return rowsBy(storyRows(session, list), storyId);
  }
}
