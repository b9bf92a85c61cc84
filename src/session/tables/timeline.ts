import { formatDateTime, formatTime } from '../../support/format.ts';
import type { TimelineEntry } from '../types.ts';
import type { Column } from './column.ts';

export const timelineColumns: readonly Column<TimelineEntry>[] = [
  {
    title: 'TIME',
    min: 8,
    max: 8,
    drop: 1,
    descending: true,
    text: ({ at }, { whole }) => (whole ? formatDateTime(at) : formatTime(at)),
    value: ({ at }) => at,
  },
  { title: 'FROM', min: 5, max: 5, drop: 2, text: ({ from }) => from },
  // The beginning says what failed, the end says why.
  { title: 'WHAT HAPPENED', min: 20, max: 400, drop: 0, cut: 'middle', text: ({ text }) => text },
];
