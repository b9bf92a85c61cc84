import type { ClusterEvent } from '../../cluster/pods/events.ts';
import { formatDateTime, formatTime } from '../../support/format.ts';
import { type Column, orDash } from './column.ts';

export const eventColumns: readonly Column<ClusterEvent>[] = [
  {
    title: 'TIME',
    min: 8,
    max: 26,
    drop: 0,
    text: ({ at }, { whole }) => orDash(at, whole ? formatDateTime : formatTime),
    value: ({ at }) => at,
  },
  { title: 'COUNT', min: 5, max: 7, drop: 2, align: 'right', text: ({ count }) => String(count), value: ({ count }) => count },
  { title: 'TYPE', min: 7, max: 7, drop: 3, text: ({ type }) => type },
  { title: 'REASON', min: 10, max: 40, drop: 0, text: ({ reason }) => reason },
  { title: 'OBJECT', min: 10, max: 80, drop: 1, text: ({ object }) => `${object.kind.toLowerCase()}/${object.name}` },
  { title: 'MESSAGE', min: 20, max: 400, drop: 0, text: ({ message }) => message },
];

/** For the events of one object. */
export const ownEventColumns: readonly Column<ClusterEvent>[] = eventColumns.filter(({ title }) => title !== 'OBJECT');
