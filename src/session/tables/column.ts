import type { Instant } from '../../support/clock.ts';

/** How to write a cell. */
export interface CellForm {
  readonly now: Instant;
  /** Names and ids in full, for programs and other tools; otherwise without the part that all rows share. */
  readonly whole: boolean;
}

/** A column of a table: the same on the screen, in the line mode and in one-shot commands. */
export interface Column<Row> {
  /** As displayed. In lower case it names the column for `sort`. */
  readonly title: string;
  readonly text: (row: Row, form: CellForm) => string;
  /** The value to sort by; default: the text. Rows without a value come last in both directions. */
  readonly value?: (row: Row, form: CellForm) => string | number | undefined;
  /** Sorted from the largest down by default: users look for the largest. */
  readonly descending?: true;
  /**
   * How the screen cuts a cell that is too long; default: at its end. `middle`: the ends of two names tell them apart. `path`: so they do
   * in paths, which lose their beginning, whereas a sentence in the same column loses its end.
   */
  readonly cut?: 'middle' | 'path';
  /** Numbers align right. */
  readonly align?: 'right' | undefined;
  /** The smallest and the largest number of cells on the screen. */
  readonly min: number;
  readonly max: number;
  /** If the screen has too little room, the column with the largest number goes first; 0 always stays. */
  readonly drop: number;
  /** In one-shot commands only with `-o wide`. */
  readonly wide?: true;
  /** Shown only if it has a value in some row. */
  readonly optional?: (row: Row) => boolean;
  /** Changes by itself as time goes by: filters ignore it. */
  readonly ticks?: true;
}

/** The columns that have a value in some of these rows. */
export function columnsFor<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): readonly Column<Row>[] {
  return columns.filter(({ optional }) => optional === undefined || rows.some(optional));
}

/** The name of a column for `sort`: `what-happened`. */
export const columnName = ({ title }: { readonly title: string }): string => title.toLowerCase().replaceAll(' ', '-');

/** A figure that may be unknown. */
export const orDash = (value: number | undefined, format: (value: number) => string): string => (value === undefined ? '-' : format(value));

/** A key that sorts numbers in names by value: `taskmanager-1-10` comes after `taskmanager-1-9`. */
export const naturalOrder = (name: string): string => name.replaceAll(/\d+/g, (digits) => digits.padStart(10, '0'));
