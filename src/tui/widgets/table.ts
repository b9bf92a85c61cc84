import { pad, width as cells } from '../../support/text-width.ts';
import type { Look } from '../look.ts';
import type { Token } from '../theme.ts';

export interface Column<Row> {
  readonly title: string;
  /** Cells that it needs at least and takes at most. */
  readonly min: number;
  readonly max: number;
  /** Numbers align right. */
  readonly align?: 'right';
  /** Where there is too little room the column with the greatest number goes first; 0 stays always. */
  readonly drop: number;
  /** May be coloured. */
  readonly cell: (row: Row, width: number) => string;
}

export interface Table<Row> {
  readonly width: number;
  /** With the line of titles. */
  readonly height: number;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Index of the first row that is seen. */
  readonly top: number;
  readonly selected: number;
  readonly focused: boolean;
  /** The title that carries the mark of the order. */
  readonly sortedBy?: string;
  /** The whole row in this style. */
  readonly tone?: (row: Row) => Token | undefined;
}

/** A column and the cells that it got. */
interface Fitted<Row> {
  readonly column: Column<Row>;
  readonly width: number;
}

/** Drops what has no room, then hands out what is left from left to right up to each maximum. */
export function fitColumns<Row>(columns: readonly Column<Row>[], room: number): Fitted<Row>[] {
  const kept = [...columns];
  const needed = (): number => kept.reduce((sum, column) => sum + column.min, 0) + Math.max(0, kept.length - 1);
  while (kept.length > 1 && needed() > room) {
    const least = kept.reduce((worst, column) => (column.drop > worst.drop ? column : worst));
    if (least.drop === 0) break;
    kept.splice(kept.indexOf(least), 1);
  }
  let spare = room - needed();
  return kept.map((column) => {
    const more = Math.max(0, Math.min(spare, column.max - column.min));
    spare -= more;
    return { column, width: Math.max(1, Math.min(room, column.min + more)) };
  });
}

/** Lines of a table: titles, then the rows that are seen. Only those are ever formatted. */
export function tableLines<Row>(table: Table<Row>, look: Look): string[] {
  const { theme, glyphs } = look;
  const marker = 3;
  const fitted = fitColumns(table.columns, Math.max(1, table.width - marker - 1));
  const title = fitted.map(({ column, width }) => {
    const mark = column.title === table.sortedBy ? glyphs.down : '';
    return pad(column.title + mark, width, column.align === 'right' ? 'start' : 'end', glyphs.ellipsis);
  });
  const lines = [theme.paint('muted', `${' '.repeat(marker)}${title.join(' ')}`)];
  const seen = table.rows.slice(table.top, table.top + Math.max(0, table.height - 1));
  for (const [index, row] of seen.entries()) {
    const isSelected = table.top + index === table.selected;
    const content = fitted.map(({ column, width }) => pad(column.cell(row, width), width, column.align === 'right' ? 'start' : 'end', glyphs.ellipsis)).join(' ');
    const tone = table.tone?.(row);
    const toned = tone === undefined ? content : theme.paint(tone, content);
    if (isSelected) {
      const full = pad(toned, Math.max(cells(toned), table.width - marker));
      lines.push(` ${theme.paint(table.focused ? 'accent' : 'muted', glyphs.pointer)} ${table.focused ? theme.paint('selected', full) : toned}`);
    } else {
      lines.push(' '.repeat(marker) + toned);
    }
  }
  return lines;
}

/** The first row to show, so that `selected` is seen and no more than needed moves. */
export function scrollTo(top: number, selected: number, visible: number, count: number): number {
  const last = Math.max(0, count - visible);
  if (selected < 0) return Math.min(Math.max(0, top), last);
  if (selected < top) return Math.min(selected, last);
  if (selected >= top + visible) return Math.min(selected - visible + 1, last);
  return Math.min(Math.max(0, top), last);
}
