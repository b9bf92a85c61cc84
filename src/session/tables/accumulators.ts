import type { Accumulator } from '../../flink/vertex-types.ts';
import { oneLine } from '../../support/foreign-text.ts';
import type { Column } from './column.ts';

/** Most accumulators count: their numbers are compared as such. */
const numberOf = ({ value }: Accumulator): string | number => (/^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value);

export const accumulatorColumns: readonly Column<Accumulator>[] = [
  { title: 'NAME', min: 16, max: 60, drop: 0, text: ({ name }) => oneLine(name) },
  { title: 'TYPE', min: 10, max: 30, drop: 1, text: ({ type }) => oneLine(type) },
  { title: 'VALUE', min: 10, max: 200, drop: 0, descending: true, text: ({ value }) => oneLine(value), value: numberOf },
];
