import type { Arrangement } from './arrangement.ts';
import { channelOf, type Net, type NetPath } from './channels.ts';
import type { Layered } from './layers.ts';
import { type BoxShape, placed, type Places } from './places.ts';

/** Cells of a box or of a part of the screen. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The line of an edge, from box to box: each point is in the row or in the column of the one before it. */
export interface Wire {
  readonly from: string;
  readonly to: string;
  readonly points: readonly Point[];
}

/** Where the boxes and lines of a graph are. Nothing in it depends on what the boxes show. */
export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  readonly boxes: ReadonlyMap<string, Area>;
  readonly wires: readonly Wire[];
  /** Vertices from left to right and from top to bottom in each layer. */
  readonly layers: readonly (readonly string[])[];
}

export interface GraphShape extends BoxShape {
  readonly width: number;
  /** The least number of cells between two layers; an arrow needs two. */
  readonly gap: number;
}

/** Undefined: it has too many vertices or edges to be drawn. */
export function layoutGraph({ drawable }: Arrangement, shape: GraphShape): GraphLayout | undefined {
  if (drawable === undefined) return undefined;
  const { plain, sorted } = drawable;
  const places = placed(sorted, shape);
  const channels = sorted.layers.map((layer) => channelOf(netsOf(layer, sorted, places), places.rows));
  const starts: number[] = [];
  const turns: number[] = [];
  let x = 0;
  for (const [layer, { columns }] of channels.entries()) {
    starts.push(x);
    x += shape.width;
    const gap = layer === channels.length - 1 ? 0 : Math.max(shape.gap, columns + 2);
    // Lines turn in front of their targets, so that the room for what is written on them is on one side.
    turns.push(x + gap - columns - 1);
    x += gap;
  }
  const boxes = new Map(
    plain.ids.map((id, node): [string, Area] => {
      const layer = sorted.nodes[node]?.layer ?? 0;
      return [id, { x: starts[layer] ?? 0, y: places.top[node] ?? 0, width: shape.width, height: shape.height }];
    }),
  );
  const wires = plain.arcs.map((arc, number): Wire => {
    const points = pointsOf(sorted.ways[number] ?? [], { sorted, places, channels, starts, turns, width: shape.width });
    const [from, to] = [plain.ids[arc.from] ?? '', plain.ids[arc.to] ?? ''];
    return arc.back ? { from: to, to: from, points: points.toReversed() } : { from, to, points };
  });
  return {
    width: x,
    height: Math.max(places.rows, ...channels.map(({ rows }) => rows)),
    boxes,
    wires,
    layers: sorted.layers.map((layer) => layer.flatMap((node) => (sorted.nodes[node]?.line === true ? [] : (plain.ids[node] ?? [])))),
  };
}

/** Whether the boxes alone have room, whatever their order: cheap enough to be asked before anything is laid out. */
export function mayFit(
  { drawable }: Arrangement,
  { width, height, gap }: GraphShape,
  room: { readonly columns: number; readonly rows: number },
): boolean {
  if (drawable === undefined) return false;
  const { layers, nodes } = drawable.sorted;
  const boxes = Math.max(0, ...layers.map((layer) => layer.filter((node) => nodes[node]?.line === false).length));
  return layers.length * (width + gap) - gap <= room.columns && boxes * height + (height === 1 ? 0 : boxes - 1) <= room.rows;
}

function netsOf(layer: readonly number[], { links }: Layered, places: Places): readonly Net[] {
  const byNode = Map.groupBy(links, ({ from }) => from);
  return layer.flatMap((node) => {
    const own = byNode.get(node) ?? [];
    if (own.length === 0) return [];
    return [{ node, out: places.out[node] ?? 0, targets: own.map(({ to }) => ({ node: to, row: places.enter(node, to) })) }];
  });
}

/** All that tells where a line goes. */
interface Drawing {
  readonly sorted: Layered;
  readonly places: Places;
  readonly channels: readonly { readonly paths: ReadonlyMap<number, NetPath> }[];
  /** The first column of each layer, and of the vertical lines behind it. */
  readonly starts: readonly number[];
  readonly turns: readonly number[];
  readonly width: number;
}

function pointsOf(way: readonly number[], { sorted, places, channels, starts, turns, width }: Drawing): readonly Point[] {
  const points: Point[] = [];
  for (const [index, to] of way.slice(1).entries()) {
    const from = way[index] ?? to;
    const layer = sorted.nodes[from]?.layer ?? 0;
    const [out, enter] = [places.out[from] ?? 0, places.enter(from, to)];
    const turn = turns[layer] ?? 0;
    const path = channels[layer]?.paths.get(from);
    // The line of a node that passes through goes on from where it entered.
    if (points.length === 0) points.push({ x: (starts[layer] ?? 0) + width, y: out });
    if (path?.kind === 'single') points.push({ x: turn + path.column, y: out }, { x: turn + path.column, y: enter });
    if (path?.kind === 'double')
      points.push(
        { x: turn + path.first, y: out },
        { x: turn + path.first, y: path.row },
        { x: turn + path.last, y: path.row },
        { x: turn + path.last, y: enter },
      );
    points.push({ x: (starts[layer + 1] ?? 0) - 1, y: enter });
  }
  return points;
}
