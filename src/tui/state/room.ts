import type { PanelName, TableName } from './layout.ts';
import type { Frame } from './ui.ts';

/** Rows of a panel between its borders; 0 if it is not on the screen. */
export function innerHeight({ layout }: Pick<Frame, 'layout'>, panel: PanelName): number {
  const area = layout.panels.find(({ name }) => name === panel)?.area;
  return area === undefined ? 0 : Math.max(0, area.height - 2);
}

/** Rows of objects in a table: its first line has the titles. */
export const visibleRows = (frame: Pick<Frame, 'layout'>, view: TableName): number => Math.max(1, innerHeight(frame, view) - 1);

/** The first row to show, so that `selected` is visible and as little as possible moves. */
export function scrollTo(top: number, selected: number, visible: number, count: number): number {
  const last = Math.max(0, count - visible);
  if (selected < 0) return Math.min(Math.max(0, top), last);
  if (selected < top) return Math.min(selected, last);
  if (selected >= top + visible) return Math.min(selected - visible + 1, last);
  return Math.min(Math.max(0, top), last);
}
/** Cells of a line of the text. */
export const textWidth = ({ layout }: Pick<Frame, 'layout'>): number =>
  (layout.panels.find(({ name }) => name === 'text')?.area.width ?? 2) - 2;
