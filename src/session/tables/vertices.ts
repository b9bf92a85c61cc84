import type { Vertex } from '../../flink/types.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { naturalOrder, type Column } from './column.ts';

const running = ({ tasks }: Vertex): number => tasks['RUNNING'] ?? 0;

/** The vertices of a job. */
export const vertexColumns: readonly Column<Vertex>[] = [
  { title: 'NAME', min: 18, max: 200, drop: 0, text: ({ name }) => oneLine(name), value: ({ name }) => naturalOrder(name) },
  { title: 'STATE', min: 12, max: 14, drop: 0, text: ({ state }) => state },
  {
    title: 'TASKS',
    min: 7,
    max: 11,
    align: 'right',
    drop: 2,
    descending: true,
    text: (row) => `${running(row)}/${row.parallelism}`,
    value: running,
  },
];
