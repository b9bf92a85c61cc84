import type { SubtaskCheckpoint } from '../../flink/checkpoint-types.ts';
import type { NamedVertex } from '../../inside/checkpoints/holdup.ts';
import type { CheckpointFacts } from '../../inside/checkpoints/overview.ts';
import { longestPhase, splitOf, wholeOf, type Phase, type Split } from '../../inside/checkpoints/split.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatBytes, formatDateTime, formatDuration, formatPercent, formatTime } from '../../support/format.ts';
import type { Column } from './column.ts';

const bytes = (value: number | undefined): string => (value === undefined ? '-' : formatBytes(value));
const span = (ms: number | undefined): string => (ms === undefined || ms < 0 ? '-' : formatDuration(ms));

/** Long enough for any reason or path; the panel cuts it to its width. */
const longestText = 1_000;

/** A right-aligned number that is sorted by its value, the largest first. */
function amount<Row>(
  title: string,
  drop: number,
  value: (row: Row) => number | undefined,
  text: (value: number | undefined) => string,
): Column<Row> {
  return { title, min: Math.max(7, title.length), max: 8, align: 'right', drop, descending: true, text: (row) => text(value(row)), value };
}

/** The widest bar of phases: more cells show no more of a share. */
export const mostPhaseCells = 24;

/** `sync 97%`: the longest phase, and its share of the time. */
function longestWords(split: Split | undefined): string {
  const whole = split === undefined ? 0 : wholeOf(split);
  if (split === undefined || whole === 0) return '-';
  const longest = longestPhase(split);
  return `${longest} ${formatPercent(split[longest] / whole)}`;
}

/** The phases of a checkpoint, or of a subtask's part of it: together, which the screen draws as a bar, and each of them. */
function phaseColumns<Row>(splitOfRow: (row: Row) => Split | undefined, drop: number): readonly Column<Row>[] {
  const titles: readonly (readonly [title: string, phase: Phase])[] = [
    ['DELAY', 'start delay'],
    ['ALIGN', 'alignment'],
    ['SYNC', 'sync'],
    ['ASYNC', 'async'],
  ];
  return [
    { title: 'PHASES', min: 16, max: mostPhaseCells, drop: 1, text: (row) => longestWords(splitOfRow(row)) },
    ...titles.map(([title, phase]) => amount<Row>(title, drop, (row) => splitOfRow(row)?.[phase], span)),
  ];
}

/** The path of what is complete and still there, the reason of what failed. */
const outcome = ({ failure, path, discarded }: CheckpointFacts): string =>
  failure?.words ?? (discarded === true ? 'deleted since' : (path ?? ''));

/** `restored`: it is complete, and the job was last restored from it. */
const stateWords = ({ status, restored }: CheckpointFacts): string =>
  restored ? 'restored' : status === 'IN_PROGRESS' ? 'under way' : status.toLowerCase();

export const checkpointColumns: readonly Column<CheckpointFacts>[] = [
  { title: 'ID', min: 4, max: 8, align: 'right', drop: 0, descending: true, text: ({ id }) => String(id), value: ({ id }) => id },
  { title: 'KIND', min: 10, max: 20, drop: 4, text: ({ kind }) => kind },
  { title: 'STATE', min: 9, max: 12, drop: 0, text: stateWords },
  {
    title: 'TRIGGERED',
    min: 9,
    max: 9,
    drop: 3,
    descending: true,
    text: ({ triggeredAt }, { whole }) => (whole ? formatDateTime(triggeredAt) : formatTime(triggeredAt)),
    value: ({ triggeredAt }) => triggeredAt,
  },
  amount('DURATION', 0, ({ durationMs }) => durationMs, span),
  ...phaseColumns<CheckpointFacts>(({ split }) => split, 6),
  amount('WRITTEN', 5, ({ writtenBytes }) => writtenBytes, bytes),
  amount('FULL', 2, ({ fullBytes }) => fullBytes, bytes),
  {
    title: 'ACKS',
    min: 5,
    max: 11,
    align: 'right',
    drop: 7,
    text: ({ acknowledged, subtasks }) => `${acknowledged}/${subtasks}`,
    value: ({ acknowledged }) => acknowledged,
  },
  { title: 'OUTCOME', min: 13, max: 400, drop: 1, cut: 'path', text: (row) => oneLine(outcome(row), longestText) },
];

export const checkpointVertexColumns: readonly Column<NamedVertex>[] = [
  { title: 'OPERATOR', min: 16, max: 60, drop: 0, cut: 'middle', text: ({ name }) => oneLine(name, 200) },
  {
    title: 'ACKS',
    min: 5,
    max: 11,
    align: 'right',
    drop: 0,
    text: ({ acknowledged, subtasks }) => `${acknowledged}/${subtasks}`,
    value: ({ acknowledged }) => acknowledged,
  },
  amount('DURATION', 0, ({ durationMs }) => durationMs, span),
  amount('WRITTEN', 3, ({ writtenBytes }) => writtenBytes, bytes),
  amount('FULL', 2, ({ sizeBytes }) => sizeBytes, bytes),
  amount('PROCESSED', 5, ({ processedBytes }) => processedBytes, bytes),
  amount('PERSISTED', 4, ({ persistedBytes }) => persistedBytes, bytes),
];

const acknowledged = (row: SubtaskCheckpoint) => (row.state === 'acknowledged' ? row : undefined);

export function subtaskSplit(row: SubtaskCheckpoint): Split | undefined {
  return row.state === 'acknowledged' ? splitOf(row) : undefined;
}

export const checkpointSubtaskColumns: readonly Column<SubtaskCheckpoint>[] = [
  { title: 'SUBTASK', min: 7, max: 7, align: 'right', drop: 0, text: ({ subtask }) => String(subtask), value: ({ subtask }) => subtask },
  { title: 'STATE', min: 12, max: 12, drop: 6, text: ({ state }) => state },
  amount('DURATION', 0, (row) => acknowledged(row)?.durationMs, span),
  ...phaseColumns<SubtaskCheckpoint>(subtaskSplit, 2),
  amount('WRITTEN', 3, (row) => acknowledged(row)?.writtenBytes, bytes),
  amount('FULL', 2, (row) => acknowledged(row)?.sizeBytes, bytes),
  amount('PROCESSED', 5, (row) => acknowledged(row)?.processedBytes, bytes),
  amount('PERSISTED', 4, (row) => acknowledged(row)?.persistedBytes, bytes),
];
