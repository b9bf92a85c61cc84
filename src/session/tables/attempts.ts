import type { AttemptFacts } from '../../inside/vertex/subtask.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatDateTime, formatDuration, formatTime, isMoment } from '../../support/format.ts';
import { type CellForm, type Column, naturalOrder } from './column.ts';
import { taskManagerName } from './subtasks.ts';

/** One line of the attempts of a subtask. */
export interface AttemptRow extends AttemptFacts {
  readonly key: string;
  readonly taskManager: string | undefined;
}

export const attemptRow = (facts: AttemptFacts, clusterId: string): AttemptRow => ({
  ...facts,
  key: String(facts.attempt),
  taskManager: facts.run?.taskManagerId === undefined ? undefined : taskManagerName(facts.run.taskManagerId, clusterId),
});

/** Flink writes -1 for a moment that has not come. */
const moment = (at: number | undefined, { whole }: CellForm): string =>
  !isMoment(at) || at === 0 ? '-' : whole ? formatDateTime(at) : formatTime(at);

const spanOf = ({ run }: AttemptRow, { now }: CellForm): number | undefined =>
  run === undefined || run.startTime <= 0 ? undefined : Math.max(0, (run.endTime > 0 ? run.endTime : now) - run.startTime);

export const attemptColumns: readonly Column<AttemptRow>[] = [
  { title: '#', min: 3, max: 5, align: 'right', drop: 0, text: ({ attempt }) => String(attempt), value: ({ attempt }) => attempt },
  { title: 'STATE', min: 9, max: 12, drop: 0, text: ({ run }) => oneLine(run?.state ?? '-') },
  { title: 'STARTED', min: 8, max: 26, drop: 2, text: ({ run }, form) => moment(run?.startTime, form), value: ({ run }) => run?.startTime },
  { title: 'ENDED', min: 8, max: 26, drop: 3, text: ({ run }, form) => moment(run?.endTime, form), value: ({ run }) => run?.endTime },
  {
    title: 'RAN',
    min: 7,
    max: 8,
    align: 'right',
    drop: 4,
    ticks: true,
    descending: true,
    text: (row, form) => {
      const span = spanOf(row, form);
      return span === undefined ? '-' : formatDuration(span);
    },
    value: spanOf,
  },
  {
    title: 'TASKMANAGER',
    min: 15,
    max: 60,
    drop: 1,
    text: ({ taskManager }) => taskManager ?? '-',
    value: ({ taskManager }) => (taskManager === undefined ? undefined : naturalOrder(taskManager)),
  },
  { title: 'FAILURE', min: 20, max: 120, drop: 0, text: ({ failure }) => oneLine(failure?.cause ?? '-', 1_000) },
];
