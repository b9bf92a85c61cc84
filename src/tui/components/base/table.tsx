import { use } from 'react';
import { useFrame } from './frame.ts';
import type { TableName } from '../../state/layout.ts';
import { tableOf, type TableState } from '../../rows/table.ts';
import { tableLines } from '../../rows/table-lines.ts';
import { tableSources, type RowTypes } from '../../state/table-sources.ts';
import type { Token } from '../../look/theme.ts';
import { useFocused } from './panel.tsx';
import { InsideContext, Rows } from './rows.tsx';

export interface TableProps<View extends TableName> {
  readonly state: TableState<View>;
  /** The style of a whole row. */
  readonly toneOf?: (row: RowTypes[View]) => Token | undefined;
}

/** Titles, then the rows that have room. A row that changed a moment ago is highlighted. */
export function Table<View extends TableName>({ state, toneOf }: TableProps<View>) {
  const { width, height } = use(InsideContext);
  const focused = useFocused(state.view);
  const { idOf } = tableSources[state.view];
  const seen = state.rows.shown.slice(state.list.top, state.list.top + Math.max(0, height - 1));
  // One text, so that it is compared by content.
  const fresh = useFrame(({ isFresh }) => seen.map(idOf).filter(isFresh).join('\n')).split('\n');
  const tone = (row: RowTypes[View]): Token | undefined => toneOf?.(row) ?? (fresh.includes(idOf(row)) ? 'fresh' : undefined);
  return <Rows lines={tableLines({ ...tableOf(state, { width, height, focused }), tone }, state.look)} />;
}
