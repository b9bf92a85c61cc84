import type { SubtaskFacts } from '../../inside/vertex/vertex-facts.ts';
import { formatAge, formatBytes, formatCount, formatDateTime, formatPercent, formatRate } from '../../support/format.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { roleOfName, shortNameOf } from '../../native/pod-names.ts';
import { naturalOrder, orDash, type Column } from './column.ts';

/** One line of the table of subtasks. */
export interface SubtaskRow extends SubtaskFacts {
  readonly key: string;
  /** The pod without the part that all pods of the cluster share. */
  readonly taskManager: string | undefined;
}

/** Outside Kubernetes a TaskManager has no name of a pod: it is named as Flink does it. */
export const taskManagerName = (id: string, clusterId: string): string => shortNameOf(id, roleOfName(id, clusterId), clusterId);

export const subtaskRow = (facts: SubtaskFacts, clusterId: string): SubtaskRow => ({
  ...facts,
  key: String(facts.subtask),
  taskManager: facts.taskManagerId === undefined ? undefined : taskManagerName(facts.taskManagerId, clusterId),
});

/** A share of the time of a subtask. */
const shareColumn = (title: string, drop: number, value: (row: SubtaskRow) => number | undefined): Column<SubtaskRow> => ({
  title,
  min: 4,
  max: 10,
  align: 'right',
  drop,
  descending: true,
  text: (row) => orDash(value(row), formatPercent),
  value,
});

interface Figure {
  readonly drop: number;
  readonly format: (value: number) => string;
  readonly wide?: true;
}

const figureColumn = (
  title: string,
  { drop, format, wide }: Figure,
  value: (row: SubtaskRow) => number | undefined,
): Column<SubtaskRow> => ({
  title,
  min: Math.max(5, title.length),
  max: 11,
  align: 'right',
  drop,
  descending: true,
  ...(wide === undefined ? {} : { wide }),
  text: (row) => orDash(value(row), format),
  value,
});

/** The age of the watermark, or why it has none. */
const lagText = ({ watermark, lagMs }: SubtaskRow): string =>
  watermark === 'none' || watermark === 'ended' ? watermark : formatAge(lagMs);

const watermarkText = ({ watermark }: SubtaskRow): string =>
  typeof watermark === 'number' ? formatDateTime(watermark) : (watermark ?? '-');

export const subtaskColumns: readonly Column<SubtaskRow>[] = [
  { title: '#', min: 3, max: 5, align: 'right', drop: 0, text: ({ subtask }) => String(subtask), value: ({ subtask }) => subtask },
  { title: 'STATE', min: 9, max: 12, drop: 0, text: ({ state }) => oneLine(state) },
  {
    title: 'FOR',
    min: 3,
    max: 4,
    align: 'right',
    drop: 7,
    ticks: true,
    descending: true,
    text: ({ stateMs }) => formatAge(stateMs),
    value: ({ stateMs }) => stateMs,
  },
  {
    title: 'TASKMANAGER',
    min: 15,
    max: 60,
    drop: 3,
    text: ({ taskManager }) => taskManager ?? '-',
    value: ({ taskManager }) => (taskManager === undefined ? undefined : naturalOrder(taskManager)),
  },
  shareColumn('BUSY', 0, ({ shares }) => shares.busy),
  shareColumn('BACK', 0, ({ shares }) => shares.backPressured),
  shareColumn('IDLE', 8, ({ shares }) => shares.idle),
  figureColumn('IN/S', { drop: 1, format: formatRate }, ({ rates }) => rates.recordsIn),
  figureColumn('OUT/S', { drop: 2, format: formatRate }, ({ rates }) => rates.recordsOut),
  {
    title: 'LAG',
    min: 4,
    max: 5,
    align: 'right',
    drop: 4,
    ticks: true,
    descending: true,
    text: lagText,
    value: ({ lagMs }) => lagMs,
  },
  figureColumn('SKEW', { drop: 5, format: (times) => `${times.toFixed(1)}x` }, (row) => row.timesAverage),
  {
    title: 'ATT',
    min: 3,
    max: 8,
    align: 'right',
    drop: 6,
    descending: true,
    text: ({ attempt, otherAttempts }) => [attempt, ...otherAttempts.map((other) => other.attempt)].join(','),
    value: ({ attempt }) => attempt,
  },
  figureColumn('BYTES-IN/S', { drop: 9, format: formatBytes }, ({ rates }) => rates.bytesIn),
  figureColumn('BYTES-OUT/S', { drop: 10, format: formatBytes }, ({ rates }) => rates.bytesOut),
  figureColumn('IN', { drop: 11, format: formatCount, wide: true }, ({ io }) => io.readRecords),
  figureColumn('OUT', { drop: 12, format: formatCount, wide: true }, ({ io }) => io.writeRecords),
];

/** The same subtasks, seen by their event time. */
export const watermarkColumns: readonly Column<SubtaskRow>[] = [
  ...subtaskColumns.filter(({ title }) => ['#', 'STATE', 'TASKMANAGER', 'LAG'].includes(title)),
  { title: 'WATERMARK', min: 26, max: 26, drop: 1, text: watermarkText, value: ({ lagMs }) => (lagMs === undefined ? undefined : -lagMs) },
];
