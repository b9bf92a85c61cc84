import type { FailureFacts } from '../../inside/exceptions/failures.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatDateTime, formatTime } from '../../support/format.ts';
import type { Column } from './column.ts';

export interface ExceptionRow extends FailureFacts {
  /** Undefined: Flink names none. */
  readonly taskManager: string | undefined;
}

/** The failures with the names of their TaskManagers, as they are called here. */
export const exceptionRows = (failures: readonly FailureFacts[], nameOf: (taskManagerId: string) => string): readonly ExceptionRow[] =>
  failures.map((failure) => {
    const id = failure.where?.taskManagerId;
    return { ...failure, taskManager: id === undefined ? undefined : nameOf(id) };
  });

const labelWords = ({ labels }: FailureFacts): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');

export const exceptionColumns: readonly Column<ExceptionRow>[] = [
  {
    title: 'TIME',
    min: 8,
    max: 8,
    drop: 0,
    descending: true,
    text: ({ at }, { whole }) => (whole ? formatDateTime(at) : formatTime(at)),
    value: ({ at }) => at,
  },
  { title: 'CAUSE', min: 24, max: 90, drop: 0, text: ({ cause }) => oneLine(cause, 1_000) },
  {
    title: 'TIMES',
    min: 5,
    max: 5,
    align: 'right',
    drop: 2,
    descending: true,
    text: ({ times }) => String(times.length),
    value: ({ times }) => times.length,
  },
  {
    title: 'TASK',
    min: 12,
    max: 40,
    drop: 3,
    text: ({ where }) => oneLine(where?.task?.vertex ?? (where === undefined ? 'the whole job' : '-'), 200),
  },
  {
    title: 'SUBTASK',
    min: 7,
    max: 7,
    align: 'right',
    drop: 4,
    text: ({ where }) => (where?.task === undefined ? '-' : String(where.task.subtask)),
    value: ({ where }) => where?.task?.subtask,
  },
  { title: 'TASKMANAGER', min: 15, max: 40, drop: 1, cut: 'middle', text: ({ taskManager }) => oneLine(taskManager ?? '-', 200) },
  {
    title: 'OTHERS',
    min: 6,
    max: 6,
    align: 'right',
    drop: 5,
    text: ({ together }) => String(together.reduce((sum, group) => sum + group.at.length, 0)),
    optional: ({ together }) => together.length > 0,
  },
  { title: 'LABELS', min: 8, max: 40, drop: 6, text: (row) => oneLine(labelWords(row), 200), optional: (row) => labelWords(row) !== '' },
];
