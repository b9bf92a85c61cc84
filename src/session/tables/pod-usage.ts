import { formatCpu, formatMemory, formatPercent } from '../../support/format.ts';
import { type Column, naturalOrder, orDash } from './column.ts';

/** An amount that is used, and what it is measured against; undefined: unknown, or not set. CPU in cores, memory in bytes. */
export interface Share {
  readonly used: number | undefined;
  readonly request: number | undefined;
  readonly limit: number | undefined;
}

/** What a pod uses. */
export interface PodUse {
  readonly name: string;
  readonly shortName: string;
  readonly cpu: Share;
  readonly memory: Share;
  readonly heap: { readonly used: number; readonly max: number | undefined } | undefined;
}

const of = (used: number | undefined, whole: number | undefined): number | undefined =>
  used === undefined || whole === undefined || whole === 0 ? undefined : used / whole;

function share(title: string, shareOf: (row: PodUse) => number | undefined, drop: number): Column<PodUse> {
  return {
    title,
    min: 7,
    max: 8,
    drop,
    align: 'right',
    descending: true,
    text: (row) => orDash(shareOf(row), formatPercent),
    value: shareOf,
  };
}

const amount = (title: string, use: (row: PodUse) => number | undefined, format: (value: number) => string): Column<PodUse> => ({
  title,
  min: 6,
  max: 8,
  drop: 0,
  align: 'right',
  descending: true,
  text: (row) => orDash(use(row), format),
  value: use,
});

/** Use, and as a share of the request and of the limit; the heap as Flink measures it, of its largest size. */
export const podUsageColumns: readonly Column<PodUse>[] = [
  {
    title: 'NAME',
    min: 18,
    max: 60,
    drop: 0,
    text: (row, { whole }) => (whole ? row.name : row.shortName),
    value: ({ name }) => naturalOrder(name),
  },
  amount('CPU', ({ cpu }) => cpu.used, formatCpu),
  share('OF REQ', ({ cpu }) => of(cpu.used, cpu.request), 3),
  share('OF LIM', ({ cpu }) => of(cpu.used, cpu.limit), 2),
  amount('MEM', ({ memory }) => memory.used, formatMemory),
  share('OF REQ', ({ memory }) => of(memory.used, memory.request), 3),
  share('OF LIM', ({ memory }) => of(memory.used, memory.limit), 2),
  amount('HEAP', ({ heap }) => heap?.used, formatMemory),
  share('OF MAX', ({ heap }) => of(heap?.used, heap?.max), 1),
];
