import type { MethodSamples } from '../../inside/flame/methods.ts';
import { shortMethod } from '../../inside/flame/names.ts';
import { formatPercent } from '../../support/format.ts';
import { oneLine } from '../../support/foreign-text.ts';
import type { Column } from './column.ts';

/** A method and its share of all samples. */
export interface MethodRow extends MethodSamples {
  readonly all: number;
}

export const methodRows = (methods: readonly MethodSamples[], all: number): readonly MethodRow[] =>
  methods.map((method) => ({ ...method, all }));

/** A program gets the package as well. */
export const methodColumns: readonly Column<MethodRow>[] = [
  {
    title: 'OWN',
    min: 4,
    max: 6,
    drop: 0,
    align: 'right',
    descending: true,
    text: ({ own, all }) => formatPercent(own / all),
    value: ({ own }) => own,
  },
  {
    title: 'TOTAL',
    min: 5,
    max: 6,
    drop: 0,
    align: 'right',
    descending: true,
    text: ({ total, all }) => formatPercent(total / all),
    value: ({ total }) => total,
  },
  { title: 'METHOD', min: 20, max: 200, drop: 0, text: ({ method }, { whole }) => oneLine(whole ? method : shortMethod(method), 200) },
];
