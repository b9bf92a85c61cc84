import { Box } from 'ink';
import { useStore, type StoreApi } from 'zustand';
import type { Column } from '../../session/tables/column.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { pad, truncate } from '../../support/text-width.ts';
import type { Instant } from '../../support/clock.ts';
import { LookContext } from './base/look.ts';
import { type KeyTable } from '../state/keys.ts';
import { firstLabel } from '../state/key-labels.ts';
import type { Size } from '../state/layout.ts';
import { words, type Look } from '../look/look.ts';
import { emptyLines } from '../rows/empty.ts';
import { tableLines, type PaintCells } from '../rows/table-lines.ts';
import { scrollTo } from '../state/room.ts';
import { Bordered } from './base/bordered.tsx';
import { Line } from './base/line.tsx';
import { Rows } from './base/rows.tsx';

/** The rows: not known yet, complete, or failed with a reason. */
export type PickerRows<Row> =
  | { readonly kind: 'asking'; readonly note?: string }
  | { readonly kind: 'known'; readonly rows: readonly Row[] }
  | { readonly kind: 'failed'; readonly reason: string };

/** The state to draw. */
export interface PickerState<Row extends object> {
  readonly rows: PickerRows<Row>;
  /** The rows that pass the filter. */
  readonly shown: readonly Row[];
  readonly selected: number;
  /** Part of a name. */
  readonly filter: string;
  readonly now: Instant;
  readonly size: Size;
}

export interface PickerTexts<Row extends object> {
  /** `Flink clusters in namespace default of prod-eu`. */
  readonly title: string;
  readonly columns: readonly Column<Row>[];
  readonly paint?: (look: Look) => PaintCells<Row>;
  /** What Enter does. */
  readonly verb: string;
  /** Shown if there are no rows. */
  readonly empty: string;
  /** What is missing from the known rows; undefined: nothing. */
  readonly missing?: () => string | undefined;
  /** Where ← leads; absent: nowhere. */
  readonly back?: string;
  /** More facts about a row, requested when it is looked at; `onNews` is called when some arrive. */
  readonly more?: { of(row: Row): Partial<Row> | undefined; onNews(listener: () => void): void };
}

export interface PickerProps<Row extends object> {
  readonly choice: StoreApi<PickerState<Row>>;
  readonly texts: PickerTexts<Row>;
  readonly keys: KeyTable;
  readonly look: Look;
}

function emptySentence<Row extends object>({ rows, filter }: PickerState<Row>, { empty, missing }: PickerTexts<Row>): string {
  if (rows.kind === 'asking') return rows.note ?? 'Asking the API server';
  if (rows.kind === 'failed') return rows.reason;
  return filter === '' || rows.rows.length === 0 ? (missing?.() ?? empty) : `No name contains ${filter}`;
}

/** The rows to choose from; only visible ones request more facts. */
function choiceLines<Row extends object>(state: PickerState<Row>, texts: PickerTexts<Row>, height: number, look: Look): readonly string[] {
  const { columns, paint, more } = texts;
  const { shown, selected, now, size } = state;
  if (shown.length === 0) return ['', ...emptyLines(emptySentence(state, texts), size.columns - 2, look)];
  const visible = Math.max(1, height - 3);
  const top = scrollTo(0, selected, visible, shown.length);
  const rows = shown.map((row, index) => (more === undefined || index < top || index >= top + visible ? row : { ...row, ...more.of(row) }));
  return tableLines(
    {
      width: size.columns - 2,
      height: height - 2,
      columns,
      rows,
      form: { now, whole: false },
      paint: paint?.(look) ?? {},
      sort: undefined,
      selected,
      focused: true,
      top,
    },
    look,
  );
}

/** The keys, or the filter. */
function lastRow<Row extends object>(state: PickerState<Row>, { verb, back }: PickerTexts<Row>, keys: KeyTable, look: Look): string {
  const {
    filter,
    size: { columns },
  } = state;
  const label = (id: 'picker.choose' | 'picker.back' | 'picker.leave'): string => words(look, firstLabel(keys, id));
  const hints = [
    `${label('picker.choose')} ${verb}`,
    ...(back === undefined ? [] : [`${label('picker.back')} ${back}`]),
    `${label('picker.leave')} leave`,
    'type to narrow',
  ].join('   ');
  const shown = filter === '' ? hints : `${look.glyphs.prompt} ${filter}`;
  return pad(` ${truncate(shown, columns - 2, look.glyphs.ellipsis)}`, columns, 'end', '');
}

/** How many rows there are, and what is missing. */
function known<Row extends object>(count: number, { shown, filter }: PickerState<Row>, { missing }: PickerTexts<Row>): string {
  const lacks = missing?.();
  return `${filter === '' ? count : `${shown.length} of ${count}`}${lacks === undefined ? '' : ` · ${lacks}`}`;
}

/** Choosing one of several rows, on the whole terminal. */
export function Picker<Row extends object>({ choice, texts, keys, look }: PickerProps<Row>) {
  const state = useStore(choice);
  const {
    rows,
    size: { columns, rows: all },
  } = state;
  const height = Math.max(2, all - 1);
  const facts = rows.kind === 'known' ? known(rows.rows.length, state, texts) : '';
  return (
    <LookContext value={look}>
      <Box width={columns} height={all}>
        <Bordered area={{ x: 0, y: 0, width: columns, height }} title={oneLine(texts.title)} facts={facts} focused>
          <Rows lines={choiceLines(state, texts, height, look)} />
        </Bordered>
        <Line area={{ x: 0, y: height, width: columns, height: 1 }} text={lastRow(state, texts, keys, look)} />
      </Box>
    </LookContext>
  );
}
