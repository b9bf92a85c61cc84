import { width } from '../support/text-width.ts';
import type { OutputFormat } from './connection-options.ts';

export interface Column<T> {
  readonly title: string;
  readonly value: (row: T) => string;
  readonly align?: 'right';
  /** Shown with `-o wide` only. */
  readonly wide?: boolean;
}

/** A table as kubectl prints one: upper-case titles, three blanks between columns, no blanks at the end of a line. */
export function table<T>(columns: readonly Column<T>[], rows: readonly T[]): string {
  const cells = [columns.map((column) => column.title), ...rows.map((row) => columns.map((column) => column.value(row)))];
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => width(row[column] ?? ''))));
  return cells
    .map((row) => row.map((cell, column) => {
      const blanks = ' '.repeat((widths[column] ?? 0) - width(cell));
      return columns[column]?.align === 'right' ? blanks + cell : cell + blanks;
    }).join('   ').trimEnd())
    .map((line) => `${line}\n`)
    .join('');
}

/** `items` in the format that was asked for. `data`: the documented form of a row for programs. */
export async function render<T>(format: OutputFormat, columns: readonly Column<T>[], rows: readonly T[], data: (row: T) => unknown): Promise<string> {
  switch (format) {
    case 'json': return `${JSON.stringify(rows.map(data), undefined, 2)}\n`;
    case 'yaml': return (await import('yaml')).stringify(rows.map(data));
    case 'wide': return table(columns, rows);
    case 'text': return table(columns.filter((column) => column.wide !== true), rows);
  }
}
