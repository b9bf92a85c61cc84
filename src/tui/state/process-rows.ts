import { type Movement, threadKey } from '../../inside/threads/compare.ts';
import type { LogFile } from '../../flink/process-types.ts';
import {
  figureColumns,
  figureRows,
  type FigureRow,
  logFileColumns,
  movementColumns,
  movementRows,
  settingColumns,
  type SettingRow,
  settingRows,
  slotColumns,
  slotRows,
  type SlotRow,
  threadColumns,
  threadRows,
  type ThreadRow,
} from '../../session/tables/process.ts';
import { type At, processFacts } from './process-facts.ts';
import { remembered } from './remembered.ts';

/** The row type of each table of a process. */
export interface ProcessRows {
  readonly figures: FigureRow;
  readonly slots: SlotRow;
  readonly threads: ThreadRow;
  readonly movements: Movement;
  readonly files: LogFile;
  readonly settings: SettingRow;
}

const rowsOfFigures = remembered(figureRows);
const rowsOfSlots = remembered(slotRows);
const rowsOfThreads = remembered(threadRows);
const rowsOfMovements = remembered(movementRows);
const rowsOfSettings = remembered(settingRows);

const nothing: readonly never[] = [];
const asTheyAre = <Row>(rows: readonly Row[]): readonly Row[] => rows;

/** The rows of facts that are known. */
const mapped = <Facts, Row>(facts: Facts | undefined, rows: (facts: Facts) => readonly Row[]): readonly Row[] =>
  facts === undefined ? nothing : rows(facts);

/** The tables of a process. */
export const processSources = {
  figures: {
    columns: figureColumns,
    all: (at: At) => mapped(processFacts(at, 'figures'), ({ figures }) => rowsOfFigures(figures)),
    idOf: ({ name }: FigureRow) => name,
    usual: asTheyAre,
    besides: () => '',
  },
  slots: {
    columns: slotColumns,
    all: (at: At) => mapped(processFacts(at, 'figures'), ({ figures }) => rowsOfSlots(figures, at.session.jobs)),
    idOf: (row: SlotRow) => String(row.number),
    usual: asTheyAre,
    besides: ({ jobId }: SlotRow) => jobId,
  },
  threads: {
    columns: threadColumns,
    all: (at: At) => mapped(processFacts(at, 'threads'), ({ report, since }) => rowsOfThreads(report, since?.movements)),
    idOf: ({ id }: ThreadRow) => id,
    usual: asTheyAre,
    besides: ({ group }: ThreadRow) => group.frames.map(({ call }) => call).join(' '),
  },
  movements: {
    columns: movementColumns,
    all: (at: At) => mapped(processFacts(at, 'threads')?.since, ({ movements }) => rowsOfMovements(movements)),
    idOf: ({ thread }: Movement) => threadKey(thread),
    usual: asTheyAre,
    besides: ({ thread }: Movement) => thread.frames.map(({ call }) => call).join(' '),
  },
  files: {
    columns: logFileColumns,
    all: (at: At) => mapped(processFacts(at, 'files'), ({ files }) => files),
    idOf: ({ name }: LogFile) => name,
    usual: asTheyAre,
    besides: () => '',
  },
  settings: {
    columns: settingColumns,
    all: (at: At) => mapped(processFacts(at, 'settings'), rowsOfSettings),
    idOf: ({ key }: SettingRow) => key,
    usual: asTheyAre,
    besides: () => '',
  },
};
