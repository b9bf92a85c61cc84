import stringWidth from 'string-width';
import { sgrSource, splitAtSgr, styledBy, withoutSgr } from './sgr.ts';

/**
 * Measures and cuts text in terminal cells. SGR sequences (colours) have no width and survive a cut; other control sequences must already
 * be removed.
 */

const ESC = 0x1b;
const resetSequence = '\u001b[0m';
const spaceBehindStyles = new RegExp(`^((?:${sgrSource})*) `);

/**
 * Code units beyond ASCII that every terminal draws in one cell and that never join a neighbour. The screen is made of them: Latin-1,
 * punctuation, arrows, box drawing, blocks, geometric shapes except the two that are emoji, Braille.
 */
function isNarrow(code: number): boolean {
  if (code < 0x7f) return code >= 0x20;
  if (code <= 0xff) return code >= 0xa1 && code !== 0xad;
  if (code < 0x2010) return false;
  if (code <= 0x2027) return true;
  if (code >= 0x2190 && code <= 0x21ff) return true;
  if (code >= 0x2500 && code <= 0x25ff) return code !== 0x25fd && code !== 0x25fe;
  if (code >= 0x2800 && code <= 0x28ff) return true;
  return code === 0x2039 || code === 0x203a || code === 0x23ce || code === 0x27f3 || code === 0x2605 || code === 0x2713 || code === 0x2717;
}

/** Index after the SGR sequence that begins at `index`, or `index` if there is none. */
function afterSgr(text: string, index: number): number {
  if (text.charCodeAt(index + 1) !== 0x5b) return index;
  for (let end = index + 2; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === 0x6d) return end + 1;
    if (code < 0x30 || code > 0x3b) return index;
  }
  return index;
}

/** True if every character of `text`, apart from SGR sequences, takes exactly one cell by itself. */
export function isSimple(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === ESC) {
      const after = afterSgr(text, index);
      if (after === index) return false;
      index = after - 1;
    } else if (!isNarrow(code)) {
      return false;
    }
  }
  return true;
}

/** Widths that were costly to compute: a screen shows the same texts again and again. */
const measured = new Map<string, number>();
const mostMeasured = 2_000;

function measure(text: string): number {
  let cells = measured.get(text);
  if (cells === undefined) {
    cells = stringWidth(text);
    if (measured.size >= mostMeasured) measured.clear();
    measured.set(text, cells);
  }
  return cells;
}

/** The width of `text` in cells. */
export function width(text: string): number {
  let cells = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === ESC) {
      const after = afterSgr(text, index);
      if (after === index) return measure(text);
      index = after - 1;
    } else if (isNarrow(code)) {
      cells++;
    } else {
      return measure(text);
    }
  }
  return cells;
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The graphemes of a text: the characters that a reader sees. */
export function graphemes(text: string): string[] {
  if (isSimple(text) && !text.includes('\u001b')) return Array.from(text);
  return Array.from(segmenter.segment(text), (part) => part.segment);
}

/** A piece of a text: a grapheme with its cells, or a style that begins or ends. */
interface Piece {
  readonly text: string;
  readonly cells: number;
  readonly style: boolean;
}

function* pieces(text: string): Generator<Piece> {
  for (const [index, part] of splitAtSgr(text).entries()) {
    if (part === '') continue;
    if (index % 2 === 1) yield { text: part, cells: 0, style: true };
    else if (isSimple(part)) for (const sign of part) yield { text: sign, cells: 1, style: false };
    else for (const { segment } of segmenter.segment(part)) yield { text: segment, cells: stringWidth(segment), style: false };
  }
}

/**
 * The cells from `from` (inclusive) to `to` (exclusive). Half of a wide character becomes a space. Colours that are active at `from` are
 * set again, and reset at the end.
 */
export function slice(text: string, from: number, to: number): string {
  if (to <= from) return '';
  if (!text.includes('\u001b') && isSimple(text)) return text.slice(from, to);
  let result = '';
  let styles = '';
  let cell = 0;
  for (const piece of pieces(text)) {
    if (piece.style) {
      styles = styledBy(styles, piece.text);
      result += piece.text;
      continue;
    }
    const start = cell;
    cell += piece.cells;
    if (start >= to) break;
    if (cell <= from && !(piece.cells === 0 && start > from)) continue;
    result += start < from || cell > to ? ' '.repeat(Math.min(cell, to) - Math.max(start, from)) : piece.text;
  }
  return styles === '' ? result : result + resetSequence;
}

/**
 * A limit for the code units in that many cells: a cell is rarely more than a style and a joined emoji. Longer text is cut before it is
 * measured, so that a very long line costs only as much as its visible part.
 */
const longest = (cells: number): number => cells * 40 + 512;

/** A beginning of the text that is certain to fill that many cells. */
export function head(text: string, cells: number): string {
  return text.length <= longest(cells)
    ? text
    : text
        .slice(0, longest(cells))
        .toWellFormed()
        .replace(/\u001b[^m]*$/, '');
}

/** At most `cells` cells; a cut text ends with `mark`. */
export function truncate(text: string, cells: number, mark = '…'): string {
  if (cells <= 0) return '';
  const start = head(text, cells);
  if (start === text && width(text) <= cells) return text;
  const markCells = width(mark);
  return cells <= markCells ? slice(start, 0, cells) : slice(start, 0, cells - markCells) + mark;
}

