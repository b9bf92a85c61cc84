import { tableCell } from '../../support/foreign-text.ts';
import { pad, width } from '../../support/text-width.ts';
import { columnsFor, type CellForm, type Column } from './column.ts';

/** A table as lines: columns as wide as their widest cell, separated by two spaces, under their titles. */
export function textTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], form: CellForm): readonly string[] {
  const shown = columnsFor(columns, rows);
  const cells = [shown.map(({ title }) => title), ...rows.map((row) => shown.map((column) => tableCell(column.text(row, form))))];
  return aligned(cells, shown, '  ');
}

/** Cells as lines: each column as wide as its widest cell, `gap` between columns, no spaces at the end of a line. */
export function aligned(
  cells: readonly (readonly string[])[],
  columns: readonly Pick<Column<never>, 'align'>[],
  gap: string,
): readonly string[] {
  const widths = columns.map((_, index) => cells.reduce((widest, line) => Math.max(widest, width(line[index] ?? '')), 0));
  return cells.map((line) =>
    line
      .map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.align === 'right' ? 'start' : 'end'))
      .join(gap)
      .trimEnd(),
  );
}
