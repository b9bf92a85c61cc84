import { formatAge, formatDateTime } from '../../support/format.ts';
import type { JobRow } from '../selectors/jobs.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { naturalOrder, type CellForm, type Column } from './column.ts';
import { needOf } from './need.ts';

/** How long a job has been up since its last restart; if it has ended, how long it ran. */
function upMs({ endTime, upSince, durationMs, asOf }: JobRow, { now }: CellForm): number | undefined {
  if (endTime !== undefined) return durationMs;
  return upSince === undefined || upSince <= 0 ? undefined : (asOf ?? now) - upSince;
}

/** The age of the last checkpoint; for a job that has ended, its age at that time. */
const checkpointAge = ({ endTime, asOf, lastCheckpointAt }: JobRow, { now }: CellForm): number | undefined =>
  lastCheckpointAt === undefined ? undefined : (endTime ?? asOf ?? now) - lastCheckpointAt;

const moment = (at: number | undefined): string => (at === undefined || at <= 0 ? '-' : formatDateTime(at));

export const jobColumns: readonly Column<JobRow>[] = [
  { title: 'NAME', min: 18, max: 200, drop: 0, cut: 'middle', text: ({ name }) => oneLine(name), value: ({ name }) => naturalOrder(name) },
  { title: 'STATE', min: 12, max: 14, drop: 0, descending: true, text: ({ state }) => state, value: ({ severity }) => needOf(severity) },
  {
    title: 'TASKS',
    min: 10,
    max: 16,
    drop: 2,
    descending: true,
    text: ({ tasksUp, tasksTotal }) => `${tasksUp}/${tasksTotal}`,
    value: ({ tasksUp }) => tasksUp,
  },
  { title: 'UP', min: 3, max: 4, align: 'right', drop: 1, ticks: true, text: (row, form) => formatAge(upMs(row, form)), value: upMs },
  {
    title: 'CHK',
    min: 3,
    max: 4,
    align: 'right',
    drop: 3,
    ticks: true,
    text: (row, form) => formatAge(checkpointAge(row, form)),
    value: checkpointAge,
  },
  {
    title: 'RST',
    min: 3,
    max: 6,
    align: 'right',
    drop: 5,
    descending: true,
    text: ({ restarts }) => (restarts === undefined ? '-' : String(restarts)),
    value: ({ restarts }) => restarts,
  },
  { title: 'ID', min: 6, max: 6, drop: 4, text: (row, { whole }) => (whole ? row.key : row.idPrefix) },
  {
    title: 'STARTED',
    min: 26,
    max: 26,
    drop: 8,
    wide: true,
    text: ({ startTime }) => moment(startTime),
    value: ({ startTime }) => startTime,
  },
  { title: 'ENDED', min: 26, max: 26, drop: 9, wide: true, text: ({ endTime }) => moment(endTime), value: ({ endTime }) => endTime },
];
