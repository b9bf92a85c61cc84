import { columnsFor, type Column as TableColumn } from '../../session/tables/column.ts';
import { aligned } from '../../session/tables/text-table.ts';
import type { Instant } from '../../support/clock.ts';
import { harmlessRow, tableCell } from '../../support/foreign-text.ts';
import { jsonText, yamlText } from '../../support/machine-text.ts';
import type { OutputFormat } from './connection-options.ts';
import type { CliIo } from '../process/io.ts';

/** A column of a printed list. */
export interface Column<T> {
  readonly title: string;
  readonly value: (row: T) => string;
  readonly align?: 'right' | undefined;
  /** Shown only with `-o wide`. */
  readonly wide?: boolean | undefined;
  /** Changes by itself: `--watch` does not print again because of it. */
  readonly moving?: boolean | undefined;
}

/** The columns of a table for the listed items; `rowOf`: the row of an item in that table. */
export function columnsOf<T, Row>(
  columns: readonly TableColumn<Row>[],
  listed: readonly T[],
  rowOf: (item: T) => Row,
  now: Instant,
): readonly Column<T>[] {
  return columnsFor(columns, listed.map(rowOf)).map(({ title, text, align, wide, ticks }) => ({
    title,
    align,
    wide,
    moving: ticks,
    value: (item) => text(rowOf(item), { now, whole: true }),
  }));
}

/** A list that can be printed in any format. */
export interface Printable<T> {
  readonly format: OutputFormat;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  /** The documented form of a row for programs. */
  readonly data: (row: T) => unknown;
  /** The text of a row with `-o name`; undefined: nothing. */
  readonly name: (row: T) => string | undefined;
  /** Printed on stderr in place of an empty table. */
  readonly empty: string;
  /** Rows that were printed before: only the others are printed, as wide as all are together, and without titles. */
  readonly printedBefore?: ((row: T) => boolean) | undefined;
  /** What is missing from the list, and why: printed on stderr. */
  readonly missing?: string | undefined;
}

/** A table as kubectl prints one: upper-case titles, three spaces between columns, no trailing spaces. */
function kubectlTable<T>(columns: readonly Column<T>[], { rows, printedBefore }: Printable<T>): string {
  const cells = [columns.map((column) => column.title), ...rows.map((row) => columns.map((column) => tableCell(column.value(row))))];
  const [titles = '', ...lines] = aligned(cells, columns, '   ');
  const shown = printedBefore === undefined ? [titles, ...lines] : lines.filter((_, index) => isFresh(rows[index], printedBefore));
  return shown.map((line) => `${line}\n`).join('');
}

const isFresh = <T>(row: T | undefined, printedBefore: (row: T) => boolean): boolean => row !== undefined && !printedBefore(row);

/** Prints a list in its format; in text formats, an empty one is reported on stderr. */
export async function printed<T>(list: Printable<T>, io: Pick<CliIo, 'stdout' | 'stderr'>): Promise<void> {
  const { format, rows, missing, printedBefore } = list;
  if (printedBefore !== undefined && rows.every(printedBefore)) return;
  const forPrograms = format === 'json' || format === 'yaml';
  if (rows.length > 0 || forPrograms) io.stdout(await text(list));
  const note = missing ?? (rows.length === 0 && !forPrograms ? list.empty : undefined);
  if (note !== undefined) io.stderr(`${note}\n`);
}

async function text<T>(list: Printable<T>): Promise<string> {
  const { columns, data, format, name, printedBefore } = list;
  const rows = printedBefore === undefined ? list.rows : list.rows.filter((row) => !printedBefore(row));
  switch (format) {
    case 'json':
      return jsonText(rows.map(data));
    case 'yaml':
      return yamlText(rows.map(data));
    case 'name':
      return rows
        .flatMap((row) => name(row) ?? [])
        .map((line) => `${harmlessRow(line)}\n`)
        .join('');
    case 'wide':
      return kubectlTable(columns, list);
    case 'text':
      return kubectlTable(
        columns.filter((column) => column.wide !== true),
        list,
      );
  }
}
