import { pad } from '../../support/text-width.ts';
import type { Size } from '../layout.ts';
import { keyLabel, keysOf, placeOf, placesOf, type Place } from '../keys.ts';
import { words } from '../look.ts';
import type { Frame } from '../ui.ts';

const placeTitles: Readonly<Record<Place, string>> = {
  dialog: 'Question', decline: 'Question', agree: 'Question', prompt: 'Filter', command: 'Command line', edit: 'Editing', pods: 'Pods', jobs: 'Jobs', operations: 'Operations', story: 'Timeline', log: 'Log', text: 'Text', list: 'Tables', panel: 'Every panel', everywhere: 'Everywhere',
};

export interface KeyRow {
  /** The name of a place; then the rest is empty. */
  readonly title: string | undefined;
  readonly keys: string;
  readonly summary: string;
}

/** The keys of the place that has the focus, made from the key table. */
export function keyRows({ keys, ui, look }: Frame): readonly KeyRow[] {
  const places: readonly Place[] = ui.focus === 'command' ? ['command', 'edit', 'everywhere'] : placesOf(ui.focus);
  const reached = keysOf(keys, places);
  const rows: KeyRow[] = [];
  for (const place of places) {
    if (rows.length > 0) rows.push({ title: undefined, keys: '', summary: '' });
    rows.push({ title: placeTitles[place], keys: '', summary: '' });
    for (const { id, own } of reached) {
      if (placeOf(id) === place && own.length > 0) rows.push({ title: undefined, keys: words(look, own.map(keyLabel).join(' ')), summary: keys[id].summary });
    }
  }
  return rows;
}

/** Columns in which the keys stand over the panels. */
export function keyColumns(count: number, { columns, rows }: Size): number {
  const room = rows - 4;
  return count <= room || columns < 110 ? 1 : Math.min(Math.floor(columns / 55), Math.ceil(count / room));
}

/** The same as a text to scroll, where the screen cannot hold them all; else undefined. */
export function keyText(frame: Frame): readonly string[] | undefined {
  const rows = keyRows(frame);
  if (Math.ceil(rows.length / keyColumns(rows.length, frame.size)) <= frame.size.rows - 4) return undefined;
  return rows.map(({ title, keys, summary }) => title ?? (keys === '' ? '' : `  ${pad(keys, Math.max(16, ...rows.map((row) => row.keys.length)))}  ${summary}`));
}
