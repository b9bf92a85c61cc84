import { type Drawing, drawing } from './drawing.ts';
import type { Arrangement } from './arrangement.ts';
import { type GraphShape, layoutGraph, mayFit } from './layout.ts';
import { type TreeRow, treeOf } from './tree.ts';

/** How much of a vertex a box shows: its name with all lines below it, its name in a frame, or its name alone. */
export const details = ['lines', 'name', 'bare'] as const;
export type Detail = (typeof details)[number];

export type GraphView =
  | { readonly kind: 'graph'; readonly detail: Detail; readonly drawn: Drawing }
  | { readonly kind: 'tree'; readonly rows: readonly TreeRow[] }
  /** Neither fits: a table tells more. */
  | { readonly kind: 'table' };

export interface Room {
  readonly columns: number;
  readonly rows: number;
}

/** The rows of a vertex below its name, and the widest box that its content is worth. */
export interface BoxContent {
  readonly lines: number;
  readonly width: number;
}

/** The narrowest box in which something can be read, and the least distance to the next one; the widest distance has room for a rate. */
const least: Readonly<Record<Detail, { readonly width: number; readonly gap: number }>> = {
  lines: { width: 16, gap: 8 },
  name: { width: 12, gap: 4 },
  bare: { width: 10, gap: 3 },
};

const shapeOf = (detail: Detail, { lines }: BoxContent, width: number): GraphShape => {
  const height = detail === 'lines' ? lines + 3 : detail === 'name' ? 3 : 1;
  return { width, height, ports: Math.max(1, height - 2), gap: least[detail].gap };
};

/** The most that can be read in this room without moving: boxes shrink and lose their lines, then the graph becomes a tree. */
export function fitted(arrangement: Arrangement, room: Room, content: BoxContent): GraphView {
  for (const detail of details) {
    if (!mayFit(arrangement, shapeOf(detail, content, least[detail].width), room)) continue;
    const drawn = drawnIn(arrangement, room, content, detail);
    if (drawn !== undefined && drawn.layout.width <= room.columns && drawn.layout.height <= room.rows)
      return { kind: 'graph', detail, drawn };
  }
  const rows = arrangement.graph.vertices.length > room.rows ? [] : treeOf(arrangement.graph);
  return rows.length > 0 && rows.length <= room.rows ? { kind: 'tree', rows } : { kind: 'table' };
}

/** The graph with this much in each box, whether it fits or not; undefined if it is too large to be drawn. */
export function drawnIn(
  arrangement: Arrangement,
  { columns }: Pick<Room, 'columns'>,
  content: BoxContent,
  detail: Detail,
): Drawing | undefined {
  const { width } = least[detail];
  const narrow = layoutGraph(arrangement, shapeOf(detail, content, width));
  if (narrow === undefined) return undefined;
  // Only boxes grow with their width: what is left over is shared among the layers.
  const spare = Math.floor((columns - narrow.width) / Math.max(1, narrow.layers.length));
  const wide = Math.min(Math.max(width, content.width), width + spare);
  return drawing((wide > width ? layoutGraph(arrangement, shapeOf(detail, content, wide)) : undefined) ?? narrow);
}

/** The vertex that is next in a direction: along the lines to the right and left, among its neighbours up and down. */
export function neighbourOf({ layout }: Drawing, id: string, direction: 'left' | 'right' | 'up' | 'down'): string | undefined {
  const own = layout.boxes.get(id);
  if (own === undefined) return undefined;
  const distance = (other: string): number => Math.abs((layout.boxes.get(other)?.y ?? 0) - own.y);
  const joined = layout.wires.flatMap(({ from, to }) => (from === id ? [to] : to === id ? [from] : []));
  const xOf = (other: string): number => layout.boxes.get(other)?.x ?? 0;
  const layer = layout.layers.find((one) => one.includes(id)) ?? [];
  switch (direction) {
    case 'up':
      return layer[layer.indexOf(id) - 1];
    case 'down':
      return layer[layer.indexOf(id) + 1];
    case 'left':
      return nearest(
        joined.filter((other) => xOf(other) < own.x),
        distance,
      );
    case 'right':
      return nearest(
        joined.filter((other) => xOf(other) > own.x),
        distance,
      );
  }
}

const nearest = (ids: readonly string[], distance: (id: string) => number): string | undefined =>
  ids.toSorted((a, b) => distance(a) - distance(b))[0];

/** The offset that shows this box, moved no further than needed; the whole graph if it fits. */
export function panTo(
  { layout }: Drawing,
  id: string | undefined,
  room: Room,
  before: { readonly x: number; readonly y: number },
): { readonly x: number; readonly y: number } {
  const box = id === undefined ? undefined : layout.boxes.get(id);
  const along = (at: number, size: number, start: number, length: number, whole: number): number => {
    const shown = start < at ? start : start + length > at + size ? start + length - size : at;
    return Math.max(0, Math.min(shown, whole - size));
  };
  return {
    x: along(before.x, room.columns, box?.x ?? before.x, box?.width ?? 0, layout.width),
    y: along(before.y, room.rows, box?.y ?? before.y, box?.height ?? 0, layout.height),
  };
}
