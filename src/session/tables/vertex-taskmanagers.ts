import type { VertexTaskManager } from '../../flink/vertex-types.ts';
import { formatBytes, formatCount } from '../../support/format.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { naturalOrder, orDash, type Column } from './column.ts';
import { taskManagerName } from './subtasks.ts';

/** One line of the TaskManagers of a vertex. */
export interface VertexTaskManagerRow extends VertexTaskManager {
  readonly key: string;
  readonly name: string;
}

/** Subtasks without a TaskManager have a row of their own. */
export const vertexTaskManagerRow = (one: VertexTaskManager, clusterId: string): VertexTaskManagerRow => ({
  ...one,
  key: one.id ?? '',
  name: one.id === undefined ? '(none yet)' : taskManagerName(one.id, clusterId),
});

const subtasksOf = ({ counts }: VertexTaskManager): number => Object.values(counts).reduce((sum, count) => sum + count, 0);

const statesOf = ({ counts }: VertexTaskManager): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${oneLine(state)}`)
    .join(', ');

const total = (
  title: string,
  drop: number,
  format: (value: number) => string,
  value: (row: VertexTaskManagerRow) => number | undefined,
): Column<VertexTaskManagerRow> => ({
  title,
  min: 9,
  max: 14,
  align: 'right',
  drop,
  descending: true,
  text: (row) => orDash(value(row), format),
  value,
});

export const vertexTaskManagerColumns: readonly Column<VertexTaskManagerRow>[] = [
  { title: 'TASKMANAGER', min: 16, max: 60, drop: 0, text: ({ name }) => name, value: ({ name }) => naturalOrder(name) },
  { title: 'TASKS', min: 5, max: 6, align: 'right', drop: 0, descending: true, text: (row) => String(subtasksOf(row)), value: subtasksOf },
  { title: 'STATES', min: 12, max: 40, drop: 1, text: statesOf },
  total('IN', 2, formatCount, ({ io }) => io.readRecords),
  total('OUT', 3, formatCount, ({ io }) => io.writeRecords),
  total('BYTES-IN', 4, formatBytes, ({ io }) => io.readBytes),
  total('BYTES-OUT', 5, formatBytes, ({ io }) => io.writeBytes),
];
