import type { Area, GraphLayout, Point, Wire } from './layout.ts';

/** Directions in which a cell of a line goes on, as bits. */
const up = 1;
const right = 2;
const down = 4;
const left = 8;

/** Characters of lines by the directions in which they go on; arrows to the right and to the left. */
export interface WireGlyphs {
  readonly lines: readonly string[];
  readonly arrows: readonly [right: string, left: string];
}

/** By the sum of their directions: up 1, right 2, down 4, left 8. */
export const boxDrawing: WireGlyphs = { lines: [...' ╵╶└╷│┌├╴┘─┴┐┤┬┼'], arrows: ['▶', '◀'] };
export const asciiDrawing: WireGlyphs = { lines: [...' |-+||++-+-+++++'], arrows: ['>', '<'] };

/** Some cells of a row: a line, a text above a line, or a row of a box, whose content is not known here. */
export type Piece =
  | { readonly kind: 'wire' | 'label'; readonly x: number; readonly text: string }
  | { readonly kind: 'box'; readonly x: number; readonly id: string; readonly row: number };

/** A graph that can be shown piece by piece, as far as it is on the screen. */
export interface Drawing {
  readonly layout: GraphLayout;
  /** The directions of each cell, row by row. */
  readonly cells: Uint8Array;
  /** The arrows: where, and whether to the right. */
  readonly arrows: ReadonlyMap<number, boolean>;
  /** Boxes by row, from left to right. */
  readonly rows: readonly (readonly (readonly [id: string, area: Area])[])[];
}

export function drawing(layout: GraphLayout): Drawing {
  const cells = new Uint8Array(layout.width * layout.height);
  const arrows = new Map<number, boolean>();
  const add = (x: number, y: number, direction: number): void => {
    const index = y * layout.width + x;
    cells[index] = (cells[index] ?? 0) | direction;
  };
  for (const wire of layout.wires) {
    for (const { from, to, leaves, arrives } of stepsOf(wire)) {
      add(from.x, from.y, leaves);
      add(to.x, to.y, arrives);
    }
    const [start, end] = [wire.points[0], wire.points.at(-1)];
    if (start === undefined || end === undefined) continue;
    const rightward = end.x >= start.x;
    add(start.x, start.y, rightward ? left : right);
    arrows.set(end.y * layout.width + end.x, rightward);
  }
  const rows: (readonly [string, Area])[][] = Array.from({ length: layout.height }, () => []);
  for (const [id, area] of layout.boxes) for (let row = 0; row < area.height; row += 1) rows[area.y + row]?.push([id, area]);
  for (const row of rows) row.sort(([, a], [, b]) => a.x - b.x);
  return { layout, cells, arrows, rows };
}

/** From one cell to the next, and the directions in which the two go on. */
interface Step {
  readonly from: Point;
  readonly to: Point;
  readonly leaves: number;
  readonly arrives: number;
}

/** From cell to cell along a line. */
export function* stepsOf({ points }: Pick<Wire, 'points'>): Generator<Step> {
  for (const [index, end] of points.slice(1).entries()) {
    let from = points[index] ?? end;
    while (from.x !== end.x || from.y !== end.y) {
      const to = { x: from.x + Math.sign(end.x - from.x), y: from.y + Math.sign(end.y - from.y) };
      yield { from, to, ...directions(from, to) };
      from = to;
    }
  }
}

function directions(from: Point, to: Point): { readonly leaves: number; readonly arrives: number } {
  if (from.x === to.x) return to.y > from.y ? { leaves: down, arrives: up } : { leaves: up, arrives: down };
  return to.x > from.x ? { leaves: right, arrives: left } : { leaves: left, arrives: right };
}

/** A text on the edges that leave a vertex: what flows along them. */
export interface EdgeLabel {
  readonly from: string;
  readonly text: string;
}

/** The pieces of a row, from left to right. Labels stand above the lines that leave a box, if there is room. */
export function piecesOf(drawn: Drawing, y: number, glyphs: WireGlyphs, labels: readonly EdgeLabel[]): readonly Piece[] {
  const boxes = (drawn.rows[y] ?? []).map(([id, area]): Piece => ({ kind: 'box', x: area.x, id, row: y - area.y }));
  const texts = labels.flatMap(({ from, text }) => labelPiece(drawn, y, from, text) ?? []);
  return [...boxes, ...wirePieces(drawn, y, glyphs), ...texts].toSorted((a, b) => a.x - b.x);
}

function wirePieces({ layout: { width }, cells, arrows }: Drawing, y: number, glyphs: WireGlyphs): readonly Piece[] {
  const pieces: Piece[] = [];
  let run = '';
  for (let x = 0; x <= width; x += 1) {
    const index = y * width + x;
    const cell = x < width ? (cells[index] ?? 0) : 0;
    const arrow = arrows.get(index);
    if (cell > 0) run += arrow === undefined ? (glyphs.lines[cell] ?? '') : glyphs.arrows[arrow ? 0 : 1];
    else if (run !== '') {
      pieces.push({ kind: 'wire', x: x - run.length, text: run });
      run = '';
    }
  }
  return pieces;
}

/** Only above the line, and only if nothing else is there: a blank cell keeps it apart from what follows. */
function labelPiece({ layout, cells, rows }: Drawing, y: number, from: string, text: string): Piece | undefined {
  const start = layout.wires.find((each) => each.from === from)?.points[0];
  if (start === undefined || start.y - 1 !== y) return undefined;
  const until = start.x + text.length + 1;
  const isFree = cells.subarray(y * layout.width + start.x, y * layout.width + until).every((cell) => cell === 0);
  const isOverBox = rows[y]?.some(([, { x, width }]) => x < until && start.x < x + width) ?? false;
  return isFree && !isOverBox && until <= layout.width ? { kind: 'label', x: start.x, text } : undefined;
}

/** The vertex at a cell. */
export const vertexAt = ({ rows }: Drawing, x: number, y: number): string | undefined =>
  rows[y]?.find(([, area]) => x >= area.x && x < area.x + area.width)?.[0];
