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
  /** What is missing from the list, and why: printed on stderr. */
  readonly missing?: string | undefined;
}

/** A table as kubectl prints one: upper-case titles, three spaces between columns, no trailing spaces. */
function kubectlTable<T>(columns: readonly Column<T>[], rows: readonly T[]): string {
  const cells = [columns.map((column) => column.title), ...rows.map((row) => columns.map((column) => tableCell(column.value(row))))];
  return aligned(cells, columns, '   ')
    .map((line) => `${line}\n`)
    .join('');
}

/** Prints a list in its format; in text formats, an empty one is reported on stderr. */
export async function printed<T>(list: Printable<T>, io: Pick<CliIo, 'stdout' | 'stderr'>): Promise<void> {
  const { format, columns, rows, missing } = list;
  const forPrograms = format === 'json' || format === 'yaml';
  if (rows.length > 0 || forPrograms) io.stdout(await text(list, format, columns, rows));
  const note = missing ?? (rows.length === 0 && !forPrograms ? list.empty : undefined);
  if (note !== undefined) io.stderr(`${note}\n`);
}

async function text<T>(
  { data, name }: Printable<T>,
  format: OutputFormat,
  columns: readonly Column<T>[],
  rows: readonly T[],
): Promise<string> {
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
      return kubectlTable(columns, rows);
    case 'text':
      return kubectlTable(
        columns.filter((column) => column.wide !== true),
        rows,
      );
  }
}
