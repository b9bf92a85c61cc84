import { formatAge } from '../../support/format.ts';
import { naturalOrder, type Column } from './column.ts';

/** A row of a list of clusters; the last fields only if they were requested. */
export interface ClusterRow {
  readonly id: string;
  readonly namespace: string;
  readonly kind: string;
  readonly ready: number;
  readonly wanted: number;
  readonly flinkVersion: string | undefined;
  readonly createdAt: number | undefined;
  readonly exposure?: string | undefined;
  readonly image?: string | undefined;
  /** `2 up, 1 failed`. */
  readonly jobs?: string | undefined;
  /** The worst trouble of its pods. */
  readonly trouble?: string | undefined;
}

const namespace: Column<ClusterRow> = { title: 'NAMESPACE', min: 10, max: 40, drop: 1, text: (row) => row.namespace };

/** Includes the namespace if there may be several. */
export const clusterColumns = (namespaces: 'one' | 'several'): readonly Column<ClusterRow>[] => [
  { title: 'NAME', min: 20, max: 60, drop: 0, cut: 'middle', text: ({ id }) => id, value: ({ id }) => naturalOrder(id) },
  ...(namespaces === 'several' ? [namespace] : []),
  { title: 'KIND', min: 11, max: 11, drop: 4, text: ({ kind }) => kind },
  { title: 'READY', min: 5, max: 7, drop: 2, text: ({ ready, wanted }) => `${ready}/${wanted}` },
  { title: 'FLINK', min: 6, max: 12, drop: 3, text: ({ flinkVersion }) => flinkVersion ?? '-', value: ({ flinkVersion }) => flinkVersion },
  {
    title: 'AGE',
    min: 4,
    max: 4,
    align: 'right',
    drop: 5,
    ticks: true,
    text: ({ createdAt }, { now }) => formatAge(createdAt === undefined ? undefined : now - createdAt),
    value: ({ createdAt }, { now }) => (createdAt === undefined ? undefined : now - createdAt),
  },
  { title: 'JOBS', min: 8, max: 24, drop: 2, text: ({ jobs }) => jobs ?? '', optional: (row) => 'jobs' in row },
  { title: 'TROUBLE', min: 8, max: 40, drop: 3, text: ({ trouble }) => trouble ?? '', optional: (row) => 'trouble' in row },
  { title: 'EXPOSED', min: 9, max: 14, drop: 6, wide: true, text: ({ exposure }) => exposure ?? '-', optional: (row) => 'exposure' in row },
  { title: 'IMAGE', min: 10, max: 80, drop: 7, wide: true, text: ({ image }) => image ?? '-', optional: (row) => 'image' in row },
];