/** In cells: a longer text is not measured to its end. */
const longestMeasured = 4_000;

/** At most `cells` cells from the end; a cut text begins with `mark`. For text without colours. */
export function truncateStart(text: string, cells: number, mark = '…'): string {
  const all = Number.isFinite(cells) ? width(text) : 0;
  if (all <= cells) return text;
  const kept = Math.max(0, cells - width(mark));
  return mark + slice(text, all - kept, all);
}

/** At most `cells` cells; a longer text loses its middle. Two fifths of the rest are from the beginning. For text without colours. */
export function truncateMiddle(text: string, cells: number, mark = '…'): string {
  if (!Number.isFinite(cells)) return text;
  const bounded = head(text, Math.max(cells, longestMeasured));
  const all = width(bounded);
  if (all <= cells) return bounded;
  const kept = cells - width(mark);
  if (kept < 3) return truncate(bounded, cells, mark);
  const before = Math.floor(kept * 0.4);
  return slice(bounded, 0, before) + mark + slice(bounded, all - (kept - before), all);
}

/** Exactly `cells` cells: cut with `mark`, or padded with spaces at the end (`start`: at the beginning, for numbers). */
export function pad(text: string, cells: number, side: 'end' | 'start' = 'end', mark = '…'): string {
  const used = width(text);
  if (used > cells) return pad(truncate(text, cells, mark), cells, side, '');
  const blanks = ' '.repeat(Math.max(0, cells - used));
  return side === 'end' ? text + blanks : blanks + text;
}

/** The text without its colours. */
export function plain(text: string): string {
  return text.includes('\u001b') ? withoutSgr(text) : text;
}

/** Lines of at most `cells` cells; breaks at the last space if it is in the second half of the line. */
export function wrap(text: string, cells: number): string[] {
  if (cells <= 0) return [];
  if (text.length <= cells && width(text) <= cells) return [text];
  return !text.includes('\u001b') && isSimple(text) ? wrapSimple(text, cells) : wrapPieces(text, cells);
}

/** Where each code unit is one cell: the same breaks without a piece for each. */
function wrapSimple(text: string, cells: number): string[] {
  const lines: string[] = [];
  let from = 0;
  while (text.length - from > cells) {
    const line = text.slice(from, from + cells);
    const blank = text[from + cells] === ' ' ? cells : line.lastIndexOf(' ');
    const breaks = blank * 2 >= cells;
    lines.push(breaks ? line.slice(0, blank) : line);
    from += breaks ? blank + 1 : cells;
  }
  if (from < text.length) lines.push(text.slice(from));
  return lines;
}

function wrapPieces(text: string, cells: number): string[] {
  const lines: string[] = [];
  let line: Piece[] = [];
  let used = 0;
  let styles = '';
  const end = (count: number, skipBlank: boolean): void => {
    const rest = line.slice(skipBlank ? count + 1 : count);
    const done = line.slice(0, count);
    const opened = styles;
    for (const { style, text: sequence } of line.slice(0, skipBlank ? count + 1 : count)) if (style) styles = styledBy(styles, sequence);
    lines.push(opened + done.map((piece) => piece.text).join('') + (styles === '' ? '' : resetSequence));
    line = rest;
    used = rest.reduce((sum, piece) => sum + piece.cells, 0);
  };
  for (const piece of pieces(text)) {
    if (used + piece.cells > cells && line.some((other) => !other.style)) {
      if (piece.text === ' ') {
        end(line.length, false);
        continue;
      }
      const blank = line.findLastIndex((other) => other.text === ' ');
      const before = line.slice(0, Math.max(0, blank)).reduce((sum, other) => sum + other.cells, 0);
      if (before * 2 >= cells) end(blank, true);
      else end(line.length, false);
    }
    line.push(piece.cells <= cells ? piece : { text: ' ', cells: 1, style: false });
    used += Math.min(piece.cells, cells);
  }
  if (line.length > 0 || lines.length === 0)
    lines.push(styles + line.map((piece) => piece.text).join('') + (styles === '' ? '' : resetSequence));
  return lines;
}

/** The cell at which the last part of a line begins, behind a gap: what an option does, the last cell of a row; undefined: it has one part. */
function lastPart(text: string): number | undefined {
  const [, before] = /^(.*\S {2,})\S/.exec(plain(text)) ?? [];
  return before === undefined ? undefined : width(before);
}

/**
 * The same, with continuation lines under the last part of the line, or indented by two more cells. A part that begins in the second half
 * has too little room there, and stands below.
 */
export function wrapIndented(text: string, cells: number): string[] {
  if (text.length <= cells && width(text) <= cells) return [text];
  const part = lastPart(text);
  const under = part !== undefined && part * 2 <= cells;
  const indent = under ? part : Math.min(Math.floor(cells / 3), (/^ */.exec(plain(text))?.[0].length ?? 0) + 2);
  const below = (from: number): string[] =>
    wrap(slice(text, from, Number.MAX_SAFE_INTEGER).replace(spaceBehindStyles, '$1'), cells - indent).map(
      (line) => ' '.repeat(indent) + line,
    );
  if (part !== undefined && !under) {
    const before = slice(text, 0, part).trimEnd();
    if (width(before) <= cells) return [before, ...below(part)];
  }
  const [first = '', ...rest] = wrap(text, cells);
  return rest.length === 0 ? [first] : [first, ...below(width(first))];
}
