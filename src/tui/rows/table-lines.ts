import { columnName, columnsFor, type CellForm, type Column } from '../../session/tables/column.ts';
import type { SortOrder } from '../../session/tables/order.ts';
import { tableCell } from '../../support/foreign-text.ts';
import { pad, plain, truncateMiddle, truncateStart, width as cells } from '../../support/text-width.ts';
import type { Look } from '../look/look.ts';
import type { Token } from '../look/theme.ts';

/** A cell as drawn, in at most `room` cells. May be coloured. */
export type PaintCell<Row> = (row: Row, text: string, room: number) => string;

/** Cells that are more than plain text, by the title of their column. */
export type PaintCells<Row> = Readonly<Record<string, PaintCell<Row>>>;

export interface Table<Row> {
  readonly width: number;
  /** Including the line of titles. */
  readonly height: number;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly form: CellForm;
  readonly paint: PaintCells<Row>;
  /** Index of the first visible row. */
  readonly top: number;
  readonly selected: number;
  readonly focused: boolean;
  /** Rows that the user has marked; absent: none. */
  readonly isMarked?: (row: Row) => boolean;
  /** The column that is marked with the order; undefined: the default order. */
  readonly sort: SortOrder | undefined;
  /** A cell with the match of a search marked; absent: no search. */
  readonly mark?: (cell: string) => string;
  /** The style of a whole row. */
  readonly tone?: (row: Row) => Token | undefined;
}

/** A column, and the cells that its visible content needs. */
interface Wish<Row> {
  readonly column: Column<Row>;
  /** Its place in the table. */
  readonly index: number;
  readonly need: number;
}
interface Fitted<Row> {
  readonly column: Column<Row>;
  readonly index: number;
  readonly width: number;
}

/**
 * Drops columns without room. Spare room goes first to the columns that need least, so that as many as possible are complete; a complete
 * column stays as it is, and does not jump when its cells become shorter.
 */
export function fitColumns<Row>(wishes: readonly Wish<Row>[], room: number): Fitted<Row>[] {
  const kept = [...wishes];
  const needed = (): number => kept.reduce((sum, { column }) => sum + column.min, 0) + Math.max(0, kept.length - 1);
  while (kept.length > 1 && needed() > room) {
    const least = kept.reduce((worst, wish) => (wish.column.drop > worst.column.drop ? wish : worst));
    if (least.column.drop === 0) break;
    kept.splice(kept.indexOf(least), 1);
  }
  let spare = room - needed();
  const more = new Map<number, number>();
  const lack = ({ column, need }: Wish<Row>): number => Math.min(need, column.max) - column.min;
  for (const wish of kept.toSorted((a, b) => lack(a) - lack(b))) {
    const given = Math.max(0, Math.min(spare, lack(wish)));
    more.set(wish.index, given);
    spare -= given;
  }
  return kept.map(({ column, index }) => ({ column, index, width: Math.max(1, Math.min(room, column.min + (more.get(index) ?? 0))) }));
}

/** Cells before the first column, for the star of a marked row and the pointer of the selected one. */
const marker = 3;

/** The visible rows, each with its cells. */
interface Seen<Row> {
  readonly row: Row;
  readonly cells: readonly string[];
}

interface Arranged<Row> {
  readonly fitted: readonly Fitted<Row>[];
  readonly seen: readonly Seen<Row>[];
}

/** Formats only the visible rows, and gives each column its room. */
function arrange<Row>(table: Table<Row>, look: Look): Arranged<Row> {
  const columns = columnsFor(table.columns, table.rows);
  const seen = table.rows.slice(table.top, table.top + Math.max(0, table.height - 1)).map((row): Seen<Row> => ({
    row,
    cells: columns.map((column) => paintCell(table, { column, room: Number.POSITIVE_INFINITY }, row, look)),
  }));
  const wishes = columns.map((column, index) => ({
    column,
    index,
    need: seen.reduce((most, each) => Math.max(most, cells(each.cells[index] ?? '')), cells(titleOf(column, table.sort, look))),
  }));
  return { fitted: fitColumns(wishes, Math.max(1, table.width - marker - 1)), seen };
}

