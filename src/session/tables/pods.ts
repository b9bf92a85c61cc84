import { formatAge, formatCpu, formatMemory } from '../../support/format.ts';
import type { PodRow } from '../selectors/pods.ts';
import { oneLine } from '../../support/foreign-text.ts';
import type { Instant } from '../../support/clock.ts';
import { naturalOrder, type CellForm, type Column } from './column.ts';
import { needOf } from './need.ts';

function nameText({ key, name, leader }: PodRow, { whole }: CellForm): string {
  if (whole) return key;
  return leader ? `${name} (leader)` : name;
}

/** Use and limit: `250m/1`; without a limit only the use, and `-` if the use is unknown. */
function used(use: number | undefined, limit: number | undefined, format: (value: number) => string): string {
  if (use === undefined) return '-';
  return limit === undefined ? format(use) : `${format(use)}/${format(limit)}`;
}

const memory = (title: string, source: PodRow['usageSource']): Column<PodRow> => ({
  title,
  min: 13,
  max: 13,
  align: 'right',
  drop: 4,
  descending: true,
  text: (row) => used(row.memory, row.memoryLimit, formatMemory),
  value: (row) => row.memory,
  optional: ({ usageSource }) => usageSource === source,
});

/** How old it is, or for how long it has been gone. */
function age({ goneAt, createdAt }: PodRow, now: Instant): number | undefined {
  const at = goneAt ?? createdAt;
  return at === undefined ? undefined : now - at;
}

/** `HEAP` instead of `MEM`: the figures come from Flink because the cluster has no metrics API. */
export const podColumns: readonly Column<PodRow>[] = [
  { title: 'NAME', min: 18, max: 60, drop: 0, text: nameText, value: ({ key }) => naturalOrder(key) },
  {
    title: 'STATE',
    min: 18,
    max: 60,
    drop: 0,
    text: ({ state }) => oneLine(state),
    value: ({ severity }) => needOf(severity),
    descending: true,
  },
  {
    title: 'READY',
    min: 5,
    max: 7,
    drop: 3,
    text: ({ ready }) => ready,
    value: ({ ready, goneAt }) => (goneAt === undefined ? ready : undefined),
  },
  {
    title: 'RST',
    min: 3,
    max: 6,
    align: 'right',
    drop: 2,
    descending: true,
    text: (row) => (row.goneAt === undefined ? String(row.restarts) : '-'),
    value: ({ restarts }) => restarts,
  },
  {
    title: 'AGE',
    min: 4,
    max: 4,
    align: 'right',
    drop: 1,
    ticks: true,
    text: (row, { now }) => formatAge(age(row, now)),
    value: (row, { now }) => age(row, now),
  },
  {
    title: 'CPU',
    min: 9,
    max: 9,
    align: 'right',
    drop: 5,
    descending: true,
    text: (row) => used(row.cpu, row.cpuLimit, formatCpu),
    value: ({ cpu }) => cpu,
    optional: ({ usageSource }) => usageSource === 'metrics.k8s.io',
  },
  memory('MEM', 'metrics.k8s.io'),
  memory('HEAP', 'heap'),
  { title: 'NODE', min: 10, max: 60, drop: 6, text: ({ node }) => node ?? '-', value: ({ node }) => node },
  { title: 'IP', min: 9, max: 39, drop: 8, wide: true, text: ({ ip }) => ip ?? '-', value: ({ ip }) => ip },
  {
    title: 'MESSAGE',
    min: 20,
    max: 200,
    drop: 9,
    wide: true,
    text: ({ message }) => (message === undefined ? '' : oneLine(message)),
    value: ({ message }) => message,
    optional: ({ message }) => message !== undefined,
  },
];
