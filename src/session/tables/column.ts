import type { Instant } from '../../support/clock.ts';

/** How a cell is written. */
export interface CellForm {
  readonly now: Instant;
  /** Names and ids in full, for programs and other tools; else without what all rows have in common. */
  readonly whole: boolean;
}

/** A column of a table: the same for the screen, the line mode and the one-shot commands. */
export interface Column<Row> {
  /** As it is shown. In lower case it names the column for `sort`. */
  readonly title: string;
  readonly text: (row: Row, form: CellForm) => string;
  /** What rows are sorted by; absent: the text. Rows without a value come last in both directions. */
  readonly value?: (row: Row, form: CellForm) => string | number | undefined;
  /** Sorted from the greatest to the least first: what is looked for is where there is most of it. */
  readonly descending?: true;
  /** Numbers align right. */
  readonly align?: 'right';
  /** Cells of the screen that it needs at least and takes at most. */
  readonly min: number;
  readonly max: number;
  /** If the screen has too little room, the column with the greatest number goes first; 0 always stays. */
  readonly drop: number;
  /** In one-shot commands only with `-o wide`. */
  readonly wide?: true;
  /** Only if a row has something to say in it. */
  readonly optional?: (row: Row) => boolean;
  /** It changes by itself as time goes by: no filter looks at it. */
  readonly ticks?: true;
}

/** The columns that have something to say about these rows. */
export function columnsFor<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): readonly Column<Row>[] {
  return columns.filter(({ optional }) => optional === undefined || rows.some(optional));
}

/** The name of a column for `sort`: `what-happened`. */
export const columnName = ({ title }: { readonly title: string }): string => title.toLowerCase().replaceAll(' ', '-');

/** A name whose numbers sort as numbers: `taskmanager-1-10` comes after `taskmanager-1-9`. */
export const naturalOrder = (name: string): string => name.replaceAll(/\d+/g, (digits) => digits.padStart(10, '0'));