function paintCell<Row>(
  { paint, form }: Table<Row>,
  { column, room }: { readonly column: Column<Row>; readonly room: number },
  row: Row,
  { glyphs: { ellipsis } }: Look,
): string {
  const text = cutCell(tableCell(column.text(row, form)), column.cut, room, ellipsis);
  return paint[column.title]?.(row, text, room) ?? text;
}

/** Without the part of a long text that does not tell it from the others; the end is cut by `pad`. */
function cutCell(text: string, cut: Column<never>['cut'], room: number, ellipsis: string): string {
  if (cut === 'middle') return truncateMiddle(text, room, ellipsis);
  return cut === 'path' && text.includes('/') && !text.includes(' ') ? truncateStart(text, room, ellipsis) : text;
}

/** `↓`: from the largest down, or from Z to A. After the title of a column. */
const sortMark = ({ descending }: SortOrder, { glyphs }: Look): string => (descending ? glyphs.descending : glyphs.ascending);

/** The same in a sentence, where ASCII has words for it. */
export const sortDirection = ({ descending }: SortOrder, { glyphs }: Look): string => (descending ? glyphs.down : glyphs.up);

const titleOf = <Row>(column: Column<Row>, sort: SortOrder | undefined, look: Look): string =>
  sort !== undefined && columnName(column) === sort.column ? column.title + sortMark(sort, look) : column.title;

/** The name of the column at a cell of the table. */
export function columnAt<Row>(table: Table<Row>, x: number, look: Look): string | undefined {
  let start = marker;
  for (const { column, width } of arrange(table, look).fitted) {
    if (x >= start && x < start + width) return columnName(column);
    start += width + 1;
  }
  return undefined;
}

/** Lines of a table: titles, then the visible rows. */
export function tableLines<Row>(table: Table<Row>, look: Look): string[] {
  const { theme, glyphs } = look;
  const { fitted, seen } = arrange(table, look);
  const align = <R>({ column, width }: Fitted<R>, text: string): string =>
    pad(text, width, column.align === 'right' ? 'start' : 'end', glyphs.ellipsis);
  const lines = [
    theme.paint('muted', `${' '.repeat(marker)}${fitted.map((place) => align(place, titleOf(place.column, table.sort, look))).join(' ')}`),
  ];
  for (const [number, { row, cells: painted }] of seen.entries()) {
    const content = fitted
      .map((place) => {
        const cell = painted[place.index] ?? '';
        const shown = align(
          place,
          cells(cell) <= place.width ? cell : paintCell(table, { column: place.column, room: place.width }, row, look),
        );
        return table.mark === undefined ? shown : table.mark(shown);
      })
      .join(' ');
    const tone = table.tone?.(row);
    const toned = tone === undefined ? content : theme.paint(tone, content);
    const star = table.isMarked?.(row) === true ? theme.paint('accent', glyphs.star) : ' ';
    if (table.top + number !== table.selected) lines.push(star + ' '.repeat(marker - 1) + toned);
    else if (!table.focused) lines.push(`${star}${theme.paint('muted', glyphs.pointer)} ${toned}`);
    else
      lines.push(
        selectedRow(pad(`${star}${theme.paint('accent', `${glyphs.pointer} `)}${toned}`, Math.max(cells(toned), table.width)), look),
      );
  }
  return lines;
}

/** Highlights the whole row. Inverted, a full block would be a hole, so the row has no colours and its bars are made of smaller squares. */
function selectedRow(row: string, { theme, glyphs }: Look): string {
  if (!theme.invertsSelection) return theme.paint('selected', row);
  return theme.paint(
    'selected',
    plain(row).replaceAll(glyphs.barFull, glyphs.barFullInverted).replaceAll(glyphs.barEmpty, glyphs.barEmptyInverted),
  );
}
