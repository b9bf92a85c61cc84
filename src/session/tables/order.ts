import { columnName, type CellForm, type Column } from './column.ts';

/** The column that a table is sorted by, by its name, and the direction. */
export interface SortOrder {
  readonly column: string;
  readonly descending: boolean;
}

/** The default order of a column. */
export const firstOrder = <Row>(column: Column<Row>): SortOrder => ({ column: columnName(column), descending: column.descending === true });

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [String(a), String(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Equal rows keep their order, so that rows do not jump. An unknown column leaves the rows as they are. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { column: name, descending }: SortOrder,
  form: CellForm,
): readonly Row[] {
  const column = columns.find((each) => columnName(each) === name);
  if (column === undefined) return rows;
  const valueOf = column.value ?? column.text;
  const keyed = rows.map((row) => ({ row, value: valueOf(row, form) }));
  return keyed
    .toSorted((a, b) => {
      if (a.value === undefined || b.value === undefined) return Number(a.value === undefined) - Number(b.value === undefined);
      return descending ? compare(b.value, a.value) : compare(a.value, b.value);
    })
    .map(({ row }) => row);
}
