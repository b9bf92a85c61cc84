import { graphemes, isSimple, slice, width } from '../../support/text-width.ts';
import { FrameCache, nextFrame } from './frame-cache.ts';
import { stylesAfter } from './styles.ts';
import { splitAtSgr } from '../../support/sgr.ts';

/**
 * Replaces Ink's `Output` (ink/build/output.js), which composes each frame. A row is a list of pieces of text, and a piece written over
 * another one cuts it; Ink's own has an object for each cell. A terminal shows the same, cell by cell (test/tui/ink-output.test.ts
 * compares).
 */

export interface Clip {
  /** The first visible column and row, and the first invisible ones after them; undefined: no edge. */
  readonly x1: number | undefined;
  readonly x2: number | undefined;
  readonly y1: number | undefined;
  readonly y2: number | undefined;
}

type Transformer = (line: string, index: number) => string;

/** A text in the cells from `x` to `end` (exclusive) of a row. */
interface Piece {
  readonly x: number;
  readonly end: number;
  readonly text: string;
}

const tighter = (choose: (a: number, b: number) => number, a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : choose(a, b);

const intersect = (outer: Clip | undefined, inner: Clip): Clip => ({
  x1: tighter(Math.max, outer?.x1, inner.x1),
  x2: tighter(Math.min, outer?.x2, inner.x2),
  y1: tighter(Math.max, outer?.y1, inner.y1),
  y2: tighter(Math.min, outer?.y2, inner.y2),
});

const cut = ({ x, text }: Piece, from: number, to: number): Piece => ({ x: from, end: to, text: slice(text, from - x, to - x) });

/** Without trailing spaces, unless a style makes them visible. */
function withoutBlanks(text: string): string {
  const shorter = text.trimEnd();
  return shorter.length < text.length && stylesAfter(shorter) === '' ? shorter : text;
}

const shown = new FrameCache<string>();

/** Without characters that a terminal must not show, and that some terminals give a cell if they stand alone, like a soft hyphen. */
function withoutInvisible(text: string): string {
  if (isSimple(text)) return text;
  const visible = (part: string): string =>
    graphemes(part)
      .filter((grapheme) => !/^\p{Default_Ignorable_Code_Point}+$/u.test(grapheme))
      .join('');
  return (
    shown.get(text) ??
    shown.set(
      text,
      splitAtSgr(text)
        .map((part, index) => (index % 2 === 0 ? visible(part) : part))
        .join(''),
    )
  );
}

/** The lines of texts with several, such as the sides of a box: they are the same in each frame. */
const split = new FrameCache<readonly string[]>();

/** The visible lines of a text; a style that is active at the end of a line is active in the next one as well. */
function linesOf(text: string): readonly string[] {
  if (!text.includes('\n')) return [withoutInvisible(text)];
  return split.get(text) ?? split.set(text, splitLines(text));
}

function splitLines(text: string): readonly string[] {
  let styles = '';
  return text.split('\n').map((line) => {
    const styled = styles + line;
    styles = stylesAfter(styled);
    // Line by line: the sides of a box are simple, and the break between them is not.
    return withoutInvisible(styled);
  });
}

/** Adds `piece` to a row sorted by columns, and cuts what is below it. */
function lay(row: readonly Piece[], piece: Piece): Piece[] {
  const before: Piece[] = [];
  const after: Piece[] = [];
  for (const other of row) {
    if (other.x < piece.x) before.push(other.end <= piece.x ? other : cut(other, other.x, piece.x));
    if (other.end > piece.end) after.push(other.x >= piece.end ? other : cut(other, piece.end, other.end));
  }
  return [...before, piece, ...after];
}

/** A row as one text: gaps are spaces, and no style reaches beyond its piece. */
function joined(row: readonly Piece[]): string {
  let line = '';
  let column = 0;
  for (const [index, { x, end, text }] of row.entries()) {
    line += ' '.repeat(x - column);
    if (text.includes('\u001b')) line += `${index === row.length - 1 ? withoutBlanks(text) : text}\u001b[0m`;
    else line += text;
    column = end;
  }
  return line.trimEnd();
}

export class Output {
  readonly width: number;
  readonly height: number;
  readonly #rows: Piece[][];
  readonly #clips: Clip[] = [];

  constructor({ width: columns, height }: { readonly width: number; readonly height: number }) {
    this.width = columns;
    this.height = height;
    this.#rows = Array.from({ length: height }, () => []);
  }

  clip(clip: Clip): void {
    this.#clips.push(intersect(this.#clips.at(-1), clip));
  }

  unclip(): void {
    this.#clips.pop();
  }

  write(x: number, y: number, text: string, { transformers }: { readonly transformers: readonly Transformer[] }): void {
    if (text === '') return;
    const { x1, x2, y1 = 0, y2 = this.height } = this.#clips.at(-1) ?? {};
    for (const [index, line] of linesOf(text).entries()) {
      if (y + index < y1 || y + index >= y2) continue;
      // Ink clips columns only if both edges are given, and before it transforms.
      const seen =
        x1 === undefined || x2 === undefined ? { x, text: line } : this.#clipped({ x, end: x + width(line), text: line }, x1, x2);
      if (seen !== undefined)
        this.#put(
          seen.x,
          y + index,
          transformers.reduce((done, transform) => transform(done, index), seen.text),
        );
    }
  }

  get(): { readonly output: string; readonly height: number } {
    nextFrame();
    return { output: this.#rows.map(joined).join('\n'), height: this.height };
  }

  #clipped(piece: Piece, from: number, to: number): Piece | undefined {
    const left = Math.max(piece.x, from);
    const right = Math.min(piece.end, to);
    if (right <= left) return undefined;
    return left === piece.x && right === piece.end ? piece : cut(piece, left, right);
  }

  #put(x: number, y: number, text: string): void {
    const row = this.#rows[y];
    if (row === undefined || text === '') return;
    const piece = this.#clipped({ x, end: x + width(text), text }, 0, this.width);
    if (piece === undefined) return;
    // Nearly everything is written from left to right.
    const last = row.at(-1);
    if (last === undefined || last.end <= piece.x) row.push(piece);
    else this.#rows[y] = lay(row, piece);
  }
}
