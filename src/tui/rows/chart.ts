import { pad, width as widthOf } from '../../support/text-width.ts';

/** How to draw a chart: its size in cells with the scale, and the words of its numbers. */
export interface ChartForm {
  readonly width: number;
  readonly height: number;
  readonly ascii: boolean;
  readonly format: (value: number) => string;
  /** Values that the scale covers as well, so that several charts can be compared. */
  readonly among?: readonly (number | undefined)[];
}

interface Range {
  readonly low: number;
  readonly high: number;
}

/** A step of 1, 2 or 5 times a power of ten: what a scale may end at. */
function niceStep(span: number): number {
  const power = 10 ** Math.floor(Math.log10(span));
  const digit = span / power;
  return (digit <= 1 ? 0.1 : digit <= 2 ? 0.2 : digit <= 5 ? 0.5 : 1) * power;
}

/** From 0 if all values are far above it or below it by nothing, with round ends; a flat line is in the middle. */
export function chartRange(values: readonly number[]): Range {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (values.length === 0) return { low: 0, high: 1 };
  if (low >= 0 && low < high / 2) low = 0;
  if (low === high) {
    const around = low === 0 ? 1 : Math.abs(low) * 0.5;
    return low === 0 ? { low: 0, high: 1 } : { low: low - around, high: high + around };
  }
  const step = niceStep(high - low);
  return { low: Math.floor(low / step) * step, high: Math.ceil(high / step) * step };
}

/** The dots of a braille character by column and row, from the top. Source: Unicode, Braille Patterns. */
const brailleDots: readonly (readonly number[])[] = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
];

/** Dots that are lit, in a grid with its first row at the top. */
interface Dots {
  readonly columns: number;
  readonly rows: number;
  readonly lit: Uint8Array;
}

const darkDots = (columns: number, rows: number): Dots => ({ columns, rows, lit: new Uint8Array(columns * rows) });

const isLit = ({ columns, lit }: Dots, column: number, row: number): boolean => lit[row * columns + column] === 1;

/** Lights one column between two rows, in either order. */
function light({ columns, lit }: Dots, column: number, from: number, to: number): void {
  for (let row = Math.min(from, to); row <= Math.max(from, to); row += 1) lit[row * columns + column] = 1;
}

/** A line through the points, the newest at the right. A point that is not known is a gap. */
function lineThrough(points: readonly (number | undefined)[], { low, high }: Range, dots: Dots): void {
  const shown = points.slice(-dots.columns);
  const first = dots.columns - shown.length;
  const rowOf = (value: number): number => Math.round((1 - (value - low) / (high - low)) * (dots.rows - 1));
  shown.forEach((value, index) => {
    if (value === undefined) return;
    const before = shown[index - 1];
    const row = rowOf(value);
    // The line reaches up to the point before it, but does not lie on it.
    const from = before === undefined ? row : rowOf(before);
    light(dots, first + index, from === row ? row : from + Math.sign(row - from), row);
  });
}

function brailleLine(dots: Dots, line: number, cells: number): string {
  let text = '';
  for (let cell = 0; cell < cells; cell += 1) {
    let code = 0x2800;
    brailleDots.forEach((column, x) =>
      column.forEach((dot, y) => {
        if (isLit(dots, cell * 2 + x, line * 4 + y)) code += dot;
      }),
    );
    text += code === 0x2800 ? ' ' : String.fromCharCode(code);
  }
  return text;
}

function asciiLine(dots: Dots, line: number, cells: number): string {
  let text = '';
  for (let cell = 0; cell < cells; cell += 1) text += isLit(dots, cell, line) ? '*' : ' ';
  return text;
}

/** Cells that a scale leaves at least, with its edge. */
const leastPlot = 8;

/**
 * A chart with its scale at the left: the highest value, the middle if there is room, and the lowest. With braille characters two points take
 * one cell, and four heights one line.
 */
export function chartLines(
  points: readonly (number | undefined)[],
  { width, height, ascii, format, among = [] }: ChartForm,
): readonly string[] {
  const known = [...points, ...among].filter((value) => value !== undefined);
  const range = chartRange(known);
  const labels = new Map([
    [0, format(range.high)],
    [height - 1, format(range.low)],
  ]);
  if (height >= 5 && height % 2 === 1) labels.set((height - 1) / 2, format((range.low + range.high) / 2));
  const scale = Math.max(...[...labels.values()].map(widthOf));
  // Without room for both, the line is worth more than its scale.
  const hasScale = width >= scale + leastPlot;
  const cells = hasScale ? width - scale - 2 : width;
  const dots = ascii ? darkDots(cells, height) : darkDots(cells * 2, height * 4);
  lineThrough(points, range, dots);
  return Array.from({ length: height }, (_, line) => {
    const label = labels.get(line);
    const edge = ascii ? '|' : label === undefined ? '│' : '┤';
    const plot = ascii ? asciiLine(dots, line, cells) : brailleLine(dots, line, cells);
    return hasScale ? `${pad(label ?? '', scale, 'start')} ${edge}${plot}`.trimEnd() : plot.trimEnd();
  });
}
